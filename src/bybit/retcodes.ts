/** What a retCode says, and what to do about it. */
export interface RetCodeInfo {
  readonly meaning: string;
  readonly advice: string;
}

const QTY = "round the quantity to the market's step, within its least and most (get_instruments_info)";
const PRICE = "bring the price inside the limits (get_price_limit) and onto the tick";
const FUNDS = "lower the quantity, or bring funds in";
const GONE = "look the order up (get_open_orders, get_order_history): it may have been filled";
const WAIT = "wait a moment, then look before asking again";
const NOTHING = "nothing: it is as you wanted it";
const KEY = "check the key on the exchange's page, then run grimoire doctor";
const TRIGGER = "put the trigger price on the other side of the price now, or turn triggerDirection";

const say = (meaning: string, advice: string): RetCodeInfo => ({ meaning, advice });

/** Codes a trader meets, by number. */
const CODES: Readonly<Record<number, RetCodeInfo>> = {
  403: say("this address asks too often, or from where it may not", "stop for ten minutes"),
  404: say("no such path, or not for this kind of account", "check the account: it must be a unified one"),
  429: say("the exchange is overloaded", WAIT),
  10001: say("a parameter is wrong", "read the exchange's words, then the function's --help"),
  10002: say(
    "the request was stamped outside the time window",
    "check this machine's clock; a signal that waited may be stale",
  ),
  10003: say("the key is not known here", "use a key of this environment; testnet, demo and mainnet have their own"),
  10004: say("the signature is wrong", "check the secret"),
  10005: say("the key may not do this", KEY),
  10006: say("asked too often", "wait until the limit resets"),
  10007: say("not logged in", KEY),
  10008: say("the account is barred from this", "check the account's mode and state"),
  10009: say("not served in this region", "nothing a program can do"),
  10010: say("the key is bound to other addresses", "add this machine's address to the key"),
  10014: say("the same request twice", GONE),
  10017: say("no such path", "check the function; this exchange may not serve it"),
  10024: say("refused for compliance", "nothing a program can do"),
  10027: say("trading is banned for this account", "ask the exchange's support"),
  10028: say("for unified accounts only", "upgrade the account"),
  10029: say("the symbol is not on the key's list", KEY),
  10403: say("this address asks too often", "slow down"),
  10404: say("no such operation or kind of market", "check category and operation"),
  10429: say("system protection", WAIT),
  20001: say("logged in twice", NOTHING),
  20003: say("too much on one connection", "slow down"),
  20006: say("a reqId was used twice", "make a fresh one"),
  30035: say("options cancelled too fast", "slow down"),
  30208: say("the price is above the highest buy price", PRICE),
  30209: say("the price is below the lowest sell price", PRICE),
  30228: say("no new positions, the market is being delisted", "close what is open"),
  [-2015]: say("the key has expired", "make a new key"),
  33004: say("the key has expired", "make a new key"),
  34040: say("nothing would change", NOTHING),
  40004: say("the order was changed meanwhile", GONE),
  100028: say("not for unified accounts", "call the function for unified accounts"),
  110001: say("no such open order", GONE),
  110003: say("the price is outside the allowed range", PRICE),
  110004: say("the wallet holds too little", FUNDS),
  110005: say("the position's state does not allow it", "look at the position first"),
  110006: say("what is there cannot cover the margin", FUNDS),
  110007: say("the available balance is too small", FUNDS),
  110008: say("the order is finished or cancelled already", GONE),
  110009: say("too many stop orders", "cancel some; ten conditional orders per symbol"),
  110010: say("the order is cancelled already", NOTHING),
  110011: say("it would liquidate the position at once", "do not"),
  110012: say("the available balance is too small", FUNDS),
  110013: say("the risk tier does not allow this leverage", "lower the leverage, or the position"),
  110014: say("too little to add to the margin", FUNDS),
  110015: say("the position is in cross margin", "set_margin_mode first, or leave margin alone"),
  110017: say(
    "reduce-only, and there is nothing to reduce",
    "look at the position: it is closed, or on the other side",
  ),
  110018: say("unknown user id", KEY),
  110019: say("malformed order id", "check the id"),
  110020: say("500 orders are open", "cancel some"),
  110021: say("the whole market's open interest is at its limit", "wait, or trade less"),
  110022: say("the quantity may not grow", QTY),
  110023: say("this market only lets positions shrink now", "close only"),
  110024: say("a position is open: the mode stays", "close it, then switch"),
  110025: say("the position mode is that already", NOTHING),
  110026: say("the margin mode is that already", NOTHING),
  110027: say("the margin is that already", NOTHING),
  110028: say("orders are open: the mode stays", "cancel them, then switch"),
  110029: say("no hedge mode for this market", "stay one-way"),
  110031: say("no risk tier", "check the symbol"),
  110032: say("the order is not allowed", "read the exchange's words"),
  110033: say("no position to put margin to", "look at the position first"),
  110034: say("no position", "look at the position first"),
  110035: say("orders are still being cancelled before liquidation", WAIT),
  110036: say("leverage cannot change in cross margin here", "set_margin_mode first"),
  110038: say("leverage cannot change in portfolio margin", "set_margin_mode first"),
  110039: say("the maintenance margin rate is too high", "make the position smaller"),
  110040: say("the order would lead to liquidation", "lower the quantity"),
  110042: say("before delivery only closing is allowed", "close only"),
  110043: say("the leverage is that already", NOTHING),
  110044: say("the margin is too small", FUNDS),
  110045: say("the wallet holds too little", FUNDS),
  110046: say("it would liquidate the position at once", "do not"),
  110047: say("the risk tier cannot change now", "make the position smaller"),
  110048: say("the risk tier cannot change now", "make the position smaller"),
  110051: say("the balance does not cover the lowest price", FUNDS),
  110052: say("the balance does not cover the price set", FUNDS),
  110053: say("the balance does not cover the price now", FUNDS),
  110054: say("TP/SL orders are there: the mode stays", "cancel them first"),
  110055: say("TP/SL orders are there: the mode stays", "cancel them first"),
  110056: say("trailing stops are there: the mode stays", "cancel them first"),
  110057: say("this order cannot carry TP/SL", "set them on the position (set_trading_stop)"),
  110058: say("the rest of the position is too small for this TP/SL", "look at the position first"),
  110059: say("TP/SL of a partly filled order cannot change", "set them on the position (set_trading_stop)"),
  110060: say("TP/SL cannot change in full mode", "set them on the position (set_trading_stop)"),
  110061: say("more than 20 partial TP/SL", "cancel some"),
  110063: say("settlement is going on", WAIT),
  110064: say("the new quantity is not above what is filled", "look at the order first"),
  110066: say("trading is not allowed now", "look at the market's state"),
  110068: say("trading on leverage is not allowed", KEY),
  110069: say("not while an institutional loan runs", "ask the exchange's support"),
  110072: say("this orderLinkId was used before", "the order is there: get_open_orders orderLinkId=…"),
  110073: say("the margin mode could not be set", "read the exchange's reasons"),
  110074: say("the market is not live", "look at its status (get_instruments_info)"),
  110076: say("for isolated margin only", "set_margin_mode first"),
  110077: say("not in portfolio margin", "set_margin_mode first"),
  110078: say("more than may be taken back", "take less"),
  110079: say("the order is being worked on", WAIT),
  110082: say("the reduce-only mark cannot be lifted", "make the position smaller"),
  110083: say("the reduce-only mark cannot be lifted", "make the position smaller"),
  110085: say("the risk tier cannot be this", "look at the tiers (get_risk_limit)"),
  110086: say("the leverage is above what the tier allows", "lower the leverage"),
  110089: say("above the highest risk tier", "lower the quantity"),
  110090: say("the position would need less leverage", "lower the leverage, or the quantity"),
  110092: say("the price is past the trigger: it should rise to it", TRIGGER),
  110093: say("the price is past the trigger: it should fall to it", TRIGGER),
  110094: say("worth less than the least order", "raise the quantity (minNotionalValue in get_instruments_info)"),
  110101: say("the coin is no collateral", "set_collateral_coin first"),
  110108: say("slippage tolerance must be 1 to 10000 ticks", "change slippageTolerance"),
  110109: say("slippage tolerance must be 0.01 to 10 percent", "change slippageTolerance"),
  110118: say("the book is too thin for a market order", "use a limit order"),
  110119: say("RPI orders are for approved makers", "use another timeInForce"),
  110120: say("the price is below the limit", PRICE),
  110121: say("the price is above the limit", PRICE),
  110123: say("terms are not agreed to", "agree on the exchange's page"),
  110124: say("a cooling-off period runs", "wait until it is over"),
  110125: say("terms are not agreed to", "agree on the exchange's page"),
  110132: say("not served in this region", "nothing a program can do"),
  170005: say("too many new orders", "slow down"),
  170033: say("the margin is too small", FUNDS),
  170036: say("margin is not switched on", "spot_margin_trade_toggle_margin_trade spotMarginMode=1"),
  170037: say("no margin for this coin", "trade without isLeverage"),
  170121: say("no such symbol", "check the symbol (get_instruments_info category=spot)"),
  170124: say("the quantity is too large", QTY),
  170130: say("a parameter is wrong", "read the exchange's words, then the function's --help"),
  170131: say("the balance is too small", FUNDS),
  170132: say("the price is too high", PRICE),
  170133: say("the price is too low", PRICE),
  170134: say("the price has too many decimals", PRICE),
  170136: say("the quantity is below the least", QTY),
  170137: say("the quantity has too many decimals", QTY),
  170139: say("the order is filled already", GONE),
  170140: say("worth less than the least order", "raise the quantity (minOrderAmt in get_instruments_info)"),
  170141: say("this orderLinkId was used before", "the order is there: get_open_orders orderLinkId=…"),
  170142: say("the order is cancelled already", NOTHING),
  170143: say("the order is not in the book", GONE),
  170145: say("this kind of order cannot be cancelled", "wait until it is done"),
  170148: say("the amount has too many decimals", QTY),
  170151: say("the pair is not open", "look at its status (get_instruments_info)"),
  170157: say("the pair is not traded by API", "trade another"),
  170159: say("no market orders in the first minutes", "use a limit order"),
  170190: say("the order is cancelled", NOTHING),
  170191: say("the order cannot be cancelled now", WAIT),
  170192: say("the price is outside the limits", PRICE),
  170193: say("the buy price is above the limit", PRICE),
  170194: say("the sell price is below the limit", PRICE),
  170197: say("the quantity is too large for a market order", "split it"),
  170198: say("the quantity is too large for a market order", "split it"),
  170201: say("no such orderFilter", "Order, tpslOrder or StopOrder"),
  170202: say("the TP/SL price is missing", "give triggerPrice"),
  170203: say("the trigger price is above 110 %", TRIGGER),
  170204: say("the trigger price is below 90 %", TRIGGER),
  170210: say("the order was rejected", "read the exchange's words"),
  170212: say("the cancellation is under way", WAIT),
  170213: say("no such order", GONE),
  170217: say("only post-only orders here", "timeInForce=PostOnly"),
  170218: say("post-only, and it would have taken", "move the price away"),
  170311: say("the amendment failed", GONE),
  170312: say("amending is not supported here", "cancel, then place anew"),
  170313: say("the new quantity is below what is filled", "look at the order first"),
  170341: say("the quantity is above the most", QTY),
  170344: say("no margin trading of this pair", "trade without isLeverage"),
  170346: say("the settle coin is no collateral", "set_collateral_coin first"),
  170371: say("the price is below the limit", PRICE),
  170372: say("the price is above the limit", PRICE),
  170381: say("the quantity is too large", QTY),
  170382: say("the quantity is too large", QTY),
  170810: say("too many open orders", "cancel some"),
  3400045: say("the margin mode could not be set", "read the exchange's reasons"),
};

