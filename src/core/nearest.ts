/** The `count` words of `known` fewest edits away from `word`, nearest first. */
export function nearest(word: string, known: readonly string[], count = 3): string[] {
  return known
    .map((other) => ({ other, edits: edits(word, other) }))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, count)
    .map((entry) => entry.other);
}

/** Insertions, deletions and replacements that turn `a` into `b`. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
