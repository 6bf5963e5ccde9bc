import { INTERVALS, type Interval, YEAR_MS } from "../core/time.ts";
import { exitGroups, topTradesShare } from "../metrics/breakdown.ts";
import { monthlyReturns } from "../metrics/calendar.ts";
import { type MetricName, metricOf } from "../metrics/catalogue.ts";
import { costsOf } from "../metrics/costs.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { type Grade, LEAST_SAMPLE, type Verdict } from "../metrics/verdict.ts";
import type { ExitReason, Trade } from "../model/trade.ts";
import { change, count, day, metricText, parameter, percent, profit, ratio, UNDEFINED } from "./format.ts";
import type { DataSpan, ParamValues, ReportInput } from "./input.ts";
import { beside, box, cut, heading, type Ink, leader, padStart, tiles, widthOf, wrap } from "./layout.ts";
import { type Paint, signed } from "./paint.ts";
import { horizontalBar, sparkline } from "./sparkline.ts";

/** `1h`, `15m`, `1d` for the exchange's interval names; anything else as it is. */
export function intervalText(interval: string): string {
  if (!INTERVALS.includes(interval as Interval)) return interval;
  if (interval === "D" || interval === "W") return `1${interval.toLowerCase()}`;
  const minutes = Number(interval);
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

/** `BTCUSDT 1h · 2022-01-01 → 2024-01-01 · 17,520 bars`. */
export function spanText(data: DataSpan): string {
  return `${data.symbol} ${intervalText(data.interval)} · ${day(data.from)} → ${day(data.to)} · ${count(data.bars)} bars`;
}

/** Name, market and parameters. */
export function titleLines(input: ReportInput, width: number, colors: Paint): string[] {
  const name = cut(input.strategy, 24);
  const span = cut(spanText(input.data), width - widthOf(name) - 4);
  return [`${colors.title(`◆ ${name}`)}  ${span}`, ...paramLines(input.params, width, colors)];
}

/** `rsiPeriod 14 · oversold 30`, wrapped. */
export function paramLines(params: ParamValues, width: number, colors: Paint): string[] {
  const text = Object.entries(params).map(([name, value]) => `${name}\u00a0${parameter(value)}`);
  return wrapItems(text, width - 2).map((line) => `  ${colors.dim(line)}`);
}

/** A warning that no reader can miss, where the fills are ones nobody gets. */
export function watermark(input: ReportInput, width: number, colors: Paint): string[] {
  if (input.settings.fill !== "close") return [];
  const text =
    "OPTIMISTIC: filled at the very close that gave the signal. Trust the default, --fill next-open, instead.";
  return wrap(text, width - 4).map((line, i) => `${i === 0 ? colors.warn("▲") : " "} ${colors.warn(line)}`);
}

/** The four numbers people look for first. */
export function headline(metrics: Metrics, bars: number, width: number, colors: Paint): string[] {
  const small = metrics.trades < LEAST_SAMPLE || bars < LEAST_SAMPLE;
  const longest = metricText("ms", metrics.maxDrawdownDurationMs).split(" ")[0]!;
  const sharpe = small
    ? tile(colors, "Sharpe", { text: "not shown", paint: colors.dim }, `needs ${LEAST_SAMPLE} trades`)
    : tile(colors, "Sharpe", big(colors, ratio(metrics.sharpe), metrics.sharpe), `Sortino ${ratio(metrics.sortino)}`);
  const drawdown = big(colors, percent(-metrics.maxDrawdown), -metrics.maxDrawdown);
  return tiles(
    colors,
    [
      tile(
        colors,
        "Total return",
        big(colors, change(metrics.totalReturn), metrics.totalReturn),
        `${change(metrics.cagr, 1)} a year`,
      ),
      sharpe,
      tile(colors, "Max drawdown", drawdown, `${longest} under water`),
      tile(
        colors,
        "Trades",
        big(colors, count(metrics.trades), null),
        metrics.winRate === null ? "none closed" : `${percent(metrics.winRate, 1)} won`,
      ),
    ],
    width,
  );
}

/** A tile's three lines: what it is, the number, a remark. */
export function tile(colors: Paint, title: string, number: Ink, remark: string): Ink[] {
  return [{ text: title, paint: colors.dim }, number, { text: remark, paint: colors.dim }];
}

/** A number in bold, as good or bad news by the sign of `value`; `null` is neither. */
export function big(colors: Paint, text: string, value: number | null): Ink {
  return { text, paint: (shown) => colors.bold(signed(colors, value, shown)) };
}

const RISK: readonly MetricName[] = [
  "finalEquity",
  "cagr",
  "sharpe",
  "sharpeDaily",
  "sortino",
  "calmar",
  "volatility",
  "maxDrawdown",
  "maxDrawdownDurationMs",
  "exposure",
];
const TRADES: readonly MetricName[] = [
  "netProfit",
  "profitFactor",
  "expectancy",
  "winRate",
  "averageWin",
  "averageLoss",
  "largestWin",
  "largestLoss",
  "averageHoldMs",
  "sqn",
];

/** Every metric that the headline leaves out, in two columns. */
export function metricTable(input: ReportInput, width: number, colors: Paint): string[] {
  const { metrics, trades } = input;
  const column = Math.floor((width - 4) / 2);
  const row = (name: MetricName) => {
    const { title, unit } = metricOf(name);
    return leader(colors, title, metricText(unit, metrics[name]), column);
  };
  const streaks = `${count(metrics.maxConsecutiveWins)} / ${count(metrics.maxConsecutiveLosses)}`;
  const left = [heading(colors, "Return and risk", column), ...RISK.map(row)];
  left.push(leader(colors, "Ambiguous bars", count(metrics.ambiguousBars), column));
  const right = [heading(colors, "Trades", column), ...TRADES.map(row)];
  right.push(leader(colors, "Wins / losses in a row", streaks, column));
  right.push(leader(colors, "Top 5 trades' share", percent(topTradesShare(trades), 0), column));
  left.push(
    leader(colors, "Winners / losers", `${count(metrics.winningTrades)} / ${count(metrics.losingTrades)}`, column),
  );
  return beside(left, right, { leftWidth: column, gap: 4 });
}

const EXIT_TEXT: Record<ExitReason, string> = {
  signal: "signal",
  stopLoss: "stop loss",
  takeProfit: "take profit",
  trailingStop: "trailing stop",
  liquidation: "liquidation",
  reverse: "reversed",
  open: "still open",
};

/** Why trades ended, beside what trading cost. */
export function exitsAndCosts(input: ReportInput, width: number, colors: Paint): string[] {
  const column = Math.floor((width - 4) / 2);
  const groups = exitGroups(input.trades);
  const most = Math.max(1, ...groups.map((group) => group.trades));
  const left = [heading(colors, "Exits", column)];
  for (const group of groups) {
    const text = `${EXIT_TEXT[group.reason].padEnd(13)} ${padStart(count(group.trades), 4)} `;
    const money = profit(group.netPnl);
    const room = Math.min(6, column - widthOf(text) - widthOf(money) - 1);
    const bar = room > 0 ? horizontalBar((room * group.trades) / most) : "";
    const end = padStart(signed(colors, group.netPnl, money), column - widthOf(text) - bar.length);
    left.push(text + colors.accent(bar) + end);
  }
  if (groups.length === 0) left.push(colors.dim("no trades"));
  left.push(...sides(input.trades, column, colors), ...spread(input.trades, column, colors));
  const costs = costsOf(input.trades, input.settings.slippageBps / 1e4);
  const bps = (rate: number | null) => (rate === null ? UNDEFINED : `${ratio(rate * 1e4)} bps`);
  const rows: [string, string][] = [
    ["Fees", metricText("money", costs.fees)],
    ["Slippage, estimated", metricText("money", costs.slippage)],
    [costs.funding > 0 ? "Funding received" : "Funding paid", metricText("money", Math.abs(costs.funding))],
    ["Share of gross profit", percent(costs.share, 1)],
    ["Net profit at 2× costs", signed(colors, costs.netPnlAtDoubleCosts, profit(costs.netPnlAtDoubleCosts))],
    ["Paid per fill", bps(costs.rate)],
    ["Break-even per fill", bps(costs.breakEvenRate)],
  ];
  const right = [
    heading(colors, "Costs", column),
    ...rows.map(([label, value]) => leader(colors, label, value, column)),
  ];
  return beside(left, right, { leftWidth: column, gap: 4 });
}

/** Long and short trades apart, where there are both. */
function sides(trades: readonly Trade[], width: number, colors: Paint): string[] {
  const groups = (["buy", "sell"] as const).map((side) => trades.filter((trade) => trade.side === side));
  if (groups.some((group) => group.length === 0)) return [];
  return groups.map((group, i) => {
    const net = group.reduce((sum, trade) => sum + trade.realizedPnl, 0);
    const won = group.filter((trade) => trade.realizedPnl > 0).length / group.length;
    const text = `${(i === 0 ? "long" : "short").padEnd(13)} ${padStart(count(group.length), 4)}`;
    const money = profit(net);
    const share = ` ${percent(won, 0)} won`;
    const middle = widthOf(text + share + money) < width ? colors.dim(share) : "";
    return text + middle + padStart(signed(colors, net, money), width - widthOf(text + middle));
  });
}

/** How the trades' returns are spread, from the worst to the best, as a row of bars. */
function spread(trades: readonly Trade[], width: number, colors: Paint): string[] {
  if (trades.length < 5) return [];
  const returns = trades.map((trade) => trade.realizedPnl / (trade.entryPrice * trade.quantity));
  const low = returns.reduce((least, value) => Math.min(least, value), Infinity); // too many to spread as arguments
  const high = returns.reduce((most, value) => Math.max(most, value), -Infinity);
  if (!(high > low)) return [];
  const [first, last] = [percent(low, 1), change(high, 1)];
  const bars = width - first.length - last.length - 2;
  const heights = new Array<number>(bars).fill(0);
  for (const value of returns) heights[Math.min(bars - 1, Math.floor((bars * (value - low)) / (high - low)))]!++;
  const zero = (bars * -low) / (high - low);
  const drawn = sparkline(heights).map((glyph, i) => (i < zero ? colors.bad(glyph) : colors.good(glyph)));
  return ["", colors.dim("returns of the trades"), `${colors.dim(first)} ${drawn.join("")} ${colors.dim(last)}`];
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Backgrounds of a month by how much it lost or made, from dark to strong, of the terminal's 256 colours. */
const LOSSES = [52, 88, 124] as const;
const GAINS = [22, 28, 34] as const;
const SHOWN_YEARS = 8;
const MONTH_WIDTH = 5;

/** Returns month by month, one line a year; empty for a span within one month, and where twelve months do not fit. */
export function calendar(input: ReportInput, width: number, colors: Paint): string[] {
  const { time, equity } = input;
  const years = monthlyReturns({ startEquity: input.settings.cash, time, equity });
  const months = years.flatMap((year) => year.months.filter((value) => value !== null));
  const totalWidth = width - 5 - 12 * MONTH_WIDTH;
  if (months.length < 2 || totalWidth < 11) return [];
  const largest = Math.max(1e-9, ...months.map(Math.abs));
  const cell = (value: number | null): string => {
    if (value === null) return " ".repeat(MONTH_WIDTH);
    const text = padStart(tenths(value), MONTH_WIDTH);
    if (value === 0) return text;
    const strength = Math.min(2, Math.floor((3 * Math.abs(value)) / largest));
    return colors.onTint((value < 0 ? LOSSES : GAINS)[strength]!, text);
  };
  const head = MONTHS.map((name) => padStart(name, MONTH_WIDTH)).join("");
  const rows = years.slice(-SHOWN_YEARS).map(({ year, months: values, total }) => {
    const sum = padStart(signed(colors, total, change(total, 1)), totalWidth);
    return `${colors.dim(String(year))} ${values.map(cell).join("")}${sum}`;
  });
  return [
    heading(colors, "Returns by month, percent", width),
    colors.dim(`     ${head}${padStart("year", totalWidth)}`),
    ...rows,
  ];
}

/** Percent in at most four characters, so that neighbours keep apart. */
function tenths(fraction: number): string {
  const value = 100 * fraction;
  if (value >= 999.5) return ">999";
  const text = Math.abs(value) >= 9.95 ? value.toFixed(0) : value.toFixed(1);
  return text === "-0.0" ? "0.0" : text;
}

/** What a careful reader wants to know of the data and of orders that were not sent. */
export function notes(input: ReportInput, width: number, colors: Paint): string[] {
  const { data, metrics, refusals } = input;
  const items: string[] = [];
  if (data.missingBars) items.push(`${count(data.missingBars)} bars missing`);
  if (data.zeroVolumeBars) items.push(`${count(data.zeroVolumeBars)} bars without volume`);
  if (metrics.ambiguousBars > 0)
    items.push(`${count(metrics.ambiguousBars)} bars held stop and target: the stop was taken`);
  for (const [reason, times] of Object.entries(refusals ?? {}))
    items.push(`${count(times)} orders not sent: ${reason}`);
  const open = input.trades.some((trade) => trade.exitReason === "open");
  if (open) items.push("the last trade is still open, valued at the last close");
  const spanMs = metrics.cagr === null ? 0 : data.to - data.from;
  if (spanMs > 0 && spanMs < YEAR_MS / 4) items.push("under three months: yearly numbers are extrapolated");
  return wrapItems(items, width - 2).map((line, i) => `${i === 0 ? colors.warn("!") : " "} ${colors.dim(line)}`);
}

const GRADE_COLOR: Record<Grade, keyof Pick<Paint, "good" | "bad" | "warn">> = {
  "too little data": "warn",
  losing: "bad",
  "likely luck": "bad",
  weak: "warn",
  promising: "good",
};

/** What the result is worth, in a frame. */
export function verdictBox(verdict: Verdict, width: number, colors: Paint): string[] {
  const edge = colors[GRADE_COLOR[verdict.grade]];
  const [, why = ""] = /^[^:]*: (.*)$/.exec(verdict.line) ?? [];
  const inner = width - 4;
  const lines = wrap(why, inner).map((line) => colors.bold(line));
  for (const reason of verdict.reasons) {
    wrap(reason, inner - 2).forEach((line, i) => {
      lines.push(`${colors.dim(i === 0 ? "·" : " ")} ${line}`);
    });
  }
  return box(lines, { title: colors.bold(edge(verdict.grade.toUpperCase())), width, edge });
}

/** Items joined by middle dots into lines of at most `width`; no item is broken unless it must be. */
export function wrapItems(items: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    const longer = last === undefined ? item : `${last} · ${item}`;
    if (last !== undefined && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(cut(item, width));
  }
  return lines.map((line) => line.replaceAll("\u00a0", " "));
}
