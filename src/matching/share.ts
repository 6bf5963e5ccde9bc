/** The part `part / whole` of a whole number of units, to the nearest unit; all of it when `part` is `whole`. */
export function share(total: number, part: number, whole: number): number {
  if (part === whole || total === 0) return total;
  if (Math.abs(total) * part <= Number.MAX_SAFE_INTEGER) return Math.round((total * part) / whole);
  // Split so that no product leaves the exact integers.
  const each = Math.floor(total / whole);
  return each * part + Math.round(((total - each * whole) * part) / whole);
}
