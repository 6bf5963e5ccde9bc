import type { Bits } from "../../core/bits.ts";
import { type BoolExpression, summaryCode, wordCode } from "./bool-expression.ts";
import { drawdownTable } from "./drawdown-table.ts";
import { extremesTable } from "./extremes-table.ts";
import type { RowSettings } from "./row.ts";
import { settleCode } from "./settle.ts";
import type { SweepTables } from "./tables.ts";

/** A comparison's bits, and one bit per word of them that says whether any is set. */
export interface LeafBits {
  readonly bits: Bits;
  readonly summary: Bits;
}

/** Trades one parameter set and writes its row at `rows[at…at + ROW_WIDTH)`. */
export type Scan = (leaves: readonly LeafBits[], warmup: number, rows: Float64Array, at: number) => void;

/** What a sweep's two rules are, over `leaves` bit columns. */
export interface ScanRules {
  readonly enter: BoolExpression;
  readonly exit: BoolExpression;
  readonly leaves: number;
}

/**
 * The trader of long, all-in, signal-exit rules, compiled for the shape of its two rules.
 *
 * First it finds the bars: while flat it looks only at the entry rule and while invested only at the exit rule, 32 bars
 * at a time, 1,024 where the summaries say that nothing is there. Then it settles the trades one after the other; what
 * happens to equity in between comes from the tables, and as all places are known, the reads need not wait for each other.
 * Long only, no stops, no funding: whatever needs more goes through `simulate`.
 */
export function compileScan(rules: ScanRules, tables: SweepTables, settings: RowSettings): Scan {
  const load = Array.from(
    { length: rules.leaves },
    (_, k) => `const b${k} = leaves[${k}].bits, s${k} = leaves[${k}].summary;`,
  ).join(" ");
  const find = (rule: BoolExpression, from: string) => `
      w = (${from}) >>> 5;
      word = ${wordCode(rule)} & (-1 << ((${from}) & 31));
      if (word === 0 && ++w < words) {
        s = w >>> 5;
        some = ${summaryCode(rule)} & (-1 << (w & 31));
        for (;;) {
          while (some === 0 && ++s < groups) some = ${summaryCode(rule)};
          if (some === 0) break;
          w = (s << 5) + 31 - Math.clz32(some & -some);
          word = ${wordCode(rule)};
          if (word !== 0) break;
          some &= some - 1;
        }
      }
      i = word === 0 ? length : (w << 5) + 31 - Math.clz32(word & -word);`;
  const fillOf = (signal: string) => (tables.fillBar ? `fillBar[${signal}]` : `${signal} + ${tables.delay}`);
  const spent = 1 - tables.delay; // a bar has one fill: where fills are at the close, its own signal comes too late
  const body = `
  const { length, rows: bar, fillBar, downside } = tables;
  const { blocks, entries } = extremes;
  const words = (length + 31) >>> 5, groups = (words + 31) >>> 5;
  const full = new Uint32Array(groups).fill(-1);
  if (words & 31) full[groups - 1] = (1 << (words & 31)) - 1;
  const fills = new Int32Array(2 * length + 2);
  return (leaves, warmup, rows, at) => {
    ${load}
    let w = 0, word = 0, s = 0, some = 0, i = 0, next = warmup, count = 0;
    while (next < length) {
      ${find(rules.enter, "next")}
      if (i >= length) break;
      const entry = ${fillOf("i")};
      if (entry >= length) break;
      next = entry + ${spent};
      let exit = length;
      if (next < length) {
        ${find(rules.exit, "next")}
        if (i < length) exit = Math.min(length, ${fillOf("i")});
      }
      fills[count++] = entry;
      fills[count++] = exit;
      next = exit + ${spent};
    }
    ${settleCode(tables, settings)}
  };`;
  const deepen = settings.withDrawdown ? drawdownTable(tables.close) : null;
  const extremes = settings.withDrawdown ? extremesTable(tables.close) : { blocks: 0, entries: null };
  const fall = { highest: 0.5, drawdown: 0.5 }; // no integers: the fields are to hold floats from the start
  return new Function("tables", "deepen", "extremes", "fall", body)(tables, deepen, extremes, fall) as Scan;
}
