/** All ways to choose `size` of the numbers 0…`count` − 1, ascending, in lexicographic order. */
export function combinations(count: number, size: number): number[][] {
  const all: number[][] = [];
  const chosen = Array.from({ length: size }, (_, i) => i);
  if (size > count || size < 0) return all;
  for (;;) {
    all.push([...chosen]);
    let at = size - 1;
    while (at >= 0 && chosen[at] === count - size + at) at--;
    if (at < 0) return all;
    chosen[at]!++;
    for (let i = at + 1; i < size; i++) chosen[i] = chosen[i - 1]! + 1;
  }
}
