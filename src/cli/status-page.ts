import { formatDuration, formatTime } from "../core/time.ts";
import type { OrderRecord } from "../engine/order.ts";
import type { LaneStatus, TraderStatus } from "../live/status.ts";
import { money, percent, profit, UNDEFINED } from "../report/format.ts";
import { type ReportStyle, reportWidth } from "../report/input.ts";
import { cut, heading, leader, padEnd, widthOf, wrap } from "../report/layout.ts";
import { type Paint, paint, signed } from "../report/paint.ts";
import { intervalText } from "../report/sections.ts";
import type { BookPosition, BookStatus } from "./status-books.ts";

/** Prices older than this are pointed at, ms. */
const OLD_MS = 5_000;
/** From this share of a limit on it is pointed at. */
const NEAR = 0.75;
/** A liquidation nearer than this fraction is pointed at. */
const CLOSE = 0.1;

/** How a running bot stands, as a page at most 80 columns wide. */
export function statusPage(status: TraderStatus, style: ReportStyle): string {
  const colors = paint(style.color);
  const width = reportWidth(style);
  const { environment, account, pid, state, startedAt, now } = status;
  const word = state === "trading" ? colors.good(state) : state === "halted" ? colors.bad(state) : colors.warn(state);
  const head = `${colors.title(`◆ ${environment}/${account}`)}  ${word}`;
  const since = `pid ${pid}, since ${formatTime(startedAt)} UTC (${formatDuration(Math.max(0, now - startedAt))})`;
  return [
    `${head}  ${colors.dim(cut(since, Math.max(0, width - widthOf(head) - 2)))}`,
    ...latchLines(status.latches, width, colors),
    "",
    ...accountLines(status, width, colors),
    ...status.lanes.flatMap((lane) => ["", ...laneLines(lane, width, colors)]),
    "",
    linkLine(status, colors),
  ].join("\n");
}

/** How a bot that does not run stood, and when: a page that nobody takes for the present. */
export function booksPage(
  books: BookStatus,
  journal: string,
  style: ReportStyle & { readonly wallNow: number },
): string {
  const colors = paint(style.color);
  const width = reportWidth(style);
  const { identity, lastAt, events, latches } = books;
  const who = `${identity.environment}/${identity.account}`;
  if (lastAt === null) return `${colors.title(`◆ ${who}`)}  ${colors.warn("not running")}\n\nThe journal is empty.`;
  // A local exchange keeps a time of its own: how long ago that was says nothing.
  const isOwnTime = identity.environment === "local" || identity.environment === "replay";
  const ago = isOwnTime ? "" : ` (${formatDuration(Math.max(0, style.wallNow - lastAt))} ago)`;
  const told = `As of the last of ${events} events in ${journal}. Prices, profit and what happened on the exchange since are not known here.`;
  const row = (label: string, value: string) => leader(colors, label, value, width);
  return [
    `${colors.title(`◆ ${who}`)}  ${colors.warn(`not running since ${formatTime(lastAt)} UTC`)}${colors.dim(ago)}`,
    ...wrap(told, width - 2).map((line) => `  ${colors.dim(line)}`),
    ...latchLines(Object.keys(latches), width, colors),
    "",
    heading(colors, "Account, as of then", width),
    row("Balance by the books", money(books.balance)),
    row("Highest equity", money(books.peakEquity)),
    "",
    heading(colors, "Positions, as of then", width),
    ...(books.positions.length === 0 ? ["none"] : books.positions.map((position) => bookLine(position, colors))),
    ...(books.orders.length === 0 ? [] : ["", heading(colors, "Orders whose outcome the books do not know", width)]),
    ...books.orders.map((order) => orderLine(order, width)),
  ].join("\n");
}

function latchLines(latches: readonly string[], width: number, colors: Paint): string[] {
  if (latches.length === 0) return [];
  const release = latches.every((latch) => latch === "paused") ? "--resume" : "--rearm";
  return wrap(`No entries: ${latches.join(", ")}. grimoire stop ${release} allows them again.`, width - 2).map(
    (line, i) => `${i === 0 ? colors.bad("▲") : " "} ${colors.bad(line)}`,
  );
}

function accountLines(status: TraderStatus, width: number, colors: Paint): string[] {
  const { balance, equity, dayStartEquity, peakEquity, dailyLoss, maxDailyLoss, drawdown, maxDrawdown } = status;
  const row = (label: string, value: string) => leader(colors, label, value, width);
  const unrealized = equity - balance;
  return [
    heading(colors, "Account", width),
    row(
      "Equity",
      `${money(equity)} (balance ${money(balance)}, unrealised ${signed(colors, unrealized, profit(unrealized))})`,
    ),
    row(`Lost today, from ${money(dayStartEquity)}`, limitText(dailyLoss, maxDailyLoss, colors)),
    row(`Below the highest, ${money(peakEquity)}`, limitText(drawdown, maxDrawdown, colors)),
    row("Positions over equity", percent(status.marginUsed)),
  ];
}

