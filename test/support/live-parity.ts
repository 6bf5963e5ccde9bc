import { backtest } from "../../src/backtest/backtest.ts";
import { replay } from "../../src/backtest/replay/replay.ts";
import { intervalMs } from "../../src/core/time.ts";
import type { JournalEvent } from "../../src/engine/events.ts";
import { isProtection } from "../../src/engine/facts.ts";
import type { Trade } from "../../src/model/trade.ts";
import { LiveBot, type LiveMarket } from "./live-bot.ts";

/** How far a bot over sockets, a replay and a fast backtest agree. */
export interface SocketParity {
  /** What was decided and done, in the words of the first line that differs; `null` when none does. */
  readonly difference: string | null;
  /**
   * Why it differs, if that is known. `jumpedStop`: prices jumped over a stop or target between two bars. Over sockets the bot hears
   * of the fill first and decides on the bar without a position; a replay decides first, as the fast backtest does.
   */
  readonly named: "jumpedStop" | null;
  /** Decisions and deeds that were compared, by kind. */
  readonly counts: Readonly<Record<string, number>>;
  /** Trades from flat to flat that the executions of the journal make, and those of the fast backtest, a line each. */
  readonly trades: readonly string[];
  readonly fast: readonly string[];
  readonly journal: readonly JournalEvent[];
  readonly notes: readonly string[];
}

/** Lets a bot trade the market over sockets, and compares its journal with that of a replay, line by line. */
export async function socketParityOf(market: LiveMarket): Promise<SocketParity> {
  const bot = await LiveBot.open({ markets: [market] });
  try {
    await bot.run();
    const slow = replay(market);
    const stepMs = intervalMs(market.bars.interval);
    const ours = deedsOf(bot.journal, stepMs);
    const counts: Record<string, number> = {};
    for (const line of ours) {
      const kind = line.slice(0, line.indexOf(" "));
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    const theirs = deedsOf(slow.journal, stepMs);
    const difference = differenceOf(ours, theirs);
    const named = isJumpedStop(bot.journal, barOfDifference(ours, theirs)) ? "jumpedStop" : null;
    const trades = tradesOf(bot.journal, stepMs);
    const fast = backtest(market).trades.filter(({ exitReason }) => exitReason !== "open");
    return { difference, named, counts, trades, fast: fast.map(lineOf), journal: bot.journal, notes: bot.notes };
  } finally {
    await bot.close();
  }
}

/** The first line that differs, with its neighbours; `null` when all are the same. */
export function differenceOf(ours: readonly string[], theirs: readonly string[]): string | null {
  for (let k = 0; k < Math.max(ours.length, theirs.length); k++) {
    if (ours[k] === theirs[k]) continue;
    const near = (lines: readonly string[]) => lines.slice(Math.max(0, k - 3), k + 3).join("\n  ");
    return `line ${k} of ${ours.length} and ${theirs.length}: sockets\n  ${near(ours)}\nreplay\n  ${near(theirs)}`;
  }
  return null;
}

/** Opening of the bar in which two lists of deeds part, epoch ms; `NaN` when they do not. */
function barOfDifference(ours: readonly string[], theirs: readonly string[]): number {
  const k = ours.findIndex((line, i) => line !== theirs[i]);
  const at = (line: string | undefined) => Number(line?.split(" ")[1] ?? Infinity);
  return k < 0 ? at(theirs[ours.length]) : Math.min(at(ours[k]), at(theirs[k]));
}

/** Whether a stop or target filled at the very open of a bar. */
function isJumpedStop(journal: readonly JournalEvent[], bar: number): boolean {
  return journal.some((event) => event.type === "execution" && isProtection(event.fact) && event.fact.time === bar);
}

/**
 * What a journal says was decided and done, a line each.
 *
 * Left out is what differs by transport: `started`, which a replay has no need of; news of orders and answers to requests, which
 * streams repeat and overtake; how often the account was looked at; the ids of orders and executions; the words of refusals. And times are those of
 * the bar, as a replay has no time within it.
 */
export function deedsOf(journal: readonly JournalEvent[], stepMs: number): string[] {
  const lines: string[] = [];
  const barOf = (time: number) => Math.floor(time / stepMs) * stepMs;
  for (const event of journal) {
    const at = barOf(event.at);
    switch (event.type) {
      case "intent": {
        const { purpose, side, qty, stopLoss, takeProfit, barTime } = event.order;
        lines.push(`intent ${at} ${purpose} ${side} ${qty} stop ${stopLoss} target ${takeProfit} bar ${barTime}`);
        break;
      }
      case "execution": {
        const { side, price, qty, fee, type, stopOrderType, time } = event.fact;
        const filled = `${side} ${Number(qty)} at ${Number(price)} fee ${Number(fee)}`;
        lines.push(`execution ${barOf(time)} ${type} ${filled} ${stopOrderType}`);
        break;
      }
      case "stop":
        lines.push(`stop ${at} ${event.price} ${event.why}`);
        break;
      case "refusal":
        lines.push(`refusal ${at} ${event.barTime} ${JSON.stringify(event.why)}`);
        break;
      case "outcome":
        if (event.outcome.kind === "refused") lines.push(`refused ${at} ${event.outcome.code}`);
        else if (event.outcome.kind !== "accepted") lines.push(`${event.outcome.kind} ${at}`);
        break;
      case "day":
        lines.push(`day ${at} ${event.equity}`);
        break;
      case "peak":
        lines.push(`peak ${at} ${event.equity}`);
        break;
      case "latched":
      case "released":
        lines.push(`${event.type} ${at} ${event.latch}`);
        break;
      case "adjusted":
        lines.push(`adjusted ${at} ${event.from} ${event.to}`);
        break;
      default:
        break;
    }
  }
  return lines;
}

/** Trades from flat to flat of one market, each filled by one entry and one exit. */
export function tradesOf(journal: readonly JournalEvent[], stepMs: number): string[] {
  const lines: string[] = [];
  let entry: Pick<Trade, "side" | "entryTime" | "entryPrice" | "quantity"> | null = null;
  for (const event of journal) {
    if (event.type !== "execution" || event.fact.type === "Funding") continue;
    const { side, price, qty, time } = event.fact;
    const bar = Math.floor(time / stepMs) * stepMs;
    if (!entry) entry = { side, entryTime: bar, entryPrice: Number(price), quantity: Number(qty) };
    else {
      lines.push(lineOf({ ...entry, exitTime: bar, exitPrice: Number(price) }));
      entry = null;
    }
  }
  return lines;
}

function lineOf(
  trade: Pick<Trade, "side" | "entryTime" | "entryPrice" | "quantity" | "exitTime" | "exitPrice">,
): string {
  const { side, entryTime, entryPrice, quantity, exitTime, exitPrice } = trade;
  return `${side} ${quantity} in ${entryTime} at ${entryPrice} out ${exitTime} at ${exitPrice}`;
}
