import { describe, expect, it } from "vitest";
import { BTC, COIN, ETH, type ExchangeDesk, exchangeDesk } from "../../support/exchange-desk.ts";

const ISOLATED = { marginMode: "ISOLATED_MARGIN" } as const;
const usdt = (desk: ExchangeDesk, account = "a") =>
  desk.venue.wallet(account).coins.find((row) => row.coin === "USDT")!;
const leverage = (desk: ExchangeDesk, buy: number, sell = buy) => desk.venue.setLeverage("a", BTC, { buy, sell });

describe("what an order needs: value / leverage + fee to open + fee to close", () => {
  it.each([
    ["the help centre's example: 1 BTC at 50,000, 10x", "buy", 50_000, 5_000 + 27.5 + 24.75],
    ["a sale closes dearer at its bankruptcy price", "sell", 50_000, 5_000 + 27.5 + 30.25],
    ["a bid below the market by its own price", "buy", 48_000, 4_800 + 26.4 + 23.76],
    ["an ask above the market by its own price", "sell", 52_000, 5_200 + 28.6 + 31.46],
  ] as const)("%s", (_what, side, price, cost) => {
    const have = (balance: number) => {
      const desk = exchangeDesk({ account: { balances: { USDT: balance.toFixed(8) } } });
      desk.depth([[47_000, 100]], [[53_000, 100]]);
      return desk;
    };
    expect(have(cost - 0.000_001).refused(side, 1, { price })).toBe(110_007);
    const desk = have(cost);
    expect(desk[side](1, { price }).status).toBe("New");
    expect(usdt(desk).orderIM).toBe(Math.round(cost * 1e8));
    expect(desk.venue.wallet("a").totalAvailableBalance).toBeCloseTo(0, 6);
  });

  it("of a market's buy and sell orders only the dearer side counts", () => {
    const desk = exchangeDesk();
    desk.depth([[47_000, 100]], [[53_000, 100]]);
    desk.buy(1, { price: 48_000 });
    desk.sell(0.5, { price: 52_000 });
    expect(usdt(desk).orderIM).toBe(4_850.16e8);
    desk.sell(0.5, { price: 52_000 });
    expect(usdt(desk).orderIM).toBe(5_260.06e8);
  });

  it("only what exceeds an opposite position opens something", () => {
    const desk = exchangeDesk();
    desk.depth([[47_000, 100]], [[50_000, 1]]);
    desk.buy(1, { price: 50_000 });
    desk.sell(1, { price: 52_000 });
    expect(usdt(desk).orderIM).toBe(0);
    desk.sell(1, { price: 52_000 });
    expect(usdt(desk).orderIM).toBe(5_260.06e8);
  });
});

describe("a position's margins", () => {
  const opened = (account: object) => {
    const desk = exchangeDesk({ account });
    desk.buy(1);
    desk.mark(51_000);
    return desk;
  };

  it("cross: both by the mark price", () => {
    const desk = opened({});
    // 51,000 / 10 + 51,000 × 0.9 × 0.00055; 51,000 × 0.005 + the same.
    expect(desk.position()).toMatchObject({ positionIM: 5_125.245e8, positionMM: 280.245e8, unrealisedPnl: 1_000e8 });
    const wallet = desk.venue.wallet("a");
    // BTC 10 at the index of 50,000.
    expect(wallet.totalWalletBalance).toBeCloseTo(1_000_000 - 27.5 + 500_000, 6);
    expect(wallet.totalPerpUPL).toBeCloseTo(1_000, 6);
    expect(wallet.totalMarginBalance).toBeCloseTo(1_500_972.5, 6);
    expect(wallet.totalAvailableBalance).toBeCloseTo(1_500_972.5 - 5_125.245, 6);
    expect(wallet.accountIMRate).toBeCloseTo(5_125.245 / 1_500_972.5, 12);
    expect(wallet.accountMMRate).toBeCloseTo(280.245 / 1_500_972.5, 12);
  });

  it("isolated: initial by entry, maintenance by mark with the fee by entry", () => {
    const desk = opened(ISOLATED);
    // 5,000 + 24.75; 51,000 × 0.005 + 24.75.
    expect(desk.position()).toMatchObject({ positionIM: 5_024.75e8, positionMM: 279.75e8, positionValue: 50_000e8 });
    expect(usdt(desk).available).toBe((1_000_000 - 27.5 - 5_024.75) * 1e8);
  });

  it("the bankruptcy price of an isolated position is entry × (1 ∓ 1 / leverage)", () => {
    const desk = exchangeDesk({ account: ISOLATED });
    desk.buy(1);
    expect(desk.position().bustPrice).toBe(desk.ticks(45_000));
    desk.sell(2);
    expect(desk.position().bustPrice).toBe(desk.ticks(55_000));
  });
});

