import type { LaneStatus, TraderStatus } from "../../../live/status.ts";
import { count, money, percent, profit } from "../../../report/format.ts";
import { paint, signed } from "../../../report/paint.ts";
import type { Io } from "../../io.ts";
import type { Tally } from "./narrator.ts";

export interface Ending {
  readonly status: TraderStatus;
  readonly tally: Tally;
  /** Why it ended. */
  readonly why: string;
  readonly journal: string;
  /** The exchange is gone with the process: nothing is open anywhere. */
  readonly isExchangeGone: boolean;
}

/** What a bot leaves behind, as one document. */
export function endingJson({ status, tally, why, journal, isExchangeGone }: Ending): Record<string, unknown> {
  const open = status.lanes.filter(isOpen).map(({ name, symbol, size, entryPrice, stop, unrealized, orders }) => {
    return { name, symbol, size, entryPrice, stop, unrealized, orders: orders.length };
  });
  const { environment, account, equity, balance, drawdown, latches } = status;
  const about = { environment, account, balance, equity, drawdown, latches };
  return { kind: "report", why, ...about, ...tally, open, journal, isExchangeGone };
}

/** The same for people. */
export function endingPage(ending: Ending, io: Pick<Io, "color">): string {
  const { status, tally, why, journal, isExchangeGone } = ending;
  const colors = paint(io.color);
  const won = tally.trades === 0 ? "" : ` (${tally.wins} won)`;
  const net = signed(colors, tally.net, profit(tally.net));
  const open = status.lanes.filter(isOpen);
  const where = isExchangeGone ? "on the exchange that ended with this process" : `on ${status.environment}`;
  return [
    "",
    colors.bold(`Ended: ${why}`),
    `trades     ${count(tally.trades)}${won}, net ${net}; ${count(tally.refusals)} entries refused`,
    `equity     ${money(status.equity)}, balance ${money(status.balance)}, drawdown ${percent(status.drawdown)}`,
    ...(status.latches.length > 0 ? [colors.warn(`latches    ${status.latches.join(", ")}`)] : []),
    open.length === 0 ? "open       nothing" : `open       ${where}:`,
    ...open.map((lane) => `           ${openText(lane)}`),
    `journal    ${journal}`,
    "",
    "Next:",
    `  grimoire pnl ${journal}`,
    `  grimoire status ${journal}`,
  ].join("\n");
}

function isOpen({ size, orders }: LaneStatus): boolean {
  return size !== 0 || orders.length > 0;
}

function openText({ symbol, size, entryPrice, stop, orders }: LaneStatus): string {
  if (size === 0) return `${symbol}: ${orders.length} orders`;
  const side = size > 0 ? "long" : "short";
  const guard = stop === null ? "without a stop" : `stop ${stop}`;
  const more = orders.length === 0 ? "" : `, ${orders.length} orders under way`;
  return `${symbol}: ${side} ${Math.abs(size)} at ${entryPrice === null ? "?" : money(entryPrice)}, ${guard}${more}`;
}
