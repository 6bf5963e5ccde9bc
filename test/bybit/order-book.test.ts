import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BookFrame, OrderBook } from "../../src/bybit/order-book.ts";

type Levels = readonly (readonly [string, string])[];
const frame = (type: BookFrame["type"], u: number, b: Levels, a: Levels): BookFrame => ({
  type,
  data: { s: "BTCUSDT", b, a, u, seq: 10 * u },
  cts: 1_000 + u,
});
const snapshot = () =>
  frame(
    "snapshot",
    5,
    [
      ["100.0", "1"],
      ["99.5", "2"],
    ],
    [
      ["100.5", "3"],
      ["101.0", "4"],
    ],
  );

describe("OrderBook", () => {
  it("shows nothing before its snapshot", () => {
    const book = new OrderBook("BTCUSDT");
    expect([book.fault, book.bestBid, book.bestAsk]).toEqual(["no snapshot yet", null, null]);
    expect(book.apply(frame("delta", 6, [["99", "1"]], []))).toBe(false);
    expect(book.levels("bids", 9)).toEqual([]);
  });

  it("replaces, inserts and deletes levels", () => {
    const book = new OrderBook("BTCUSDT");
    expect(book.apply(snapshot())).toBe(true);
    book.apply(
      frame(
        "delta",
        6,
        [
          ["100.0", "0"],
          ["99.5", "7"],
          ["99.9", "1.5"],
        ],
        [["100.7", "2"]],
      ),
    );
    expect(book.levels("bids", 9)).toEqual([
      { price: 99.9, size: 1.5 },
      { price: 99.5, size: 7 },
    ]);
    expect(book.levels("asks", 2)).toEqual([
      { price: 100.5, size: 3 },
      { price: 100.7, size: 2 },
    ]);
    expect([book.updateId, book.seq, book.matchedAt]).toEqual([6, 60, 1_006]);
  });

  it("takes equal numbers for one price however they are written", () => {
    const book = new OrderBook("BTCUSDT");
    book.apply(snapshot());
    book.apply(frame("delta", 6, [["100", "0"]], [["101.00", "5"]]));
    expect(book.bestBid).toEqual({ price: 99.5, size: 2 });
    expect(book.levels("asks", 9).at(-1)).toEqual({ price: 101, size: 5 });
  });

  it("a missing, repeated or older update breaks it until the next snapshot", () => {
    for (const u of [7, 5, 4, 1]) {
      const book = new OrderBook("BTCUSDT");
      book.apply(snapshot());
      expect(book.apply(frame("delta", u, [["99", "1"]], []))).toBe(false);
      expect([book.fault, book.bestBid]).toEqual(["update missing", null]);
      expect(book.apply(frame("delta", u + 1, [["98", "1"]], []))).toBe(false);
      expect(book.apply(snapshot())).toBe(true);
      expect(book.bestBid).toEqual({ price: 100, size: 1 });
    }
  });

  it("a crossed book is a broken one", () => {
    const book = new OrderBook("BTCUSDT");
    book.apply(snapshot());
    expect(book.apply(frame("delta", 6, [["100.5", "1"]], []))).toBe(false);
    expect(book.fault).toBe("crossed");
  });

  it("a snapshot replaces everything, also the same one again", () => {
    const book = new OrderBook("BTCUSDT");
    book.apply(snapshot());
    book.apply(frame("snapshot", 1, [["50", "1"]], [["51", "1"]]));
    expect(book.levels("bids", 9)).toEqual([{ price: 50, size: 1 }]);
    expect(book.apply(frame("snapshot", 1, [["50", "1"]], [["51", "1"]]))).toBe(true);
    expect(book.apply(frame("delta", 2, [], [["51", "2"]]))).toBe(true);
  });

  it("is the map of its updates, sorted; any update left out is noticed", () => {
    const change = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 3 }));
    const deltas = fc.array(fc.array(change, { maxLength: 8 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(deltas, fc.nat(), (updates, lost) => {
        const book = new OrderBook("X");
        const partial = new OrderBook("X");
        const bids = new Map<number, number>();
        for (const each of [book, partial]) each.apply(frame("snapshot", 1, [], []));
        updates.forEach((update, k) => {
          for (const [price, size] of update) {
            if (size === 0) bids.delete(price);
            else bids.set(price, size);
          }
          const delta = frame(
            "delta",
            k + 2,
            update.map(([price, size]) => [String(price), String(size)]),
            [],
          );
          book.apply(delta);
          if (k !== lost % updates.length) partial.apply(delta);
        });
        const wanted = [...bids].sort(([x], [y]) => y - x).map(([price, size]) => ({ price, size }));
        expect(book.levels("bids", Infinity)).toEqual(wanted);
        const isLast = lost % updates.length === updates.length - 1;
        expect(partial.fault).toBe(isLast ? null : "update missing");
      }),
    );
  });
});