describe("the risk ladder", () => {
  it("has the published deductions: 1,200, 3,020 and 4,300", () => {
    const desk = exchangeDesk();
    const { riskTiers } = desk.venue.market(BTC)!;
    let sum = 0;
    for (const [i, tier] of riskTiers.slice(1).entries()) {
      const below = riskTiers[i]!;
      sum += Number(below.limitValue) * (Number(tier.maintenanceMarginRate) - Number(below.maintenanceMarginRate));
      expect(sum).toBeCloseTo([1_200, 3_020, 4_300][i]!, 6);
      expect(Number(tier.maintenanceDeduction)).toBeCloseTo(sum, 6);
    }
  });

  it.each([
    [40, 1, 10_000, 100],
    [46, 2, 46 * 50_000 * 0.0056 - 1_200, 90],
    [60, 3, 60 * 50_000 * 0.0063 - 3_020, 80],
    [70, 4, 70 * 50_000 * 0.0067 - 4_300, 75],
  ])("a position of %d BTC stands on rung %d with maintenance margin %d and at most %dx", (qty, rung, kept, most) => {
    const desk = exchangeDesk({ account: ISOLATED });
    desk.buy(qty);
    const { riskId, riskLimitValue, positionMM } = desk.position();
    expect(riskId).toBe(rung);
    expect(riskLimitValue).toBe([2_000_000, 2_600_000, 3_200_000, 3_800_000][rung - 1]! * 1e8);
    expect(positionMM / 1e8).toBeCloseTo(kept + qty * 50_000 * 0.9 * 0.00055, 6);
    expect(leverage(desk, most + 0.01)).toMatchObject({ ok: false, code: 110_013 });
    expect(leverage(desk, most).ok).toBe(true);
  });

  it("refuses orders whose rung does not allow the leverage, with what is held and ordered", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 10_000_000 }, leverage: 100 } });
    desk.depth([[49_000, 100]], [[50_000, 100]]);
    expect(desk.refused("buy", 40.001)).toBe(110_090);
    expect(desk.buy(30).status).toBe("Filled");
    expect(desk.buy(10, { price: 49_500 }).status).toBe("New");
    // 30 at mark 50,000 and 10 at 49,500 leave 5,000.
    expect(desk.refused("buy", 0.102, { price: 49_500 })).toBe(110_090);
    expect(desk.buy(0.101, { price: 49_500 }).status).toBe("New");
    expect(leverage(desk, 90).ok).toBe(true);
    expect(desk.buy(5).status).toBe("Filled");
  });

  it("ends: beyond its last rung nothing opens at any leverage", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 40_000_000 }, leverage: 1 } });
    expect(desk.refused("buy", 76.001)).toBe(110_090);
    expect(desk.buy(76).status).toBe("Filled");
  });
});

