// Orders and bars through the pure venue on one core, and its memory over a million orders. Run: node bench/matching.ts
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createVenue } from "../src/matching/create.ts";
import type { Liquidity, MarketKey } from "../src/matching/types.ts";
import type { Venue } from "../src/matching/venue.ts";
import { instrumentOf } from "../src/simulator/market/instruments.ts";

const BTC: MarketKey = "linear/BTCUSDT";
const LAST = 600_000;
const LADDER: Liquidity = { kind: "ladder", spreadTicks: 100, levelQty: 1_000, levels: 50 };

function open(liquidity: Liquidity = { kind: "unlimited" }): Venue {
  const instrument = instrumentOf("BTCUSDT", "linear", 60_000);
  const venue = createVenue({ markets: [{ instrument, lastPrice: LAST, liquidity }], startTime: 0 });
  for (const id of ["a", "b"]) venue.openAccount({ id, balances: { USDT: 10_000_000 } });
  return venue;
}

/** Best of three runs on fresh venues, after a warm one. */
function race(name: string, count: number, work: (venue: Venue, i: number) => void, prepare = open): void {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 4; run++) {
    const venue = prepare();
    const began = performance.now();
    for (let i = 0; i < count; i++) work(venue, i);
    if (run > 0) best = Math.min(best, performance.now() - began);
  }
  console.log(`${name}: ${Math.round(count / best)}k/s`);
}

const market = { market: BTC, type: "Market", qty: 10 } as const;
const limit = { market: BTC, type: "Limit", qty: 10 } as const;

race("market orders, filled (aim: 500k/s)", 500_000, (venue, i) => {
  venue.placeOrder(i & 2 ? "a" : "b", { ...market, side: i & 1 ? "sell" : "buy" });
});
race("limit orders placed, each cancelled (aim: 500k/s)", 500_000, (venue, i) => {
  const reply = venue.placeOrder("a", { ...limit, side: "buy", price: LAST - 1_000 - (i & 63) });
  if (reply.ok) venue.cancelOrder("a", { market: BTC, orderId: reply.orderId });
});
race(
  "orders of two accounts that trade with each other (aim: 500k/s)",
  500_000,
  (venue, i) => {
    const isMaker = (i & 1) === 0;
    const isBuy = ((i >> 1) & 1) === (i & 1);
    venue.placeOrder(isMaker ? "a" : "b", { ...limit, side: isBuy ? "buy" : "sell", price: LAST - 50 });
  },
  () => open(LADDER),
);

const bar = { time: 0, open: LAST, high: LAST + 500, low: LAST - 500, close: LAST, volume: 1_000 };
race(
  "bars with one resting stop (aim: 2000k/s)",
  2_000_000,
  (venue, i) => {
    bar.time = i * 60_000;
    bar.close = LAST + (i & 255);
    venue.onBar(BTC, bar);
  },
  () => {
    const venue = open();
    venue.placeOrder("a", { ...market, side: "buy", stopLoss: { price: LAST - 10_000 } });
    return venue;
  },
);

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
const venue = open();
const heap: number[] = [];
for (let i = 1; i <= 1_000_000; i++) {
  venue.placeOrder(i & 2 ? "a" : "b", { ...market, side: i & 1 ? "sell" : "buy" });
  if (i % 250_000 !== 0) continue;
  collect();
  heap.push(Math.round(process.memoryUsage().heapUsed / 1e6));
}
console.log(`heap after each 250k of a million orders, history full: ${heap.join(", ")} MB`);
