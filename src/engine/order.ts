import type { Side } from "../model/trade.ts";
import type { OrderFact, Outcome } from "./facts.ts";
import type { Purpose } from "./identity.ts";

/**
 * Where an order stands, as far as is known.
 *
 * `intended`: journalled, maybe sent. `unknown`: sent, and nobody answered. `working`: the exchange has it. The rest is final.
 */
export type OrderState = "intended" | "unknown" | "working" | "filled" | "canceled" | "refused" | "expired";

/** An order of the bot, from its intent on. */
export interface OrderRecord {
  readonly linkId: string;
  readonly lane: string;
  readonly symbol: string;
  readonly purpose: Purpose;
  readonly side: Side;
  /** Plain decimal. */
  readonly qty: string;
  /** Stop and target that travel with it; `null` for none. */
  readonly stopLoss: string | null;
  readonly takeProfit: string | null;
  /** Close of the bar that was decided on, epoch ms. */
  readonly barTime: number;
  readonly createdAt: number;
  readonly state: OrderState;
  readonly orderId: string | null;
  /** The largest filled quantity ever told, plain decimal. */
  readonly cumExecQty: string;
  readonly reason: string | null;
}

/** Which state may follow which. What is not here is not an error but old news: streams repeat and overtake. */
const MOVES: Readonly<Record<OrderState, readonly OrderState[]>> = {
  intended: ["unknown", "working", "filled", "canceled", "refused", "expired"],
  unknown: ["working", "filled", "canceled", "refused", "expired"],
  working: ["filled", "canceled", "refused"],
  // A fill may be told after a cancel or a rejection that lost the race against it.
  canceled: ["filled"],
  refused: ["working", "filled", "canceled"],
  expired: ["working", "filled", "canceled"],
  filled: [],
};

/** Whether nothing more can come of it. */
export function isFinal(state: OrderState): boolean {
  return state !== "intended" && state !== "unknown" && state !== "working";
}

/** The order after an answer to its request. */
export function afterOutcome(order: OrderRecord, outcome: Outcome): OrderRecord {
  switch (outcome.kind) {
    case "accepted":
      return moved({ ...order, orderId: order.orderId ?? outcome.orderId }, "working", null);
    case "refused":
      return moved(order, "refused", `${outcome.code} ${outcome.reason}`);
    case "notSent":
      return moved(order, "expired", outcome.reason);
    case "unknown":
      return moved(order, "unknown", outcome.reason);
  }
}

/** The order after the exchange told how it stands, by stream or query, in any order and any number of times. */
export function afterFact(order: OrderRecord, fact: OrderFact): OrderRecord {
  const cumExecQty = Number(fact.cumExecQty) > Number(order.cumExecQty) ? fact.cumExecQty : order.cumExecQty;
  const known = { ...order, orderId: order.orderId ?? fact.orderId, cumExecQty };
  const state = stateOf(fact.status);
  return state === null ? known : moved(known, state, state === "refused" ? fact.rejectReason : order.reason);
}

/** What a status of Bybit means here; `null` for words nobody has heard yet: they change nothing. */
export function stateOf(status: string): OrderState | null {
  switch (status) {
    case "New":
    case "PartiallyFilled":
    case "Untriggered":
    case "Triggered":
      return "working";
    case "Filled":
      return "filled";
    case "Cancelled":
    case "PartiallyFilledCanceled":
    case "Deactivated":
      return "canceled";
    case "Rejected":
      return "refused";
    default:
      return null;
  }
}

function moved(order: OrderRecord, state: OrderState, reason: string | null): OrderRecord {
  return MOVES[order.state].includes(state) ? { ...order, state, reason } : order;
}
