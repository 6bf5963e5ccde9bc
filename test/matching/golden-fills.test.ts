import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createVenue } from "../../src/matching/create.ts";
import type { MarketKey, MarketOptions, OrderRequest, VenueOptions } from "../../src/matching/types.ts";
import type { Instrument } from "../../src/model/instrument.ts";
import { PLAIN } from "../support/venue-desk.ts";

/** Prices, quantities and rates are text, bars are open, high, low, close. */
type Scenario = Readonly<Record<string, string>> & {
  readonly bars: readonly Row[];
  readonly bar: Row;
  readonly filled: string | boolean;
  readonly fills: readonly (readonly [price: string, qty: string])[];
  readonly funding_payments: readonly [{ readonly mark: string; readonly rate: string }];
};
type Row = readonly [string, string, string, string];

const file = join(import.meta.dirname, "../golden/fills_accounting.json");
const golden = JSON.parse(readFileSync(file, "utf8")) as { readonly scenarios: readonly Scenario[] };
const scenario = (id: string): Scenario => golden.scenarios.find((one) => one.id === id)!;

const tested = new Set<string>();
/** Runs a scenario; `differs` says where the venue does it otherwise than the scenario's words, and why. */
function rule(id: string, check: (given: Scenario) => void, differs = ""): void {
  tested.add(id);
  it(differs === "" ? id : `${id}, but ${differs}`, () => check(scenario(id)));
}

type Wish = Partial<OrderRequest> & Pick<OrderRequest, "side" | "qty">;

/** One market and one account, in prices and quantities as people write them. No fees unless told otherwise. */
function market(
  at: string,
  grid: { tick?: string; step?: string; inverse?: boolean } = {},
  options: Partial<MarketOptions> & { venue?: Partial<VenueOptions>; isolated?: number } = {},
) {
  const { tick = "0.1", step = "0.001", inverse = false } = grid;
  const instrument: Instrument = {
    ...PLAIN,
    ...(inverse && { category: "inverse", quoteCoin: "USD", settleCoin: "XYZ" }),
    ...{ tickSize: tick, minPrice: tick, qtyStep: step, minOrderQty: step, minNotionalValue: "0.0001" },
    maxMarketOrderQty: "10000",
  };
  const key: MarketKey = inverse ? "inverse/PLAIN" : "linear/PLAIN";
  const ticks = (price: string | number) => Number((Number(price) / Number(tick)).toFixed(6));
  const steps = (qty: string | number) => Number((Number(qty) / Number(step)).toFixed(6));
  const free = { taker: 0, maker: 0 };
  const { venue: more, isolated, ...rest } = options;
  const venue = createVenue({
    markets: [{ instrument, lastPrice: ticks(at), ...rest }],
    startTime: 0,
    fees: { linear: free, inverse: free },
    ...more,
  });
  venue.openAccount({
    id: "a",
    balances: { USDT: 100_000, XYZ: 10 },
    ...(isolated && { marginMode: "ISOLATED_MARGIN", leverage: isolated }),
  });
  let minute = 0;
  const barOf = ([open, high, low, close]: Row, volume: string) => ({
    ...{ time: minute * 60_000, open: ticks(open), high: ticks(high), low: ticks(low), close: ticks(close) },
    volume: steps(volume),
  });
  return {
    venue,
    key,
    ticks,
    steps,
    /** Accepts an order. @throws Error when the venue does not */
    order(wish: Wish) {
      const type = wish.price === undefined ? "Market" : "Limit";
      const reply = venue.placeOrder("a", { market: key, type, ...wish });
      if (!reply.ok) throw new Error(`${reply.code} ${reply.reason}`);
      return venue.order("a", { market: key, orderId: reply.orderId })!;
    },
    bar(row: Row, volume = "1000") {
      minute += 1;
      venue.onBar(key, barOf(row, volume));
    },
    /** Only the open of the next bar; `rest` walks the whole of it. */
    open(row: Row) {
      minute += 1;
      venue.advanceTo(minute * 60_000);
      venue.openBar(key, ticks(row[0]));
      return { rest: () => venue.onBar(key, barOf(row, "1000")) };
    },
    /** Prices of the fills so far, oldest first, and what made each. */
    fills: () =>
      [...venue.executions("a")]
        .filter(({ type }) => type !== "Funding")
        .map((row): [number, string] => [Number((row.price * Number(tick)).toFixed(6)), row.stopOrderType])
        .reverse(),
    position: () => venue.positions("a", key)[0]!,
    wallet: () => venue.wallet("a").coins.find(({ coin }) => coin === instrument.settleCoin)!.walletBalance / 1e8,
  };
}