describe("leverage", () => {
  it.each([
    [0.99, 10_001],
    [10.005, 10_001],
    [100.01, 110_013],
    [10, 110_043],
    [Number.NaN, 10_001],
  ])("of %d is answered %d", (value, code) => {
    expect(leverage(exchangeDesk(), value)).toMatchObject({ ok: false, code });
  });

  it("may differ by side only in isolated hedge mode", () => {
    expect(leverage(exchangeDesk(), 20, 5)).toMatchObject({ code: 10_001 });
    expect(leverage(exchangeDesk({ account: { positionMode: "hedge" } }), 20, 5)).toMatchObject({ code: 10_001 });
    expect(leverage(exchangeDesk({ account: ISOLATED }), 20, 5)).toMatchObject({ code: 10_001 });
    const desk = exchangeDesk({ account: { ...ISOLATED, positionMode: "hedge" } });
    expect(leverage(desk, 20, 5).ok).toBe(true);
    desk.buy(1, { positionIdx: 1 });
    desk.sell(1, { positionIdx: 2 });
    // 2,500 + 50,000 × 0.95 × 0.00055; 10,000 + 50,000 × 1.2 × 0.00055.
    expect(desk.position("a", BTC, 1)).toMatchObject({ leverage: 20, positionIM: 2_526.125e8 });
    expect(desk.position("a", BTC, 2)).toMatchObject({ leverage: 5, positionIM: 10_033e8 });
  });

  it("less of it needs the money at once, more of it may not liquidate", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 6_000 } } });
    desk.buy(1);
    expect(leverage(desk, 8)).toMatchObject({ ok: false, code: 110_044 });
    expect(leverage(desk, 9).ok).toBe(true);
    const isolated = exchangeDesk({ account: ISOLATED });
    isolated.buy(1);
    isolated.mark(49_500);
    expect(leverage(isolated, 100)).toMatchObject({ ok: false, code: 110_011 });
    expect(isolated.position()).toMatchObject({ leverage: 10, size: 1_000 });
    expect(leverage(isolated, 50).ok).toBe(true);
  });
});

describe("margin mode and added margin", () => {
  it("isolated keeps positions apart: what one loses the others keep", () => {
    const desk = exchangeDesk({ account: ISOLATED });
    desk.buy(1);
    desk.buy(10, { market: ETH });
    desk.mark(1, BTC);
    expect([desk.size(), desk.size("a", ETH)]).toEqual([0, 10]);
    // 5,024.75 of margin, and the fees to open.
    expect(desk.money()).toBeCloseTo(1_000_000 - 27.5 - 11 - 5_024.75, 8);
  });

  it("can be switched when nothing would break", () => {
    const desk = exchangeDesk();
    const to = (mode: "ISOLATED_MARGIN" | "REGULAR_MARGIN") => desk.venue.setMarginMode("a", mode);
    expect(to("REGULAR_MARGIN")).toMatchObject({ ok: false, code: 110_026 });
    desk.buy(1);
    desk.mark(45_100);
    // Isolated it would be worth less than its maintenance margin.
    expect(to("ISOLATED_MARGIN")).toMatchObject({ ok: false, code: 110_073 });
    desk.mark(46_000);
    expect(to("ISOLATED_MARGIN").ok).toBe(true);
    expect(desk.venue.marginMode("a")).toBe("ISOLATED_MARGIN");
  });

  it("margin added moves the liquidation price by margin / (quantity × (1 − rate)), and can be taken back", () => {
    const desk = exchangeDesk({ account: ISOLATED });
    const add = (amount: number) => desk.venue.addMargin("a", BTC, { amount: amount * 1e8, positionIdx: 0 });
    expect(add(100)).toMatchObject({ code: 110_033 });
    desk.buy(2);
    // (100,000 − 10,000) / (2 × 0.995) = 45,226.13…
    expect(desk.position().liqPrice).toBe(desk.ticks(45_226.1));
    const balance = desk.money();
    expect(add(1_000).ok).toBe(true);
    // (90,000 − 1,000) / 1.99 = 44,723.61…
    expect(desk.position()).toMatchObject({ liqPrice: desk.ticks(44_723.6), extraMargin: 1_000e8 });
    expect([desk.money(), usdt(desk).available]).toEqual([balance, Math.round((balance - 10_049.5 - 1_000) * 1e8)]);
    expect(add(-1_000.000_001)).toMatchObject({ code: 110_044 });
    expect(add(-1_000).ok).toBe(true);
    expect(desk.position().liqPrice).toBe(desk.ticks(45_226.1));
    expect(add(2_000_000)).toMatchObject({ code: 110_014 });
    expect(exchangeDesk().venue.addMargin("a", BTC, { amount: 1, positionIdx: 0 })).toMatchObject({ code: 110_015 });
  });

  it("margin added goes with the part of the position that closes", () => {
    const desk = exchangeDesk({ account: ISOLATED });
    desk.buy(2);
    desk.venue.addMargin("a", BTC, { amount: 1_000e8, positionIdx: 0 });
    desk.sell(0.5);
    expect(desk.position().extraMargin).toBe(750e8);
    desk.sell(1.5);
    desk.buy(1);
    expect(desk.position().extraMargin).toBe(0);
  });

  it("automatic margin is isolated and linear only, and saves a position while money lasts", () => {
    const desk = exchangeDesk({ account: { ...ISOLATED, balances: { USDT: 12_000, BTC: 1 } } });
    const auto = (on: boolean, market: typeof BTC | typeof COIN = BTC) =>
      desk.venue.setAutoAddMargin("a", market, { on, positionIdx: 0 });
    expect(auto(true, COIN)).toMatchObject({ code: 10_001 });
    expect(auto(true).ok).toBe(true);
    expect(auto(true)).toMatchObject({ code: 34_040 });
    desk.buy(1);
    desk.mark(45_000);
    expect(desk.size()).toBe(1);
    // Back to initial margin: the loss of 5,000 is made up for.
    expect(desk.position().extraMargin).toBe(5_000e8);
    desk.mark(35_000);
    expect(desk.size()).toBe(0);
    expect(exchangeDesk().venue.setAutoAddMargin("a", BTC, { on: true, positionIdx: 0 })).toMatchObject({
      code: 110_076,
    });
  });
});

