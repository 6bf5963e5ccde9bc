import type { ParamsOf } from "../bybit/catalogue.ts";
import { ExchangeRefused } from "../bybit/errors.ts";
import type { Gateway } from "../bybit/gateway.ts";
import { ArgumentError, ConfigError, OutcomeUnknown, VenueUnreachable } from "../core/errors.ts";
import type { Outcome } from "../engine/facts.ts";
import type { ApprovedRequest } from "../engine/requests.ts";

/** How long an answer is waited for before the outcome is unknown, ms. */
const ANSWER_MS = 5_000;

/**
 * Sends a request, once, and tells what became of it. It never throws because of the exchange; whether it is sent again is
 * for the bot to say.
 */
export async function sendRequest(gateway: Gateway, request: ApprovedRequest): Promise<Outcome> {
  const once = { attempts: 1, timeoutMs: ANSWER_MS } as const;
  try {
    switch (request.kind) {
      case "entry":
      case "exit": {
        const { orderId } = await gateway.call("place_order", orderOf(request), once);
        return { kind: "accepted", orderId };
      }
      case "protect":
        await gateway.call("set_trading_stop", protectionOf(request), once);
        return { kind: "accepted", orderId: "" };
      case "cancel": {
        const { symbol, orderId } = request;
        await gateway.call("cancel_order", { category: "linear", symbol, orderId }, once);
        return { kind: "accepted", orderId };
      }
    }
  } catch (error) {
    return outcomeOf(error);
  }
}

/** The outcome an error stands for. @throws what is no outcome: a mistake in the program */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof ExchangeRefused) return { kind: "refused", code: error.retCode, reason: error.message };
  if (error instanceof VenueUnreachable) return { kind: "notSent", reason: error.message };
  if (error instanceof OutcomeUnknown) return { kind: "unknown", reason: error.message };
  // It was looked at here and found wrong: nothing left.
  if (error instanceof ArgumentError || error instanceof ConfigError) return { kind: "notSent", reason: error.message };
  throw error;
}

type OrderRequest = Extract<ApprovedRequest, { kind: "entry" | "exit" }>;

function orderOf(request: OrderRequest): ParamsOf<"place_order"> {
  const { symbol, side, qty, linkId } = request;
  const order = {
    category: "linear",
    symbol,
    side: side === "buy" ? "Buy" : "Sell",
    orderType: "Market",
    qty,
    orderLinkId: linkId,
    positionIdx: 0,
  } as const;
  if (request.kind === "exit") return { ...order, reduceOnly: true };
  const { stopLoss, takeProfit } = request;
  return {
    ...order,
    ...((stopLoss !== null || takeProfit !== null) && { tpslMode: "Full" as const }),
    ...(stopLoss !== null && { stopLoss }),
    ...(takeProfit !== null && { takeProfit }),
  };
}

function protectionOf(request: Extract<ApprovedRequest, { kind: "protect" }>): ParamsOf<"set_trading_stop"> {
  const { symbol, stopLoss, takeProfit, trailing } = request;
  return {
    category: "linear",
    symbol,
    positionIdx: 0,
    tpslMode: "Full",
    ...(trailing && { trailingStop: trailing.distance }),
    ...(trailing?.activePrice && { activePrice: trailing.activePrice }),
    ...(stopLoss !== null && { stopLoss }),
    ...(takeProfit !== null && { takeProfit }),
  };
}