const TAKER = { fees: { linear: { taker: 0.00055, maker: 0.0002 } } };

describe("fills_accounting.json on the venue", () => {
  rule(
    "next_open",
    ({ bars, fill }) => {
      const liquidity = { kind: "unlimited", slippageBps: 5 } as const;
      const open = market(bars[0]![0], { tick: "0.001" }, { liquidity });
      open.bar(bars[0]!);
      open.open(bars[1]!);
      open.order({ side: "buy", qty: 1 });
      expect(open.fills()).toEqual([[Number(fill), ""]]);
      const close = market(bars[0]![0], { tick: "0.001" }, { liquidity });
      close.bar(bars[0]!);
      close.order({ side: "buy", qty: 1 });
      expect(close.fills()).toEqual([[104.052, ""]]);
    },
    "a market order trades when it comes: who wants the next open sends it after `openBar`",
  );

  rule(
    "sl_tp_same_bar_pessimistic",
    ({ entry, sl, tp, bar, exit }) => {
      const it = market(entry!);
      it.order({ side: "buy", qty: 1, stopLoss: { price: it.ticks(sl!) }, takeProfit: { price: it.ticks(tp!) } });
      it.bar(bar);
      expect(it.fills().slice(1)).toEqual([[Number(exit), "StopLoss"]]);
      expect(Object.keys([...it.venue.closedPnl("a")][0]!)).not.toContain("ambiguous");
    },
    "an exchange's rows have no word for an ambiguous bar",
  );

  rule(
    "gap_through_stop",
    ({ entry, sl, bar, exit }) => {
      const it = market(entry!);
      it.order({ side: "buy", qty: 1, stopLoss: { price: it.ticks(sl!) } });
      it.bar(bar);
      expect(it.fills().slice(1)).toEqual([[Number(exit), "StopLoss"]]);
    },
    "a stop that gapped is called StopLoss like any other, as on Bybit",
  );

  rule("gap_through_tp_limit", ({ entry, tp, bar, exit_realistic, exit_conservative }) => {
    for (const [gapFill, exit] of [
      ["open", exit_realistic],
      ["limit", exit_conservative],
    ] as const) {
      const it = market(entry!, {}, { gapFill, priceLimit: { x: 0.1, y: 0.2 } });
      it.order({ side: "buy", qty: 1 });
      it.order({ side: "sell", qty: 1, price: it.ticks(tp!), reduceOnly: true });
      it.bar(bar);
      expect(it.fills().slice(1)).toEqual([[Number(exit), ""]]);
    }
  });

  for (const id of ["limit_touch_not_fill", "limit_through_fill"]) {
    rule(id, ({ limit, tick, bar, filled, fill }) => {
      const it = market(bar[0], { tick: tick! });
      it.order({ side: "buy", qty: 1, price: it.ticks(limit!) });
      it.bar(bar);
      expect(it.fills()).toEqual(filled ? [[Number(fill), ""]] : []);
    });
  }

  rule("entry_bar_stop", ({ bars, entry, sl, exit }) => {
    const it = market(bars[0]![0]);
    it.bar(bars[0]!);
    const { rest } = it.open(bars[1]!);
    it.order({ side: "buy", qty: 1, stopLoss: { price: it.ticks(sl!) } });
    rest();
    expect(it.fills()).toEqual([
      [Number(entry), ""],
      [Number(exit), "StopLoss"],
    ]);
  });

  rule(
    "trailing_no_same_bar_peak",
    ({ peak_before, trail_pct, bar, stop }) => {
      const trailed = () => {
        const it = market("108");
        it.order({ side: "buy", qty: 1 });
        const trailingStop = it.ticks(Number(peak_before) * Number(trail_pct));
        const wish = { market: it.key, positionIdx: 0, tpslMode: "Full", trailingStop } as const;
        expect(it.venue.setTradingStop("a", wish).ok).toBe(true);
        it.bar(["108", peak_before!, "108", peak_before!]);
        return it;
      };
      const stays = trailed();
      stays.bar(bar);
      expect(stays.fills()).toHaveLength(1);
      const goes = trailed();
      goes.bar([bar[0], bar[1], stop!, bar[3]]);
      expect(goes.fills().slice(1)).toEqual([[Number(stop), "TrailingStop"]]);
      // 2.2 behind the new peak of 120, where 2 % would be 117.6.
      const [waiting] = [...stays.venue.openOrders("a")];
      expect(waiting).toMatchObject({ stopOrderType: "TrailingStop", stopPrice: stays.ticks("117.8") });
    },
    "Bybit trails by a distance: the 2 % are those of the peak when it was set",
  );

  rule("round_trip_linear", (given) => {
    const [{ mark, rate }] = given.funding_payments;
    const it = market(given.entry!, { step: "0.1" }, { venue: TAKER });
    const before = it.wallet();
    it.order({ side: "buy", qty: it.steps(given.qty!) });
    it.venue.setMark(it.key, it.ticks(mark));
    it.venue.onFunding(it.key, Number(rate));
    it.venue.onTrade(it.key, { price: it.ticks(given.exit!), qty: 1, side: "buy" });
    it.venue.setMark(it.key, it.ticks(given.exit!));
    it.order({ side: "sell", qty: it.steps(given.qty!), reduceOnly: true });
    const [row] = [...it.venue.closedPnl("a")];
    expect([row!.openFee / 1e8, row!.closeFee / 1e8]).toEqual([Number(given.fee_entry), Number(given.fee_exit)]);
    expect((row!.cumExitValue - row!.cumEntryValue) / 1e8).toBe(Number(given.gross));
    const paid = [...it.venue.transactions("a")].reduce((sum, { funding }) => sum + funding, 0);
    expect(paid / 1e8).toBe(Number(given.funding));
    expect(it.wallet() - before).toBeCloseTo(Number(given.net), 8);
  });

  rule("round_trip_inverse", ({ qty_usd, entry, exit, gross_coin }) => {
    const it = market(entry!, { step: "1", inverse: true });
    const before = it.wallet();
    it.order({ side: "buy", qty: Number(qty_usd) });
    it.venue.onTrade(it.key, { price: it.ticks(exit!), qty: 1, side: "buy" });
    it.order({ side: "sell", qty: Number(qty_usd), reduceOnly: true });
    // Money is counted in units of 1e-8 of the coin: the nearest one.
    expect(Math.round((it.wallet() - before) * 1e8)).toBe(Math.round(Number(gross_coin) * 1e8));
  });

  rule("funding_sign", ({ qty, mark, rate, long_cash, short_cash }) => {
    for (const [side, cash] of [
      ["buy", long_cash],
      ["sell", short_cash],
    ] as const) {
      const it = market(mark!);
      it.venue.onFunding(it.key, Number(rate));
      const before = it.wallet();
      it.order({ side, qty: it.steps(qty!) });
      expect(it.wallet()).toBe(before);
      it.venue.onFunding(it.key, Number(rate));
      expect(it.wallet() - before).toBe(Number(cash));
    }
  });

  rule("partial_fill_avg", ({ fills, avg }) => {
    const it = market(fills[0]![0], {}, { priceLimit: { x: 0.1, y: 0.2 } });
    const shown = fills.map(([price, qty]): [number, number] => [it.ticks(price), it.steps(qty)]);
    const stopLoss = { price: it.ticks("95") };
    it.venue.onBook(it.key, "snapshot", { bids: [[it.ticks("90"), 1]], asks: shown.slice(0, 2) });
    it.order({ side: "buy", qty: it.steps("1"), price: shown[2]![0], stopLoss });
    const stop = () => [...it.venue.openOrders("a")].find(({ stopOrderType }) => stopOrderType === "StopLoss")!;
    expect([stop().qty, it.position().size]).toEqual([it.steps("0.5"), it.steps("0.5")]);
    it.venue.onBook(it.key, "delta", { bids: [], asks: [shown[2]!] });
    expect(it.position().entryPrice).toBeCloseTo(Number(avg), 9);
    expect([stop().qty, it.position().size]).toEqual([it.steps("1"), it.steps("1")]);
  });

  rule("volume_cap", ({ qty, bar_volume, participation, filled, remaining }) => {
    const it = market("100", {}, { participation: Number(participation) });
    const order = it.order({ side: "buy", qty: it.steps(qty!), price: it.ticks("99.5") });
    it.bar(["100", "100", "99", "99"], bar_volume);
    expect([order.cumExecQty, order.leavesQty]).toEqual([it.steps(String(filled)), it.steps(remaining!)]);
    it.bar(["99", "99", "98", "98"], bar_volume);
    expect(order.leavesQty).toBe(it.steps("2"));
  });

  rule(
    "isolated_liquidation_long",
    ({ lev, mmr, entry, qty, liq_price, bankruptcy_price }) => {
      const it = market(entry!, {}, { isolated: Number(lev) });
      it.order({ side: "buy", qty: it.steps(qty!) });
      const { liqPrice, bustPrice } = it.position();
      expect(bustPrice).toBe(it.ticks(bankruptcy_price!));
      const cost = Number(entry) * Number(qty);
      const worth = (cost - cost / Number(lev)) / (1 - Number(mmr));
      expect(liqPrice).toBe(Math.floor(it.ticks(worth / Number(qty))));
      expect(liqPrice).toBe(it.ticks("45226.1"));
      expect(liqPrice).toBeLessThan(it.ticks(liq_price!));
      const before = it.wallet();
      it.venue.setMark(it.key, liqPrice + 1);
      expect(it.position().size).toBe(it.steps(qty!));
      it.venue.setMark(it.key, liqPrice);
      expect(it.fills().slice(1)).toEqual([[Number(bankruptcy_price), ""]]);
      expect(it.wallet() - before).toBe(-cost / Number(lev));
    },
    "maintenance margin is of the value at mark, as Bybit has it now, not of the entry value: later by 23.9",
  );

  rule(
    "rounding",
    ({ raw_qty, qty, raw_sl_long, sl_long, raw_sl_short, sl_short, tick }) => {
      for (const [side, raw, rounded] of [
        ["buy", raw_sl_long, sl_long],
        ["sell", raw_sl_short, sl_short],
      ] as const) {
        const it = market("100", { tick: tick! });
        const wish = { market: it.key, side, type: "Market" } as const;
        expect(it.venue.placeOrder("a", { ...wish, qty: it.steps(raw_qty!) })).toMatchObject({ code: 10001 });
        const stopLoss = { price: it.ticks(raw!) };
        expect(it.venue.placeOrder("a", { ...wish, qty: it.steps(qty!), stopLoss })).toMatchObject({ code: 10001 });
        it.order({ side, qty: it.steps(qty!), stopLoss: { price: it.ticks(rounded!) } });
        expect(it.position().stopLoss).toBe(it.ticks(rounded!));
      }
    },
    "rounding is its client's: what is off the grid is refused, never moved",
  );

  rule(
    "risk_sizing",
    ({ equity, risk, entry, stop, fee, step, qty }) => {
      const loss = (size: number, leverage: number) => {
        const fees = { linear: { taker: Number(fee), maker: Number(fee) } };
        const it = market(entry!, { step: step! }, { venue: { fees } });
        it.venue.setLeverage("a", it.key, { buy: leverage, sell: leverage });
        const before = it.wallet();
        it.order({ side: "buy", qty: size, stopLoss: { price: it.ticks(stop!) } });
        it.bar([entry!, entry!, "97", "97"]);
        expect(it.position().size).toBe(0);
        return before - it.wallet();
      };
      const budget = Number(equity) * Number(risk);
      const size = Math.round(Number(qty) / Number(step));
      expect(loss(size, 1)).toBeLessThanOrEqual(budget);
      expect(loss(size + 1, 1)).toBeGreaterThan(budget);
      expect(loss(size, 50)).toBe(loss(size, 1));
    },
    "the venue sizes nothing: the size given loses the budget and no more, at any leverage",
  );

  it("has a test for every scenario", () => {
    expect([...tested].sort()).toEqual(golden.scenarios.map(({ id }) => id).sort());
    expect(tested.size).toBe(16);
  });
});