describe("unrealised profit", () => {
  it("carries new orders in cross margin, never in isolated", () => {
    const balances = { USDT: 6_000 };
    const cross = exchangeDesk({ account: { balances } });
    cross.buy(1);
    expect(cross.refused("buy", 0.2)).toBe(110_007);
    cross.mark(51_000);
    cross.trade(51_000);
    // 6,000 − 27.5 + 1,000 − 5,125.245 are left; 0.2 need 1,020 + 5.61 + 5.049.
    expect(cross.buy(0.2).status).toBe("Filled");
    const isolated = exchangeDesk({ account: { ...ISOLATED, balances } });
    isolated.buy(1);
    isolated.mark(51_000);
    isolated.trade(51_000);
    expect(isolated.refused("buy", 0.2)).toBe(110_007);
    cross.mark(49_000);
    expect(cross.refused("buy", 0.01)).toBe(110_007);
  });
});

describe("a pre-check", () => {
  it("foretells the margin rates, and sends nothing", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 10_000 } } });
    const before = desk.venue.digest();
    const request = { market: BTC, side: "buy", type: "Market", qty: 1_000 } as const;
    const told = desk.venue.preCheck("a", request);
    // 5,000 + 27.5 + 24.75 to open; 250 + 24.75 to keep.
    expect(told).toEqual({
      ok: true,
      before: [0, 0],
      after: [expect.closeTo(0.505_225, 12), expect.closeTo(0.027_475, 12)],
    });
    expect(desk.venue.digest()).toBe(before);
    desk.buy(1);
    expect(desk.venue.wallet("a").accountMMRate).toBeCloseTo(274.75 / 9_972.5, 12);
    expect(desk.venue.preCheck("a", { ...request, qty: 2_000 })).toMatchObject({ ok: false, code: 110_007 });
    const held = desk.venue.preCheck("a", { ...request, side: "sell", reduceOnly: true });
    expect(held).toMatchObject({ ok: true, after: held.ok ? held.before : [] });
  });
});

describe("money out", () => {
  it("only what nothing stands on, never what prices promise", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 10_000 } } });
    desk.buy(1);
    desk.mark(60_000);
    // 6,000 + 60,000 × 0.9 × 0.00055 of margin at the mark price.
    const free = 10_000 - 27.5 - 6_029.7;
    const out = (amount: number) => desk.venue.transfer("a", "USDT", -Math.round(amount * 1e8));
    expect(out(free + 0.000_001)).toMatchObject({ ok: false, code: 110_004 });
    expect(out(free)).toMatchObject({ ok: true });
    expect(usdt(desk).available).toBe(0);
  });
});
