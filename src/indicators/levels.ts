import type { Indicator } from "./indicator.ts";
import { PIVOT_KINDS, pivots } from "./levels/pivots.ts";
import { choice, word } from "./params.ts";

const days = { family: "levels", over: "bars", inputs: ["time", "high", "low", "close"] } as const;

/** Prices that held before. */
export const LEVELS: readonly Indicator[] = [
  {
    name: "pivots",
    title: "Pivot levels of the UTC day before",
    ...days,
    params: [word("kind", PIVOT_KINDS, "whose formula")],
    outputs: ["p", "r1", "r2", "r3", "r4", "s1", "s2", "s3", "s4"],
    pandasTa: null,
    kernel: (values) => pivots(choice(values, "kind", PIVOT_KINDS)),
  },
];
