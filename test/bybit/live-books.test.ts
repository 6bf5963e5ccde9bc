import { describe, expect, it, vi } from "vitest";
import { type BookLoss, LiveBooks } from "../../src/bybit/live-books.ts";
import type { StreamEvent, Streams, Subscription } from "../../src/bybit/streams.ts";

const BOOK = { topic: "orderbook.50.BTCUSDT", kind: "linear" } as const;

function livedBooks() {
  const refresh = vi.fn<(subscription: Subscription) => void>();
  const losses: BookLoss[] = [];
  const books = new LiveBooks({ refresh } as unknown as Streams, (loss) => losses.push(loss));
  const hear = (type: "snapshot" | "delta", u: number, b: [string, string][] = [], data: object = {}) =>
    books.hear({
      type: "data",
      at: 0,
      kind: "linear",
      frame: { topic: BOOK.topic, type, cts: 7, data: { s: "BTCUSDT", b, a: [], u, seq: u, ...data } },
    });
  return { books, hear, refresh, losses, book: books.book(BOOK) };
}

describe("LiveBooks", () => {
  it("keeps a book from its snapshot and updates", () => {
    const { hear, book } = livedBooks();
    hear("snapshot", 1, [["10", "1"]]);
    hear("delta", 2, [["11", "2"]]);
    expect([book.symbol, book.bestBid, book.matchedAt]).toEqual(["BTCUSDT", { price: 11, size: 2 }, 7]);
  });

  it("asks once for a fresh snapshot when an update is missing, and is whole again with it", () => {
    const { hear, refresh, losses, book } = livedBooks();
    hear("snapshot", 1, [["10", "1"]]);
    hear("delta", 3);
    hear("delta", 4);
    expect(refresh.mock.calls).toEqual([[BOOK]]);
    expect(losses).toEqual([{ symbol: "BTCUSDT", fault: "update missing" }]);
    expect(book.bestBid).toBeNull();
    hear("snapshot", 9, [["12", "1"]]);
    expect(book.bestBid).toEqual({ price: 12, size: 1 });
  });

  it("drops a book on a frame that is none", () => {
    const { hear, losses, book } = livedBooks();
    hear("snapshot", 1, [["10", "1"]]);
    hear("delta", 2, [], { b: "nothing" });
    expect(losses).toEqual([{ symbol: "BTCUSDT", fault: "malformed" }]);
    expect(book.fault).toBe("malformed");
  });

  it.each(["down", "stale"] as const)("shows nothing after %s, until the next snapshot", (type) => {
    const { books, hear, refresh, book } = livedBooks();
    hear("snapshot", 1, [["10", "1"]]);
    books.hear({ type, at: 0, kind: "linear" } as StreamEvent);
    expect([book.fault, book.bestBid]).toEqual(["no snapshot yet", null]);
    expect(refresh).not.toHaveBeenCalled();
  });

  it("tells books of different sockets apart", () => {
    const { books, hear } = livedBooks();
    hear("snapshot", 1, [["10", "1"]]);
    expect(books.book({ topic: BOOK.topic, kind: "spot" }).bestBid).toBeNull();
  });
});
