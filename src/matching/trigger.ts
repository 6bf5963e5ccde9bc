import { admit } from "./admit.ts";
import type { Books } from "./books.ts";
import { cancel, end, leavePosition, positionOf, tell } from "./life.ts";
import { execute } from "./match.ts";
import { judgeRisk } from "./risk.ts";
import { flushTouched } from "./settle.ts";
import type { MarketState, Order } from "./state.ts";
import { takeTrailing } from "./trailing.ts";
import type { PriceSource } from "./types.ts";

const SOURCES: readonly PriceSource[] = ["LastPrice", "MarkPrice", "IndexPrice"];

/** Price sources that move with the last price. */
export function followedSources(market: MarketState): PriceSource[] {
  return SOURCES.filter((source) =>
    source === "MarkPrice" ? !market.hasOwnMark : source === "IndexPrice" ? !market.hasOwnIndex : true,
  );
}

/** Fires what the prices have reached, and what that causes; then judges the positions. Call after any price moved. */
export function settlePrices(books: Books, market: MarketState): void {
  fireAll(books, market);
  judgeRisk(books, market);
}

function fireAll(books: Books, market: MarketState): void {
  if (!isAnyWaiting(market)) return;
  const fired: Order[] = [];
  const held = market.heldProfits;
  const skip = held === 0 ? undefined : (order: Order) => order.isProfit && order.triggerDirection === held;
  // Each round may move the price; every order fires once, so that rounds end.
  for (;;) {
    fired.length = 0;
    for (const source of SOURCES) {
      const triggers = market.triggers[source];
      if (!triggers.isEmpty) triggers.take(market.price(source), fired, skip);
    }
    if (market.trailing.length > 0) takeTrailing(market, market.last, fired);
    if (fired.length === 0) return;
    for (const order of fired) if (order.isWaiting) fire(books, order);
  }
}

function isAnyWaiting({ triggers, trailing }: MarketState): boolean {
  const { LastPrice, MarkPrice, IndexPrice } = triggers;
  return trailing.length > 0 || !LastPrice.isEmpty || !MarkPrice.isEmpty || !IndexPrice.isEmpty;
}

/** A waiting order whose price was reached becomes an order of the book. */
export function fire(books: Books, order: Order): void {
  const { holding, pair } = order;
  const { market, account } = holding;
  market.quietLow = -1;
  market.seq += 1;
  order.status = "Triggered";
  order.updatedTime = books.now;
  leavePosition(order);
  tell(books, order);
  if (pair?.isWaiting) {
    const byStop = pair.isProfit;
    cancel(books, pair, {
      cancelType: byStop ? "CancelByOCOTpCanceledBySlTriggered" : "CancelByOCOSlCanceledByTpTriggered",
    });
  }
  const refusal = admit(order);
  if (refusal === "reduceOnly") {
    end(books, order, "Cancelled", { cancelType: "CancelByReduceOnly" });
    tell(books, order);
  } else if (refusal) {
    end(books, order, "Rejected", { rejectReason: "EC_Others" });
    tell(books, order);
  } else {
    order.status = "New";
    tell(books, order);
    execute(books, order);
  }
  if (positionOf(order).touched) flushTouched(books, account);
}
