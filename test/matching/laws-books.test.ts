import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderRow } from "../../src/matching/order.ts";
import type { OrderRow, PositionRow } from "../../src/matching/rows.ts";
import type { Venue } from "../../src/matching/venue.ts";
import { Bookkeeper } from "../support/bookkeeper.ts";
import { WORLD } from "../support/random-flow.ts";
import {
  crowdFlow,
  crowds,
  openWild,
  performWild,
  type WildDone,
  type WildStep,
  type World,
  wildFlow,
  worlds,
} from "../support/wild-flow.ts";

interface Scene {
  readonly venue: Venue;
  readonly books: Bookkeeper;
  readonly world: World;
}

/** `since`: the last execution before the step. */
type Moment = WildDone & { readonly step: WildStep; readonly since: number };

type Check = (scene: Scene, moment: Moment) => void;

function play(world: World, steps: readonly WildStep[], check: Check): Scene {
  const venue = openWild(world);
  const scene = { venue, world, books: new Bookkeeper(venue) };
  for (const step of steps) {
    const since = scene.books.lastExecution;
    check(scene, { ...performWild(venue, world, step), step, since });
  }
  return scene;
}

function always(numRuns: number, check: Check): void {
  const law = fc.property(worlds, wildFlow, (world, steps) => void play(world, steps, check));
  fc.assert(law, { numRuns });
}

/** `check` sees the end of it. */
function inCrowds(numRuns: number, check: (scene: Scene) => void): void {
  const law = fc.property(crowds, crowdFlow, (world, steps) => check(play(world, steps, () => {})));
  fc.assert(law, { numRuns });
}

/** What a position row says that no price moves. */
function lasting(row: PositionRow): Partial<PositionRow> {
  const { size, entryPrice, leverage, autoAddMargin, extraMargin, takeProfit, stopLoss, trailingStop } = row;
  const { curRealisedPnl, cumRealisedPnl, createdTime, openTime, updatedTime, seq, status } = row;
  const set = { leverage, autoAddMargin, extraMargin, takeProfit, stopLoss, trailingStop, status };
  return { size, entryPrice, curRealisedPnl, cumRealisedPnl, createdTime, openTime, updatedTime, seq, ...set };
}

/** A trailing stop follows the price without a word. */
const still = (row: OrderRow): OrderRow => ({ ...row, stopPrice: 0 });

