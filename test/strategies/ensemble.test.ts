import { describe, expect, it } from "vitest";
import { hasBit } from "../../src/core/bits.ts";
import { indicatorOf, resolveValues } from "../../src/indicators/catalogue.ts";
import { batch } from "../../src/indicators/kernel.ts";
import { ensemble } from "../../src/strategies/ensemble.ts";
import { signalsOf } from "../../src/strategy/evaluate.ts";
import { provokingBars } from "../strategy/support/bars.ts";

describe("ensemble", () => {
  it("enters and leaves on the mean of the votes cast, counted by hand", () => {
    const bars = provokingBars("votes", 3000);
    const column = (name: string, values: Record<string, number>, output = 0) => {
      const indicator = indicatorOf(name);
      const sources = indicator.inputs.map((field) => bars[field]);
      return batch(indicator.kernel(resolveValues(indicator, values)), ...sources)[output]!;
    };
    const [fast, slow, rsi] = [
      column("ema", { period: 9 }),
      column("ema", { period: 21 }),
      column("rsi", { period: 14 }),
    ];
    const [line, signal] = [column("macd", {}), column("macd", {}, 1)];
    const [upper, lower] = [column("bbands", { period: 20 }), column("bbands", { period: 20 }, 2)];
    const [k, d] = [column("stoch", {}), column("stoch", {}, 1)];
    /** 2 on the bar of the cross, 1 beyond it, negative below. */
    const side = (a: Float64Array, b: Float64Array, i: number): number[] => {
      if (a[i]! > b[i]!) return [a[i - 1]! <= b[i - 1]! ? 2 : 1];
      return a[i]! < b[i]! ? [a[i - 1]! >= b[i - 1]! ? -2 : -1] : [];
    };
    const when = (up: boolean, down: boolean): number[] => (up ? [1] : down ? [-1] : []);
    const signals = signalsOf(ensemble, {}, bars);
    let entered = 0;
    for (let i = signals.warmup; i < bars.length; i++) {
      const votes = [
        ...side(fast, slow, i),
        ...when(rsi[i]! < 30, rsi[i]! > 70),
        ...side(line, signal, i),
        ...when(bars.close[i]! < lower[i]!, bars.close[i]! > upper[i]!),
        ...when(k[i]! < 20 && d[i]! < 20, k[i]! > 80 && d[i]! > 80),
      ];
      const mean = votes.reduce((sum, vote) => sum + vote, 0) / votes.length; // NaN when nobody votes
      expect([i, hasBit(signals.enterLong!, i), hasBit(signals.enterShort!, i)]).toEqual([
        i,
        mean >= 0.5,
        mean <= -0.5,
      ]);
      if (mean >= 0.5) entered++;
    }
    expect(entered).toBeGreaterThan(100);
  });

  it("takes one side only when told", () => {
    const bars = provokingBars("sides", 300);
    expect(Object.keys(signalsOf(ensemble, { direction: "long" }, bars))).not.toContain("enterShort");
    expect(Object.keys(signalsOf(ensemble, { direction: "short" }, bars))).not.toContain("enterLong");
  });
});
