import type { Series } from "./series.ts";

/** Where a protective price lies: how far from the entry, or at which price. Made by `distance(…)` and `price(…)`. */
export class LevelExpression {
  readonly kind: "distance" | "price";
  readonly series: Series;

  constructor(kind: "distance" | "price", series: Series) {
    this.kind = kind;
    this.series = series;
  }
}