function limitText(value: number, limit: number, colors: Paint): string {
  const text = `${percent(value)} of ${Number.isFinite(limit) ? percent(limit) : "any"} allowed`;
  return value > limit ? colors.bad(text) : value >= NEAR * limit ? colors.warn(text) : text;
}

function laneLines(lane: LaneStatus, width: number, colors: Paint): string[] {
  const { name, strategy, symbol, interval, stopped, size, orders } = lane;
  const title = cut(
    `${symbol} ${intervalText(interval)} · ${name === strategy ? name : `${name} (${strategy})`}`,
    width - 4,
  );
  const row = (label: string, value: string) => leader(colors, label, value, width);
  const { lastPrice, markPrice, priceAgeMs, lastBar, bars } = lane;
  const age = priceAgeMs === null ? "no price yet" : `${formatDuration(priceAgeMs)} old`;
  const isOld = priceAgeMs === null || priceAgeMs > OLD_MS;
  const prices = `${priceText(lastPrice)}, mark ${priceText(markPrice)}, ${isOld ? colors.warn(age) : age}`;
  return [
    heading(colors, title, width),
    ...(stopped === null ? [] : wrap(`Stopped: ${stopped}`, width - 2).map((line) => colors.bad(line))),
    row("Position", size === 0 ? "flat" : positionText(lane)),
    ...(size === 0 ? [] : positionRows(lane, row, colors)),
    row("Price", prices),
    row("Last bar", lastBar === null ? UNDEFINED : `opened ${formatTime(lastBar)} UTC, ${bars} taken in`),
    ...orders.map((order) => orderLine(order, width)),
  ];
}

function positionText({ size, entryPrice }: LaneStatus): string {
  return `${size > 0 ? "long" : "short"} ${Math.abs(size)} at ${priceText(entryPrice)}`;
}

function positionRows(lane: LaneStatus, row: (label: string, value: string) => string, colors: Paint): string[] {
  const { unrealized, stop, markPrice, liquidationPrice, liquidationDistance } = lane;
  const gap = stop !== null && markPrice !== null ? `, ${percent(Math.abs(Number(stop) / markPrice - 1))} away` : "";
  const far =
    liquidationDistance === null
      ? "not told"
      : `${percent(liquidationDistance)} away, at ${priceText(liquidationPrice)}`;
  return [
    row("Unrealised", signed(colors, unrealized, profit(unrealized))),
    row("Stop", stop === null ? colors.warn("none") : `${stop}${gap}`),
    row("Liquidation", liquidationDistance !== null && liquidationDistance < CLOSE ? colors.bad(far) : far),
  ];
}

function orderLine({ purpose, side, qty, cumExecQty, state, linkId }: OrderRecord, width: number): string {
  return cut(`${padEnd(purpose, 8)} ${padEnd(side, 4)} ${qty}, ${cumExecQty} filled, ${state}  ${linkId}`, width);
}

function bookLine({ symbol, size, entryPrice, stop, net }: BookPosition, colors: Paint): string {
  const side = size > 0 ? "long" : "short";
  const guard = stop === null ? colors.warn("no stop") : `stop ${stop}`;
  return `${padEnd(symbol, 10)} ${side} ${Math.abs(size)} at ${priceText(entryPrice)}, ${guard}, paid so far ${profit(net)}`;
}

function linkLine(status: TraderStatus, colors: Paint): string {
  const { isLinkUp, isReconciled, isJournalWritable, clockOffsetMs } = status;
  const mark = (isGood: boolean, good: string, bad: string) => (isGood ? colors.good(good) : colors.bad(bad));
  return [
    mark(isLinkUp, "stream up", "STREAM DOWN"),
    mark(isReconciled, "account looked at", "ACCOUNT NOT LOOKED AT YET"),
    mark(isJournalWritable, "journal writable", "JOURNAL NOT WRITABLE"),
    `clock ${clockOffsetMs >= 0 ? "+" : ""}${Math.round(clockOffsetMs)} ms`,
  ].join(colors.dim(" · "));
}

/** A price as it is: no more digits than it has. */
function priceText(price: number | null): string {
  return price === null ? UNDEFINED : String(Number(price.toPrecision(10)));
}
