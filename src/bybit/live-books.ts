import { type BookFault, OrderBook } from "./order-book.ts";
import type { StreamEvent, Streams, Subscription } from "./streams.ts";

/** A book that had to be dropped. */
export interface BookLoss {
  readonly symbol: string;
  readonly fault: BookFault;
}

/**
 * The order books of a set of topics, kept from stream events: dropped when an update is missing or the connection is
 * lost, and asked for anew.
 */
export class LiveBooks {
  private readonly streams: Streams;
  private readonly books = new Map<string, OrderBook>();
  private readonly onLoss: (loss: BookLoss) => void;

  constructor(streams: Streams, onLoss: (loss: BookLoss) => void = () => {}) {
    this.streams = streams;
    this.onLoss = onLoss;
  }

  /** The book of a topic, empty until its snapshot has come. */
  book({ topic, kind }: Subscription): OrderBook {
    const key = `${kind}/${topic}`;
    let book = this.books.get(key);
    if (!book) {
      book = new OrderBook(topic.slice(topic.lastIndexOf(".") + 1));
      this.books.set(key, book);
    }
    return book;
  }

  /** Takes in what the streams tell; call it from their `onEvent`. */
  hear(event: StreamEvent): void {
    if (event.type === "down" || event.type === "stale") this.forget(event.kind);
    if (event.type !== "data" || !event.frame.topic.startsWith("orderbook.")) return;
    const { kind, frame } = event;
    const subscription = { topic: frame.topic, kind };
    const book = this.book(subscription);
    const wasWhole = book.fault === null;
    const { type, data, cts } = frame;
    const isFrame = (type === "snapshot" || type === "delta") && isBookData(data);
    if (!isFrame) this.lose(book, subscription, "malformed");
    else if (!book.apply({ type, data, ...(cts !== undefined && { cts }) }) && wasWhole) {
      this.lose(book, subscription, book.fault!);
    }
  }

  private lose(book: OrderBook, subscription: Subscription, fault: BookFault): void {
    if (fault === "malformed") book.reset(fault);
    this.onLoss({ symbol: book.symbol, fault });
    this.streams.refresh(subscription);
  }

  private forget(kind: string): void {
    for (const [key, book] of this.books) if (key.startsWith(`${kind}/`)) book.reset("no snapshot yet");
  }
}

type BookData = Parameters<OrderBook["apply"]>[0]["data"];

function isBookData(data: unknown): data is BookData {
  const { a, b, u } = (data ?? {}) as Partial<BookData>;
  return Array.isArray(a) && Array.isArray(b) && typeof u === "number";
}
