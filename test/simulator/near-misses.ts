import type { Random } from "../../src/core/random.ts";

/** A request with one thing wrong in it, and the retCode that says so. */
export interface NearMiss {
  readonly path: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly code: number;
}
type Make = (dice: Random) => NearMiss;

const LINEAR = { category: "linear", symbol: "BTCUSDT" };
const SPOT = { category: "spot", symbol: "BTCUSDT" };
const side = (dice: Random) => (dice.next() < 0.5 ? "Buy" : "Sell");
const some = (dice: Random, from: number, to: number) => from + dice.below(to - from);
const lots = (dice: Random) => `0.00${1 + dice.below(9)}`;
const name = (dice: Random) => `none-${dice.below(1_000_000)}`;
const limit = (dice: Random) => ({
  ...LINEAR,
  side: side(dice),
  orderType: "Limit",
  qty: lots(dice),
  price: String(some(dice, 30_000, 60_000)),
});
const spot = (dice: Random) => ({ ...limit(dice), ...SPOT, side: "Buy", price: "58000" });

const create =
  (code: number, fields: (dice: Random) => object): Make =>
  (dice) => ({ path: "/v5/order/create", fields: { ...limit(dice), ...fields(dice) }, code });
const createSpot =
  (code: number, fields: (dice: Random) => object): Make =>
  (dice) => ({ path: "/v5/order/create", fields: { ...spot(dice), ...fields(dice) }, code });
const call =
  (code: number, path: string, fields: (dice: Random) => Record<string, unknown>): Make =>
  (dice) => ({ path, fields: fields(dice), code });

/** For an account at 20x cross margin, one-way, without positions, with one order `kept` and 100,000 USDT; last near 60,000. */
export const NEAR_MISSES: readonly Make[] = [
  create(10001, (dice) => ({ symbol: `NO${dice.below(1_000)}USDT` })),
  create(10001, (dice) => ({ price: `${some(dice, 30_000, 60_000)}.001` })),
  create(10001, (dice) => ({ qty: `0.000${1 + dice.below(9)}` })),
  create(10001, (dice) => ({ qty: String(some(dice, 10_000, 1e9)) })),
  create(10001, (dice) => ({ takeProfit: String(some(dice, 100, 20_000)), side: "Buy" })),
  create(10001, (dice) => ({ positionIdx: 1 + dice.below(2) })),
  create(10001, (dice) => ({ timeInForce: `GT${dice.below(9)}` })),
  create(110119, () => ({ timeInForce: "RPI" })),
  create(110108, (dice) => ({ orderType: "Market", slippageToleranceType: "TickSize", slippageTolerance: String(some(dice, 10_001, 1e6)) })),
  create(110109, (dice) => ({ orderType: "Market", slippageToleranceType: "Percent", slippageTolerance: String(some(dice, 11, 99)) })),
  create(110017, () => ({ reduceOnly: true })),
  create(110072, () => ({ orderLinkId: "kept" })),
  create(110007, (dice) => ({ qty: String(some(dice, 60, 90)), side: "Buy", price: "58000" })),
  create(110094, () => ({ price: "1000", qty: "0.001" })),
  create(110092, (dice) => ({ triggerPrice: String(some(dice, 1_000, 40_000)), triggerDirection: 1 })),
  create(110093, (dice) => ({ triggerPrice: String(some(dice, 90_000, 150_000)), triggerDirection: 2 })),
  createSpot(170121, (dice) => ({ symbol: `NO${dice.below(1_000)}USDT` })),
  createSpot(170131, (dice) => ({ qty: String(some(dice, 3, 40)) })),
  createSpot(170193, (dice) => ({ price: String(some(dice, 90_000, 150_000)) })),
  createSpot(170141, () => ({ orderLinkId: "kept" })),
  createSpot(170134, () => ({ price: "58000.0001" })),
  createSpot(170137, () => ({ qty: "0.00100000001" })),
  call(110001, "/v5/order/cancel", (dice) => ({ ...LINEAR, orderLinkId: name(dice) })),
  call(170213, "/v5/order/cancel", (dice) => ({ ...SPOT, orderLinkId: name(dice) })),
  call(110001, "/v5/order/amend", (dice) => ({ ...LINEAR, orderLinkId: name(dice), price: "50000" })),
  call(170213, "/v5/order/amend", (dice) => ({ ...SPOT, orderLinkId: name(dice), price: "50000" })),
  call(110043, "/v5/position/set-leverage", () => ({ ...LINEAR, buyLeverage: "10", sellLeverage: "10" })),
  call(10001, "/v5/position/set-leverage", (dice) => ({ ...LINEAR, buyLeverage: "5", sellLeverage: String(some(dice, 6, 50)) })),
  call(110025, "/v5/position/switch-mode", () => ({ ...LINEAR, mode: 0 })),
  call(110028, "/v5/position/switch-mode", () => ({ ...LINEAR, mode: 3 })),
  call(10001, "/v5/position/trading-stop", (dice) => ({ ...LINEAR, tpslMode: "Full", positionIdx: 0, stopLoss: String(some(dice, 30_000, 50_000)) })),
  call(110076, "/v5/position/set-auto-add-margin", (dice) => ({ ...LINEAR, autoAddMargin: dice.below(2), positionIdx: 0 })),
  call(110026, "/v5/account/set-margin-mode", () => ({ setMarginMode: "REGULAR_MARGIN" })),
  call(10017, "/v5/order/nothing", limit),
]; // biome-ignore format: a row per miss