/** The exchange itself does not know what became of it. */
const UNCERTAIN: ReadonlySet<number> = new Set([
  10000, 10016, 10019, 170001, 170007, 170032, 170035, 170146, 170147, 170149, 170150, 170310,
]);

/** Ranges in which every code is a plain no: parameters, keys, orders, spot, accounts. */
const PLAIN_NO: readonly (readonly [number, number])[] = [
  [10001, 10099],
  [20001, 20099],
  [30000, 34999],
  [40000, 40099],
  [100000, 100099],
  [110000, 110999],
  [130000, 131999],
  [170000, 170999],
  [180000, 182999],
  [3400000, 3409999],
];

/** What `retCode` means; for codes without an entry, where to look. */
export function retCodeInfo(retCode: number): RetCodeInfo {
  return (
    CODES[retCode] ?? {
      meaning: "refused",
      advice: "read the exchange's words, and its page of error codes",
    }
  );
}

/**
 * Whether a write that was answered so has certainly not been done. Codes nobody has told us of are not trusted: the
 * account is asked instead.
 */
export function isPlainNo(retCode: number): boolean {
  if (UNCERTAIN.has(retCode)) return false;
  return CODES[retCode] !== undefined || PLAIN_NO.some(([from, to]) => retCode >= from && retCode <= to);
}

/** Whether an order may have been refused because the market's rules are not what they were. */
export function isAboutRules(retCode: number): boolean {
  return RULES.has(retCode) || [QTY, PRICE].includes(CODES[retCode]?.advice ?? "");
}
/** A parameter is wrong, and worth too little. */
const RULES: ReadonlySet<number> = new Set([10001, 110094, 170140]);

/** The exchange itself does not know, or does not say, what became of the request. */
export function isUncertain(retCode: number): boolean {
  return UNCERTAIN.has(retCode) || retCode === -1;
}

/** The wanted state is there already: nothing was done, nothing is wrong. */
export const ALREADY_SO: ReadonlySet<number> = new Set([34040, 110025, 110026, 110027, 110043]);

/** An order of this name was taken in before. */
export const DUPLICATE_ID: ReadonlySet<number> = new Set([110072, 170141]);

export const CLOCK_REFUSED = 10002;
export const RATE_LIMITED = 10006;
