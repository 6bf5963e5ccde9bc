/** The newest rows of a list that never grows beyond its capacity. */
export class Ring<T> {
  readonly #capacity: number;
  readonly #rows: T[] = [];
  /** Where the next row goes once the ring is full: the oldest row. */
  #next = 0;

  constructor(capacity: number) {
    this.#capacity = Math.max(1, capacity);
  }

  get length(): number {
    return this.#rows.length;
  }

  /** Adds a row; returns the one that had to go, if any. */
  push(row: T): T | undefined {
    if (this.#rows.length < this.#capacity) {
      this.#rows.push(row);
      return undefined;
    }
    const gone = this.#rows[this.#next];
    this.#rows[this.#next] = row;
    this.#next = this.#next + 1 === this.#capacity ? 0 : this.#next + 1;
    return gone;
  }

  *newestFirst(): Generator<T> {
    const { length } = this.#rows;
    for (let i = 1; i <= length; i++) yield this.#rows[(this.#next - i + length) % length]!;
  }
}
