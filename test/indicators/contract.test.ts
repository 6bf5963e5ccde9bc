import { describe } from "vitest";
import { INDICATORS, resolveValues } from "../../src/indicators/catalogue.ts";
import { kernelContract, randomValues } from "../support/kernel-contract.ts";

/** Pivots are known when the first of the hourly bars' days is over. */
const FIRST_KNOWN: Readonly<Record<string, number>> = { pivots: 24 };

for (const indicator of INDICATORS) {
  const warmup = FIRST_KNOWN[indicator.name];
  const extra = warmup === undefined ? {} : { warmup };
  describe(`${indicator.name} as it comes`, () => {
    kernelContract({ indicator, values: resolveValues(indicator, {}), ...extra });
  });
  for (const seed of indicator.params.length === 0 ? [] : [1, 2]) {
    const values = randomValues(indicator, `${indicator.name}/${seed}`);
    const told = Object.entries(values)
      .map(([name, value]) => `${name}=${typeof value === "number" ? Number(value.toFixed(3)) : value}`)
      .join(" ");
    describe(`${indicator.name} ${told}`, () => {
      kernelContract({ indicator, values, ...extra });
    });
  }
}
