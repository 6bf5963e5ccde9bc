import type { Bits } from "../../core/bits.ts";
import { type BoolExpression, wordCode } from "./bool-expression.ts";
import type { DrawdownTable, SpanDrawdown } from "./drawdown-table.ts";
import type { SweepTables } from "./tables.ts";

/** One row of results per parameter set: sums from which the metrics follow. Money in quote, returns per bar. */
export const SCAN_COLUMNS = [
  "finalEquity",
  "trades",
  "openTrades",
  "winningTrades",
  "losingTrades",
  "grossProfit",
  "grossLoss",
  "fees",
  "barsInMarket",
  "sum",
  "squares",
  "downside",
  "maxDrawdown",
] as const;
export type ScanColumn = (typeof SCAN_COLUMNS)[number];
export const SCAN_WIDTH = SCAN_COLUMNS.length;

export interface ScanSettings {
  readonly cash: number;
  readonly feeRate: number;
  readonly slippageFraction: number;
  /** Also find the largest drawdown: costs about as much again as all the rest. */
  readonly withDrawdown: boolean;
}

/** Trades one parameter set and writes its row at `rows[at…at + SCAN_WIDTH)`. */
export type Scan = (leaves: readonly Bits[], warmup: number, rows: Float64Array, at: number) => void;

type Compiled = (
  tables: SweepTables,
  settings: ScanSettings,
  drawdown: DrawdownTable | undefined,
  span: SpanDrawdown,
) => Scan;

/**
 * The trader of long, all-in, signal-exit rules, compiled for the shape of its two rules.
 *
 * While flat it looks only at the entry rule and while invested only at the exit rule, 32 bars at a time; what
 * happens to equity in between it takes from the tables. Long only, no stops, no funding: whatever needs more goes
 * through `simulate`.
 */
export function compileScan(rules: { enter: BoolExpression; exit: BoolExpression; leaves: number }): Compiled {
  const names = Array.from({ length: rules.leaves }, (_, k) => `b${k}`);
  const load = names.map((name, k) => `const ${name} = leaves[${k}];`).join(" ");
  const find = (rule: BoolExpression, from: string) => `
      w = (${from}) >>> 5;
      word = ${wordCode(rule)} & (-1 << ((${from}) & 31));
      while (word === 0 && ++w < words) word = ${wordCode(rule)};
      i = word === 0 ? length : (w << 5) + 31 - Math.clz32(word & -word);`;
  const body = `
  const { length, close, fillPrice, fillBar, sums } = tables;
  const { cash, feeRate, slippageFraction } = settings;
  const words = (length + 31) >>> 5;
  const buyFactor = 1 + slippageFraction, sellFactor = 1 - slippageFraction;
  return (leaves, warmup, rows, at) => {
    ${load}
    let equity = cash, peak = cash, worst = 0, trades = 0, open = 0, wins = 0, losses = 0, profit = 0, loss = 0;
    let fees = 0, held = 0, sum = 0, squares = 0, downside = 0;
    let w = 0, word = 0, i = 0, next = warmup;
    while (next < length) {
      ${find(rules.enter, "next")}
      if (i >= length) break;
      const f = fillBar[i];
      if (f >= length) break;
      const entry = fillPrice[f] * buyFactor;
      const qty = equity / (entry * (1 + feeRate));
      const entryFee = qty * entry * feeRate;
      let r = qty * close[f] / equity - 1;
      sum += r; squares += r * r; if (r < 0) downside += r * r;
      const from = f > i ? f : i + 1;
      let x = length;
      if (from < length) {
        ${find(rules.exit, "from")}
        if (i < length) x = fillBar[i];
      } else i = length;
      const a = (f + 1) * ${3}, b = x * ${3};
      if (b > a) { sum += sums[b] - sums[a]; squares += sums[b + 1] - sums[a + 1]; downside += sums[b + 2] - sums[a + 2]; }
      trades++;
      held += x - f;
      let after;
      if (x < length) {
        const gross = qty * fillPrice[x] * sellFactor;
        const exitFee = gross * feeRate;
        after = gross - exitFee;
        fees += entryFee + exitFee;
        r = after / (qty * close[x - 1]) - 1;
        sum += r; squares += r * r; if (r < 0) downside += r * r;
        const pnl = after - equity;
        if (pnl > 0) { wins++; profit += pnl; } else if (pnl < 0) { losses++; loss -= pnl; }
      } else {
        after = qty * close[length - 1];
        fees += entryFee;
        open = 1;
      }
      if (drawdown !== undefined) {
        drawdown.query(f, x - 1, span);
        if (span.drawdown > worst) worst = span.drawdown;
        const low = 1 - qty * span.lowest / peak;
        if (low > worst) worst = low;
        const high = qty * span.highest;
        if (high > peak) peak = high;
        const end = 1 - after / peak;
        if (end > worst) worst = end;
        if (after > peak) peak = after;
      }
      equity = after;
      if (x >= length) break;
      next = i + 1;
    }
    rows[at] = equity; rows[at + 1] = trades; rows[at + 2] = open; rows[at + 3] = wins; rows[at + 4] = losses;
    rows[at + 5] = profit; rows[at + 6] = loss; rows[at + 7] = fees; rows[at + 8] = held;
    rows[at + 9] = sum; rows[at + 10] = squares; rows[at + 11] = downside; rows[at + 12] = worst;
  };`;
  return new Function("tables", "settings", "drawdown", "span", body) as Compiled;
}
