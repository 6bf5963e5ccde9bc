import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scopeOf } from "../../src/strategy/author.ts";
import { graphOf } from "../../src/strategy/graph.ts";
import { inOrder } from "../../src/strategy/node.ts";
import { Nodes } from "../../src/strategy/nodes.ts";
import { randomStrategy } from "./support/randomrules.ts";

describe("nodes", () => {
  const make = () => scopeOf(new Nodes("test"));

  it("are the same object for the same computation, however it was written", () => {
    const { close, high, rsi, ema } = make();
    expect(rsi(close, 14).node).toBe(rsi(close, 14).node);
    expect(close.plus(high).node).toBe(high.plus(close).node);
    expect(close.above(high).node).toBe(high.below(close).node);
    expect(close.atLeast(3).node).not.toBe(close.atMost(3).node);
    const [a, b] = [close.above(1), ema(close, 3).above(2)];
    expect(a.and(b).node).toBe(b.and(a).node);
    expect(a.and(a).node).toBe(a.node);
    expect(close.minus(high).node).not.toBe(high.minus(close).node);
    expect(close.above(0).node).toBe(close.above(-0).node);
  });

  it("fold what is constant", () => {
    const { constant, close } = make();
    expect(constant(2).plus(3).node.key).toBe("5");
    expect(constant(2).neg().abs().node.key).toBe("2");
    expect(constant(2).dividedBy(0).node.op).toBe("formula"); // undefined is no constant
    expect(constant(7).lag(3).node.key).toBe("7");
    expect(close.lag(0).node).toBe(close.node);
    expect(close.above(1).any(1).node).toBe(close.above(1).node);
  });

  it("have keys of bounded length that tell deep graphs apart", () => {
    const { close } = make();
    let [a, b] = [close.plus(1), close.plus(2)];
    for (let k = 0; k < 200; k++) {
      a = a.times(a).plus(k);
      b = b.times(b).plus(k);
    }
    expect(a.node.key.length).toBeLessThan(140);
    expect(a.node.key).not.toBe(b.node.key);
    expect(inOrder([a.node]).length).toBeLessThan(1000);
  });

  it("make a graph whose hash is stable and depends on what it says", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const [a, b] = [graphOf(randomStrategy(seed), {}), graphOf(randomStrategy(seed), {})];
        expect(a.hash).toBe(b.hash);
        expect(a.nodes.map((node) => node.key)).toEqual(b.nodes.map((node) => node.key));
        const seen = new Set<string>();
        for (const node of a.nodes) {
          for (const input of node.inputs) expect(seen.has(input.key)).toBe(true);
          seen.add(node.key);
        }
      }),
      { numRuns: 50 },
    );
    expect(graphOf(randomStrategy(1), {}).hash).not.toBe(graphOf(randomStrategy(2), {}).hash);
  });

  it("tell scans apart by their code, their start and the parameters their closures may hold", () => {
    const key = (context: string, factor: number) => {
      const scope = scopeOf(new Nodes(context));
      return scope.scan({ initial: factor, step: (sum, bar) => sum + bar.close }).node.key;
    };
    expect(key("a", 1)).toBe(key("a", 1));
    expect(key("a", 1)).not.toBe(key("b", 1));
    expect(key("a", 1)).not.toBe(key("a", 2));
  });
});
