import type { EquityCurve } from "./curve.ts";

/** Returns of one calendar year (UTC), fractions; `null` for a month without a bar. */
export interface YearOfReturns {
  readonly year: number;
  /** January first. */
  readonly months: readonly (number | null)[];
  readonly total: number;
}

/** Return of each month, from the close of the last bar that opened before it to that of its own last bar. */
export function monthlyReturns({ startEquity, time, equity }: Omit<EquityCurve, "intervalMs">): YearOfReturns[] {
  const years: { year: number; months: (number | null)[]; total: number }[] = [];
  let monthStart = startEquity;
  let yearStart = startEquity;
  for (let i = 0; i < equity.length; ) {
    const date = new Date(time[i]!);
    const end = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
    while (i < equity.length && time[i]! < end) i++;
    const close = equity[i - 1]!;
    let row = years.at(-1);
    if (row?.year !== date.getUTCFullYear()) {
      row = { year: date.getUTCFullYear(), months: new Array<number | null>(12).fill(null), total: 0 };
      years.push(row);
      yearStart = monthStart;
    }
    row.months[date.getUTCMonth()] = monthStart > 0 ? close / monthStart - 1 : null;
    row.total = yearStart > 0 ? close / yearStart - 1 : 0;
    monthStart = close;
  }
  return years;
}
