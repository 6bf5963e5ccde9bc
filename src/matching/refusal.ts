import type { MarketKey, Refusal } from "./types.ts";

/** What the venue says with a retCode when there is nothing more precise to say. */
const WORDS: Readonly<Record<number, string>> = {
  10001: "Request parameter error.",
  34040: "not modified",
  110001: "order not exists or too late to cancel",
  110003: "Order price exceeds the allowable range.",
  110004: "Wallet balance is insufficient",
  110007: "ab not enough for new order",
  110009: "The number of stop orders exceeds the maximum allowable limit",
  110013: "Cannot set leverage due to risk limit level",
  110014: "Insufficient available balance to add additional margin",
  110015: "The position is in cross margin mode",
  110017: "Reduce-only rule not satisfied",
  110020: "Not allowed to have more than 500 active orders",
  110024: "You have an existing position, so the position mode cannot be switched",
  110025: "Position mode is not modified",
  110026: "Cross/isolated margin mode is not modified",
  110028: "You have existing open orders, so the position mode cannot be switched",
  110029: "Hedge mode is not supported for this symbol",
  110033: "You can't set margin without an open position",
  110043: "leverage not modified",
  110044: "Insufficient available margin",
  110061: "Cannot set more than 20 TP/SL under Partial mode",
  110064: "The order modified during the process of replacing is not allowed",
  110072: "OrderLinkedID is duplicate",
  110073: "Set margin mode failed",
  110074: "This contract is not live",
  110076: "Only available in isolated mode",
  110090: "Order placement failed as your position may exceed the max. Please adjust your leverage",
  110092: "expect Rising, but trigger_price <= current",
  110093: "expect Falling, but trigger_price >= current",
  110094: "Order does not meet minimum order value",
  110118: "market order price could not be obtained",
  170121: "Invalid symbol.",
  170131: "Insufficient balance.",
  170136: "Order quantity below the lower limit.",
  170140: "Order value exceeded lower limit.",
  170141: "Duplicate clientOrderId",
  170193: "Buy order price cannot be higher than the limit.",
  170194: "Sell order price cannot be lower than the limit.",
  170202: "TP/SL order price is missing",
  170213: "Order does not exist.",
  170313: "The amended quantity is less than the filled quantity",
  170341: "Order quantity exceeded upper limit.",
  170810: "Cannot exceed maximum of 500 conditional, TP/SL and active orders.",
};

/** The venue's no, as a value: nothing has changed. */
export function refuse(code: number, reason: string = WORDS[code] ?? "Request refused."): Refusal {
  return { ok: false, code, reason };
}

/** What is said of a market that is not here. */
export function unknownMarket(key: MarketKey): Refusal {
  return key.startsWith("spot/") ? refuse(170121) : refuse(10001, "Not supported symbols");
}