describe("a second bookkeeper who only hears what is told", () => {
  it("comes to the same positions, profits and fees, whatever happens", () => {
    const kinds = new Set<string>();
    always(250, ({ venue, books }) => {
      expect(books.complaints).toEqual([]);
      for (const id of WORLD.accounts) {
        for (const row of venue.positions(id)) {
          const kept = books.kept(id, row.market, row.positionIdx);
          const entry = kept.size === 0 ? 0 : kept.cost / Math.abs(kept.size) / 1e8;
          expect(row.size, id).toBe(kept.size);
          const price = row.market === "inverse/INV" && entry !== 0 ? 1 / entry : entry;
          expect(Math.abs(row.entryPrice - price)).toBeLessThan(1e-9 * (1 + price));
          expect([row.curRealisedPnl, row.cumRealisedPnl]).toEqual([kept.current + 0, kept.ever + 0]);
        }
        for (const row of books.executions.get(id) ?? []) kinds.add(`${row.type} ${row.isMaker ? "maker" : "taker"}`);
      }
    });
    expect([...kinds].sort()).toEqual([
      "AdlTrade taker",
      "BustTrade taker",
      "Funding taker",
      "Trade maker",
      "Trade taker",
    ]);
  });

  it("knows every order, execution, position and balance that can be asked for", () => {
    always(100, ({ venue, books }) => {
      const told = [...books.orders.values()];
      for (const id of WORLD.accounts) {
        const own = told.filter((order) => order.account === id);
        const open = own.filter((order) => order.closedSeq === 0).sort((x, y) => y.id - x.id);
        const closed = own.filter((order) => order.closedSeq !== 0).sort((x, y) => y.closedSeq - x.closedSeq);
        expect([...venue.openOrders(id)].map(orderRow).map(still)).toEqual(open.map(still));
        expect([...venue.closedOrders(id)].map(orderRow)).toEqual(closed);
        expect([...venue.executions(id)].reverse()).toEqual(books.executions.get(id) ?? []);
        for (const row of venue.positions(id)) {
          const last = books.rows.get(`${id} ${row.market} ${row.positionIdx}`);
          if (last) expect(lasting(row)).toEqual(lasting(last));
          else expect([row.size, row.seq, row.extraMargin]).toEqual([0, -1, 0]);
        }
        for (const { coin, walletBalance } of venue.wallet(id).coins) {
          expect(walletBalance, `${id} ${coin}`).toBe(books.balances.get(`${id} ${coin}`) ?? 0);
        }
      }
    });
  });

  it("finds each wallet to be what its transactions add up to, and all money where the audit says it is", () => {
    always(80, ({ venue }) => {
      let wallets = 0;
      for (const id of WORLD.accounts) {
        const sums = new Map<string, number>();
        for (const row of [...venue.transactions(id)].reverse()) {
          const sum = (sums.get(row.coin) ?? 0) + row.change;
          sums.set(row.coin, sum);
          expect(row.change).toBe(row.cashFlow + row.funding - row.fee);
          expect(row.balance).toBe(sum);
        }
        for (const { coin, walletBalance } of venue.wallet(id).coins) {
          expect(walletBalance).toBe(sums.get(coin) ?? 0);
          if (coin === "USDT") wallets += walletBalance;
        }
      }
      const { coins, sizes } = venue.audit();
      expect(coins.find(({ coin }) => coin === "USDT")!.wallets).toBe(wallets);
      for (const { coin, residual } of coins) expect(residual, coin).toBe(0);
      for (const [key, size] of Object.entries(sizes)) expect(size, key).toBe(0);
    });
  });

  it("is told that the book changed whenever own orders changed it", () => {
    let seen = 0;
    fc.assert(
      fc.property(wildFlow, (steps) => {
        const world: World = {
          ...{ liquidity: { kind: "unlimited" }, participation: undefined, gapFill: undefined, maker: 0.0002 },
          ...{ insurance: 1_000_000, ownTradesMovePrice: false },
        };
        const venue = openWild(world);
        const told = new Set<string>();
        venue.listen((event) => event.type === "book" && told.add(event.market));
        const own = () =>
          WORLD.keys.map((key) => {
            const resting = WORLD.accounts.flatMap((id) => [...venue.openOrders(id, key)]);
            const live = resting.filter((row) => row.status === "New" || row.status === "PartiallyFilled");
            return JSON.stringify(live.map((row) => [row.id, row.price, row.leavesQty]).sort());
          });
        let before = own();
        for (const step of steps) {
          told.clear();
          performWild(venue, world, step);
          const after = own();
          for (const [i, key] of WORLD.keys.entries()) {
            if (before[i] === after[i]) continue;
            expect(told, step.kind).toContain(key);
            seen += 1;
          }
          before = after;
        }
      }),
      { numRuns: 100 },
    );
    expect(seen).toBeGreaterThan(100);
  });
});

