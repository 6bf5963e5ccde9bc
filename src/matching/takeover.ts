import { adlLine } from "./adl.ts";
import type { Books } from "./books.ts";
import { end, flushBook, register, tell } from "./life.ts";
import { earningSign } from "./margin.ts";
import { OrderOf } from "./order.ts";
import { followPosition } from "./protect.ts";
import { applyFill, flushTouched } from "./settle.ts";
import type { Holding, Position } from "./state.ts";

/** A part of a position that goes, whatever its owner wants: steps, ticks. */
interface Part {
  readonly qty: number;
  readonly price: number;
}

/**
 * Takes a part of a position over at its bankruptcy price; the insurance fund closes it at the mark price.
 *
 * The fund keeps what that is better, and pays what it is worse. When it cannot, the other side is deleveraged at the
 * bankruptcy price, first in line first; only what is left then is the fund's loss.
 */
export function takeOver(books: Books, holding: Holding, position: Position, part: Part): void {
  const { market, account } = holding;
  const { contract, coin } = market;
  const { qty, price } = part;
  const { size } = position;
  const s = earningSign(market, size);
  const gain = (steps: number) => s * (contract.value(market.mark, steps) - contract.value(price, steps)) + 0;
  close(books, holding, position, { ...part, type: "BustTrade" });
  const side = size > 0 ? "buy" : "sell";
  books.emit(() => ({ type: "liquidation", market: market.key, account: account.id, side, qty, price }));
  let left = qty;
  if (coin.insurance + gain(qty) < 0) {
    for (const [other, opposite] of adlLine(market, -size, account)) {
      const taken = Math.min(left, Math.abs(opposite.size));
      takeAway(books, other, opposite, { qty: taken, price });
      left -= taken;
      if (left === 0) break;
    }
  }
  // The fund sold to the market at the mark price what it had from the account at the bankruptcy price.
  coin.insurance += gain(left);
  market.restValue -= gain(left);
}

/** Takes a part of a position away at `price`: auto-deleveraging. Tells it under way, and done. */
export function takeAway(books: Books, holding: Holding, position: Position, part: Part): void {
  position.status = "Adl";
  close(books, holding, position, { ...part, type: "AdlTrade" });
  flushTouched(books, holding.account);
  position.status = "Normal";
  position.touched = true;
  flushTouched(books, holding.account);
}

/** The exchange's own closing order, filled at once; what belongs to the position follows. */
function close(
  books: Books,
  holding: Holding,
  position: Position,
  part: Part & { type: "BustTrade" | "AdlTrade" },
): void {
  const order = new OrderOf<Holding>(holding, position.size > 0 ? "sell" : "buy");
  order.type = "Market";
  order.timeInForce = "IOC";
  order.createType = part.type === "BustTrade" ? "CreateByTakeOver_PassThrough" : "CreateByAdl_PassThrough";
  order.positionIdx = position.idx;
  order.reduceOnly = true;
  order.price = part.price;
  order.qty = part.qty;
  order.status = "Filled";
  register(books, order);
  applyFill(books, order, { ...part, isMaker: false });
  end(books, order, "Filled");
  tell(books, order);
  followPosition(books, holding, position);
  flushBook(books, holding.market);
}
