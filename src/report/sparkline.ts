const LEVELS = " ▁▂▃▄▅▆▇█";

/** One glyph per value, as high as it is against the highest; the lowest bar for a value just above 0, none for 0. */
export function sparkline(values: readonly number[]): string[] {
  const most = Math.max(...values, 0);
  return values.map((value) => (value > 0 ? LEVELS[Math.max(1, Math.round((8 * value) / most))]! : LEVELS[0]!));
}

/** A line `length` characters long, to half a one; never invisible. */
export function horizontalBar(length: number): string {
  const halves = Math.max(1, Math.round(2 * length));
  return "━".repeat(halves >> 1) + (halves % 2 === 1 ? "╸" : "");
}
