import { VenueRejection } from "../../core/errors.ts";

/** Codes this exchange answers with and the words it says with them; a caller may say more precise ones. */
const WORDS: Readonly<Record<number, string>> = {
  0: "OK",
  10000: "Server Timeout",
  10001: "Request parameter error.",
  10002: "invalid request, please check your server timestamp or recv_window param.",
  10003: "API key is invalid.",
  10004: "Error sign, please check your signature generation algorithm.",
  10005: "Permission denied, please check your API key permissions.",
  10006: "Too many visits. Exceeded the API Rate Limit.",
  10010: "Unmatched IP, please check your API key's bound IP addresses.",
  10016: "Server error.",
  10017: "Route not found.",
  10403: "Exceed IP rate limit.",
  10404: "op type is not found",
  20001: "Repeat auth",
  20006: "Duplicate reqId",
  33004: "Your api key has expired.",
  34040: "not modified",
  110001: "order not exists or too late to cancel",
  110003: "Order price exceeds the allowable range.",
  110004: "Wallet balance is insufficient",
  110007: "ab not enough for new order",
  110009: "The number of stop orders exceeds the maximum allowable limit",
  110010: "The order has been cancelled",
  110013: "Cannot set leverage due to risk limit level",
  110017: "Reduce-only rule not satisfied",
  110020: "Not allowed to have more than 500 active orders",
  110024: "You have an existing position, so the position mode cannot be switched",
  110025: "Position mode is not modified",
  110026: "Cross/isolated margin mode is not modified",
  110028: "You have existing open orders, so the position mode cannot be switched",
  110043: "leverage not modified",
  110061: "Cannot set more than 20 TP/SL under Partial mode",
  110064: "The order modified during the process of replacing is not allowed",
  110072: "OrderLinkedID is duplicate",
  110074: "This contract is not live",
  110076: "Only available in isolated mode",
  110092: "expect Rising, but trigger_price <= current",
  110094: "Order does not meet minimum order value",
  110118: "market order price could not be obtained",
  110120: "Order price is below the price limit",
  110121: "Order price is above the price limit",
  170121: "Invalid symbol.",
  170131: "Insufficient balance.",
  170134: "Order price has too many decimals.",
  170136: "Order quantity below the lower limit.",
  170137: "Order quantity has too many decimals.",
  170140: "Order value exceeded lower limit.",
  170141: "Duplicate clientOrderId",
  170193: "Buy order price cannot be higher than the limit.",
  170194: "Sell order price cannot be lower than the limit.",
  170213: "Order does not exist.",
  3400045: "Set margin mode failed",
};

/** What the exchange says with `retCode`. */
export function words(retCode: number): string {
  return WORDS[retCode] ?? "Request refused.";
}

/** The exchange's no, to be thrown: its `code` is the retCode as text, its message the retMsg. */
export function refusal(retCode: number, retMsg: string = words(retCode)): VenueRejection {
  return new VenueRejection(String(retCode), retMsg);
}
