import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Listed, OpenOrders, OrderIndex } from "../../src/matching/orderlists.ts";

class Item implements Listed<Item> {
  readonly id: number;
  earlier: Item | undefined;
  later: Item | undefined;
  chained: Item | undefined;

  constructor(id: number) {
    this.id = id;
  }
}

/** Which of the orders there are goes next: a new one comes where the number is odd. */
const STEPS = fc.array(fc.nat({ max: 1_000 }), { maxLength: 200 });

describe("open orders", () => {
  it("keeps the order in which they came, whoever leaves", () => {
    fc.assert(
      fc.property(STEPS, (steps) => {
        const list = new OpenOrders<Item>();
        const model: Item[] = [];
        let id = 0;
        for (const step of steps) {
          if (step % 2 === 1 || model.length === 0) {
            id += 1;
            const item = new Item(id);
            list.add(item);
            model.push(item);
          } else list.remove(model.splice(step % model.length, 1)[0]!);
          expect([...list.values()]).toEqual(model);
          expect(list.size).toBe(model.length);
        }
      }),
    );
  });
});

describe("order index", () => {
  it("finds what is there, by numbers near and far, and nothing else", () => {
    fc.assert(
      fc.property(STEPS, (steps) => {
        const index = new OrderIndex<Item>();
        const model = new Map<number, Item>();
        for (const step of steps) {
          // Multiples of 16 share a shelf until the index has grown.
          const id = step % 3 === 0 ? step * 16 : step;
          const there = model.get(id);
          if (there) {
            index.remove(there);
            model.delete(id);
          } else {
            const item = new Item(id);
            index.add(item);
            model.set(id, item);
          }
          expect(index.size).toBe(model.size);
        }
        for (let id = 0; id <= 16_000; id += 1) expect(index.get(id)).toBe(model.get(id));
      }),
      { numRuns: 20 },
    );
  });

  it("leaves the others alone when asked to remove a stranger", () => {
    const index = new OrderIndex<Item>();
    const kept = new Item(5);
    index.add(kept);
    index.remove(new Item(5));
    expect(index.get(5)).toBe(kept);
    expect(index.size).toBe(1);
    expect(index.get(-1)).toBeUndefined();
  });
});
