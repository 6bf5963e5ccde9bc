import { hasBit } from "../../../src/core/bits.ts";
import type { Bars } from "../../../src/model/bar.ts";
import { LEVELS, SIGNALS } from "../../../src/strategy/rules.ts";
import type { Level, PositionView, SignalColumns } from "../../../src/strategy/signals.ts";
import type { SignalRow, StreamBar } from "../../../src/strategy/stream.ts";

/** A position that exits can be asked about; it changes from bar to bar. */
export function someposition(i: number): PositionView {
  return { barsHeld: i % 37, entryPrice: 900 + (i % 200), unrealizedFraction: ((i * 7) % 41) / 1000 - 0.02 };
}

/** All that `columns` say about bar `i`, in plain values. */
export function rowOf(columns: SignalColumns, i: number): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const name of SIGNALS) {
    const rule = columns[name];
    row[name] = rule === undefined ? false : typeof rule === "function" ? rule(i, someposition(i)) : hasBit(rule, i);
  }
  for (const name of LEVELS) row[name] = levelAt(columns[name], i);
  row.size = columns.size ? columns.size[i] : 1;
  return row;
}

/** The same of a streamed row. */
export function plainRow(row: SignalRow): Record<string, unknown> {
  const plain: Record<string, unknown> = { size: row.size };
  for (const name of SIGNALS) {
    const rule = row[name];
    plain[name] = typeof rule === "function" ? rule(someposition(row.index)) : rule;
  }
  for (const name of LEVELS) plain[name] = row[name];
  return plain;
}

export function barAt(bars: Bars, i: number): StreamBar {
  const { time, open, high, low, close, volume } = bars;
  return { time: time[i]!, open: open[i]!, high: high[i]!, low: low[i]!, close: close[i]!, volume: volume[i]! };
}

/** Differences between two runs on bars [0, `until`), as text; empty when they agree to the bit. */
export function differences(a: SignalColumns, b: SignalColumns, until: number): string[] {
  const found: string[] = [];
  for (let i = 0; i < until && found.length < 3; i++) {
    const [x, y] = [rowOf(a, i), rowOf(b, i)];
    for (const name of Object.keys(x)) if (!same(x[name], y[name])) found.push(`bar ${i}: ${name}`);
  }
  return found;
}

/** Equal to the bit; all `NaN` are one. */
export function same(a: unknown, b: unknown): boolean {
  if (typeof a === "object" && a !== null && typeof b === "object" && b !== null) {
    return Object.keys(a).every((name) => same(Reflect.get(a, name), Reflect.get(b, name)));
  }
  return Object.is(a, b);
}

function levelAt(level: Level | undefined, i: number): unknown {
  if (level === undefined) return undefined;
  if (level.kind === "fraction") return { kind: level.kind, value: level.fraction };
  return { kind: level.kind, value: level.kind === "price" ? level.price[i] : level.distance[i] };
}
