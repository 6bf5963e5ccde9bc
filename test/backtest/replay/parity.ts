import { backtest } from "../../../src/backtest/backtest.ts";
import type { ReplayInput } from "../../../src/backtest/replay/input.ts";
import { type ReplayResult, replay } from "../../../src/backtest/replay/replay.ts";
import type { BacktestResult } from "../../../src/backtest/result.ts";
import type { Trade } from "../../../src/model/trade.ts";

/** The same to the last bit. */
const SAME = ["side", "entryTime", "entryPrice", "exitTime", "exitPrice", "quantity", "barsHeld"] as const;
/** The same but for the exchange's unit of money, or the last bit of a quotient. */
const NEAR = ["realizedPnl", "grossPnl", "fees", "funding", "maxAdverseFraction", "maxFavorableFraction"] as const;
/** The exchange counts money in units of 1e-8, rounding each fee, each settlement and each profit. */
const UNIT = 1e-8;

/** Why a trade may differ, by name; docs/guide/backtest.md has them. */
export type NamedDifference = "touchedTarget" | "targetCost" | "liquidation" | "exchangeRefusal" | "stopBelowZero";

/** How far fast backtest and replay agree. */
export interface Parity {
  readonly fast: BacktestResult;
  readonly slow: ReplayResult;
  /** Trades up to the first one that differs. */
  readonly same: number;
  /** The named difference of the models that explains the first trade that differs; `null` when none does, or no trade differs. */
  readonly named: NamedDifference | null;
  /** The first difference that nothing explains; `null` if there is none. */
  readonly difference: string | null;
}

/** Compares trade by trade, then the equity of every bar up to the first trade that differs. */
export function parityOf(input: ReplayInput): Parity {
  const fast = backtest(input);
  const slow = replay(input);
  const count = Math.max(fast.trades.length, slow.trades.length);
  for (let k = 0; k < count; k++) {
    const [one, other] = [fast.trades[k], slow.trades[k]];
    const fields = differing(one, other);
    if (fields.length === 0) continue;
    const named = nameOf({ fields, one, other, input, fast, slow });
    const until = Math.min(one?.entryTime ?? Infinity, other?.entryTime ?? Infinity);
    const difference = named ? equityFault(fast, slow, until) : describe(k, fields, one, other);
    return { fast, slow, same: k, named, difference };
  }
  const difference = equityFault(fast, slow, Infinity) ?? countFault(fast, slow, input);
  return { fast, slow, same: count, named: null, difference };
}

function differing(one: Trade | undefined, other: Trade | undefined): string[] {
  if (!one || !other) return ["there"];
  const far = (a: number, b: number) => Math.abs(a - b) > 1e-12 * Math.abs(a) + 200 * UNIT;
  const fields: string[] = [
    ...SAME.filter((name) => one[name] !== other[name]),
    ...NEAR.filter((name) => far(one[name], other[name])),
  ];
  const [risk, otherRisk] = [one.initialRisk, other.initialRisk];
  const isRiskFar = risk === null || otherRisk === null ? risk !== otherRisk : far(risk, otherRisk);
  if (isRiskFar) fields.push("initialRisk");
  if (kindOf(one) !== kindOf(other) && !isSameMoment(one, other)) fields.push("exitReason");
  return fields;
}

/** Reverse and signal are one way of leaving, and so are the two stops where both stand on one tick. */
function kindOf({ exitReason }: Trade): string {
  if (exitReason === "reverse") return "signal";
  return exitReason === "trailingStop" ? "stopLoss" : exitReason;
}

/** A signal and a stop or target that is jumped over leave at the same open: which of them came first is one and the same. */
function isSameMoment(one: Trade, other: Trade): boolean {
  return one.exitPrice === other.exitPrice && (kindOf(one) === "signal" || kindOf(other) === "signal");
}

interface Case {
  readonly fields: readonly string[];
  readonly one: Trade | undefined;
  readonly other: Trade | undefined;
  readonly input: ReplayInput;
  readonly fast: BacktestResult;
  readonly slow: ReplayResult;
}

function nameOf({ one, other, input, fast, slow }: Case): NamedDifference | null {
  if (one?.exitReason === "liquidation" || other?.exitReason === "liquidation") return "liquidation";
  const { settings } = fast;
  if (other?.exitReason === "takeProfit" && isOnlyTouched(other, input, slow)) return "touchedTarget";
  const costsMore = settings.slippageBps > 0 || (settings.makerFeeRate ?? settings.feeRate) !== settings.feeRate;
  if (costsMore && other?.exitReason === "takeProfit" && one?.exitTime === other.exitTime) return "targetCost";
  const at = one?.entryTime ?? Infinity;
  if (one?.side === "buy" && (one.initialRisk ?? 0) >= one.entryPrice * one.quantity) return "stopBelowZero";
  const refused = slow.journal.some(
    (event) =>
      event.type === "outcome" &&
      event.outcome.kind === "refused" &&
      event.at <= at &&
      slow.journal.some(
        (each) => each.type === "intent" && each.order.purpose === "entry" && each.order.linkId === event.linkId,
      ),
  );
  return refused ? "exchangeRefusal" : null;
}

/** Whether the target was the very extreme of its bar, or its open. */
function isOnlyTouched(trade: Trade, { bars }: ReplayInput, { journal }: ReplayResult): boolean {
  const i = bars.time.indexOf(trade.exitTime);
  const extreme = trade.side === "buy" ? bars.high[i]! : bars.low[i]!;
  const entry = journal.findLast(
    (event) => event.type === "intent" && event.at <= trade.entryTime && event.order.purpose === "entry",
  );
  const target = entry?.type === "intent" ? Number(entry.order.takeProfit) : Number.NaN;
  return extreme === target || bars.open[i] === target;
}

/** The first bar before `until` whose equity differs. */
function equityFault(fast: BacktestResult, slow: ReplayResult, until: number): string | null {
  for (let i = 0; i < fast.time.length && fast.time[i]! < until; i++) {
    const [a, b] = [fast.equity[i]!, slow.equity[i]!];
    if (Math.abs(a - b) > 1e-10 * Math.abs(a) + 1e-5) return `equity of bar ${i}: fast ${a}, replay ${b}`;
  }
  return null;
}

/**
 * How many entries were refused. Reasons may have two names, and of the last bar only the fast backtest hears; while nobody
 * trades the bot asks again at every signal, and when all is lost it goes on asking.
 */
function countFault(fast: BacktestResult, slow: ReplayResult, { bars }: ReplayInput): string | null {
  if (bars.volume.includes(0) || slow.refusals.noEquity) return null;
  const sum = ({ refusals }: BacktestResult) => Object.values(refusals).reduce((total, count) => total + count, 0);
  if (sum(fast) === sum(slow) || sum(fast) === sum(slow) + 1) return null;
  return `refusals: fast ${JSON.stringify(fast.refusals)}, replay ${JSON.stringify(slow.refusals)}`;
}

function describe(k: number, fields: readonly string[], one: Trade | undefined, other: Trade | undefined): string {
  const show = (trade: Trade | undefined) =>
    trade ? fields.map((name) => `${name} ${trade[name as keyof Trade]}`).join(" ") : "none";
  const when = new Date(one?.entryTime ?? other?.entryTime ?? 0).toISOString();
  return `trade ${k} (${when}): fast ${show(one)} (${one?.exitReason}), replay ${show(other)} (${other?.exitReason})`;
}
