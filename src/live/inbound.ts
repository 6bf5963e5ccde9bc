import type { StreamMessage } from "../bybit/stream-message.ts";
import type { PositionFact, Quote } from "../engine/facts.ts";
import { executionFactOf, isOrderNews, orderFactOf, positionFactOf } from "./facts.ts";
import type { UntimedInput } from "./outbox.ts";
import { Quotes } from "./quotes.ts";

/** What a stream message means to a bot. */
export interface Reading {
  readonly quote: { readonly symbol: string; readonly quote: Quote } | null;
  readonly position: readonly PositionFact[];
  readonly inputs: readonly UntimedInput[];
}

const NOTHING: Reading = { quote: null, position: [], inputs: [] };

/** Reads stream messages of linear contracts. Bars are not read here: they have an order of their own. */
export class Inbound {
  private readonly settleCoin: string;
  private readonly quotes = new Quotes();

  constructor(settleCoin: string) {
    this.settleCoin = settleCoin;
  }

  read(message: StreamMessage): Reading {
    switch (message.kind) {
      case "ticker": {
        const { symbol, row, isDelta, time } = message;
        const quote = this.quotes.take(symbol, row, { isDelta, time });
        return quote ? { ...NOTHING, quote: { symbol, quote } } : NOTHING;
      }
      case "order": {
        const news = message.rows.filter((row) => row.category === "linear" && isOrderNews(row));
        return { ...NOTHING, inputs: news.map((row) => ({ type: "order", fact: orderFactOf(row) })) };
      }
      case "execution": {
        const own = message.rows.filter((row) => row.category === "linear");
        const facts = own.map((row) => executionFactOf(row, this.settleCoin));
        return { ...NOTHING, inputs: facts.map((fact) => ({ type: "execution", fact })) };
      }
      case "position": {
        const own = message.rows.filter((row) => row.category === "linear");
        return { ...NOTHING, position: own.map(positionFactOf) };
      }
      default:
        return NOTHING;
    }
  }
}
