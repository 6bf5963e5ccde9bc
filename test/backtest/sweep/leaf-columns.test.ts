import { describe, expect, it } from "vitest";
import { LeafColumns } from "../../../src/backtest/sweep/leaf-columns.ts";
import { bits } from "../../../src/core/bits.ts";
import { random } from "../../../src/core/random.ts";
import { ColumnCache } from "../../../src/strategy/cache.ts";
import { graphOf } from "../../../src/strategy/graph.ts";
import type { Scope } from "../../../src/strategy/scope.ts";
import type { Condition } from "../../../src/strategy/series.ts";
import { defineStrategy } from "../../../src/strategy/strategy.ts";
import { bitsOf } from "../../../src/strategy/sweep.ts";
import { randomBars } from "../../support/random-market.ts";

const bars = randomBars(random(3), { length: 777, idle: 0.05 });
const nodeOf = (rule: (series: Scope) => Condition) =>
  graphOf(defineStrategy({ name: "one", params: {}, rules: (series) => ({ enterLong: rule(series) }) }), {}).signals
    .enterLong!;

describe("LeafColumns", () => {
  it("gives the bits of whole columns, whatever it remembers", () => {
    const columns = new LeafColumns(bars);
    const nodes = [
      nodeOf(({ close, ema }) => ema(close, 5).above(ema(close, 20))),
      nodeOf(({ close, ema }) => ema(close, 5).atMost(ema(close, 21)).lag(1)),
      nodeOf(({ close, ema }) => ema(close, 5).atMost(ema(close, 20)).lag(40)),
      nodeOf(({ close, ema }) => close.above(ema(close, 20)).lag(1000)),
      nodeOf(({ close, bbands, macd }) => bbands(close, 20, 2).upper.above(macd(close, 5, 10, 3).signal)),
      nodeOf(({ close, bbands }) => bbands(close, 10, 2).upper.above(bbands(close, 30, 1).lower)),
      nodeOf(({ close, bbands, adx, high }) => bbands(close, 10, 2).lower.below(high).and(adx(7).adx.above(20)).any(3)),
      nodeOf(({ close, ichimoku, bbands }) => ichimoku().senkouA.above(bbands(close, 15, 1).lower)),
      nodeOf(({ close, volume }) => close.equals(close.lag(1)).lag(2).or(volume.above(50))),
    ];
    for (const node of [...nodes, ...nodes.toReversed()]) {
      const wanted = bitsOf(node, bars, new ColumnCache());
      const out = bits(bars.length).fill(-1);
      expect(columns.condition(node, out), node.key).toBe(wanted.warmup);
      expect([...out], node.key).toEqual([...wanted.bits]);
    }
  });
});