describe("in a wild world", () => {
  it("no bar fills beyond its extremes, but for slippage as a cost on top and gaps filled at the order's price", () => {
    let fills = 0;
    always(150, ({ books, world }, { bar, market, since }) => {
      if (!bar) return;
      const slippage =
        typeof world.liquidity === "object" && world.liquidity.kind === "unlimited" && world.liquidity.slippageBps;
      const room = slippage ? Math.ceil((bar.high * slippage) / 10_000) + 1 : 0;
      for (const rows of books.executions.values()) {
        for (const row of rows) {
          if (row.market !== market || row.type !== "Trade" || row.id <= since) continue;
          const isOwnPrice = row.isMaker && world.gapFill === "limit" && row.price === row.orderPrice;
          if (isOwnPrice) continue;
          const most = row.isMaker ? 0 : room;
          expect(row.price).toBeGreaterThanOrEqual(bar.low - most);
          expect(row.price).toBeLessThanOrEqual(bar.high + most);
          fills += 1;
        }
      }
    });
    expect(fills).toBeGreaterThan(50);
  });

  it("what is refused changes nothing, in a batch neither", () => {
    fc.assert(
      fc.property(worlds, wildFlow, (world, steps) => {
        const venue = openWild(world);
        for (const step of steps) {
          const before = venue.digest();
          const { reply, replies } = performWild(venue, world, step);
          const all = reply ? [reply] : (replies ?? []);
          if (all.length > 0 && all.every((one) => !one.ok)) expect(venue.digest(), step.kind).toBe(before);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("no account ends below nothing", () => {
    always(200, ({ venue }) => {
      for (const id of WORLD.accounts) {
        expect(venue.wallet(id).totalEquity, id).toBeGreaterThan(-1e-6);
        if (venue.positions(id).some(({ size }) => size !== 0)) continue;
        for (const coin of venue.wallet(id).coins) expect(coin.walletBalance, id).toBeGreaterThanOrEqual(-coin.locked);
      }
    });
  });

  it("questions change nothing", () => {
    always(20, ({ venue }) => {
      const before = venue.digest();
      for (const id of WORLD.accounts) {
        venue.wallet(id);
        for (const key of WORLD.keys) [venue.positions(id, key), venue.leverage(id, key), venue.positionMode(id, key)];
        const request = { market: "linear/PLAIN", side: "buy", type: "Market", qty: 1 } as const;
        venue.preCheck(id, request);
      }
      expect(venue.digest()).toBe(before);
    });
  });
});

describe("in a crowd", () => {
  it("an order keeps its time in force: all or nothing, nothing later, nothing taken", () => {
    const seen = new Set<string>();
    inCrowds(300, ({ venue, books }) => {
      expect(books.complaints).toEqual([]);
      for (const id of WORLD.accounts) {
        const byOrder = new Map<number, boolean[]>();
        for (const { orderId, isMaker } of venue.executions(id)) {
          byOrder.set(orderId, [...(byOrder.get(orderId) ?? []), isMaker]);
        }
        for (const order of [...venue.openOrders(id), ...venue.closedOrders(id)]) {
          const makers = byOrder.get(order.id) ?? [];
          const { timeInForce, cumExecQty, qty, status } = order;
          if (makers.length > 0) seen.add(timeInForce);
          if (timeInForce === "PostOnly") expect(makers).not.toContain(false);
          if (timeInForce === "IOC" || timeInForce === "FOK") {
            expect(["New", "PartiallyFilled"]).not.toContain(status);
            expect(makers).not.toContain(true);
          }
          if (timeInForce === "FOK" && cumExecQty > 0) expect(cumExecQty).toBe(qty);
        }
      }
    });
    expect([...seen].sort()).toEqual(["FOK", "GTC", "IOC", "PostOnly"]);
  });

  it("the book is never crossed", () => {
    inCrowds(150, ({ venue }) => {
      const { bids, asks } = venue.depth("linear/PLAIN", 1);
      if (bids[0] && asks[0]) expect(bids[0][0]).toBeLessThan(asks[0][0]);
    });
  });

  it("money and sizes add up, and no one ends below nothing", () => {
    inCrowds(150, ({ venue }) => {
      const { coins, sizes } = venue.audit();
      for (const { coin, residual } of coins) expect(residual, coin).toBe(0);
      for (const [key, size] of Object.entries(sizes)) expect(size, key).toBe(0);
      for (const id of WORLD.accounts) expect(venue.wallet(id).totalEquity, id).toBeGreaterThan(-1e-6);
    });
  });
});
