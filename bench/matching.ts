/**
 * Orders and bars through the pure venue on one core, and its memory over a million orders: `node bench/matching.ts`.
 *
 * Claims: at least 500,000 orders a second, at least 2,000,000 one-minute bars a second with one resting stop, and a heap
 * that is within a few percent after 100,000 and after 1,000,000 orders. Each round runs every work once on a fresh venue,
 * interleaved; medians of the rounds after one to warm up, in CPU time of the one thread, so that neighbours do not count.
 * A work that was refused, or filled too little, throws.
 */
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { random } from "../src/core/random.ts";
import { createVenue } from "../src/matching/create.ts";
import type { Liquidity, MarketKey } from "../src/matching/types.ts";
import type { Venue } from "../src/matching/venue.ts";
import { instrumentOf } from "../src/simulator/market/instruments.ts";

const { values: flags } = parseArgs({
  options: {
    orders: { type: "string", default: "300000" },
    bars: { type: "string", default: "2000000" },
    rounds: { type: "string", default: "7" },
    memory: { type: "string", default: "1000000" },
    json: { type: "boolean", default: false },
  },
});
const orders = Number(flags.orders);
const bars = Number(flags.bars);

const BTC: MarketKey = "linear/BTCUSDT";
const LAST = 600_000;
const UNLIMITED: Liquidity = { kind: "unlimited" };
const LADDER: Liquidity = { kind: "ladder", spreadTicks: 100, levelQty: 1_000, levels: 50 };
const IDS = ["a", "b", "c", "d"];

function open(liquidity: Liquidity, historyLimit?: number): Venue {
  const instrument = instrumentOf("BTCUSDT", "linear", 60_000);
  const venue = createVenue({ markets: [{ instrument, lastPrice: LAST, liquidity }], startTime: 0, historyLimit });
  for (const id of IDS) venue.openAccount({ id, balances: { USDT: 10_000_000 } });
  return venue;
}

/** Dice thrown before the clock runs. */
const DICE = 1 << 16;
const dice = Int32Array.from({ length: DICE }, (_, i) => random(`die ${i}`).below(2 ** 30));
const die = (i: number) => dice[i & (DICE - 1)]!;

const market = { market: BTC, type: "Market", qty: 10 } as const;
const limit = { market: BTC, type: "Limit", qty: 10 } as const;
const fine = (ok: boolean) => {
  if (!ok) throw new Error("refused");
};

/**
 * Of eight commands five place a limit order inside the spread or cancel one, one amends, two take at market; four
 * accounts, some 200 orders resting, each with an id of its client's.
 */
function mix(venue: Venue, count: number, prefix = ""): void {
  const resting: { id: string; orderId: number }[] = [];
  for (let i = 0; i < count; i++) {
    const roll = die(i);
    const id = IDS[roll & 3]!;
    const side = roll & 4 ? "buy" : "sell";
    const kind = (roll >> 3) & 7;
    const at = (roll >> 6) % resting.length;
    if (kind < 5 && resting.length < 200) {
      // Each side keeps to its half of the spread, so that these rest.
      const price = side === "buy" ? LAST - 100 + ((roll >> 8) % 50) : LAST - 49 + ((roll >> 8) % 50);
      const reply = venue.placeOrder(id, { ...limit, side, price, orderLinkId: `${prefix}${i}` });
      if (reply.ok) resting.push({ id, orderId: reply.orderId });
      else throw new Error(`${reply.code} ${reply.reason} ${i} ${price}`);
    } else if (kind < 6 && resting.length > 0) {
      const one = resting[at]!;
      const last = resting.pop()!;
      if (one !== last) resting[at] = last;
      if (kind < 5) venue.cancelOrder(one.id, { market: BTC, orderId: one.orderId });
      else if (venue.amendOrder(one.id, { market: BTC, orderId: one.orderId, qty: 11 + (roll >> 20) }).ok)
        resting.push(one);
    } else fine(venue.placeOrder(id, { ...market, side }).ok);
  }
}

interface Work {
  readonly count: number;
  readonly aim?: number;
  run(): void;
}
const works: Record<string, Work> = {
  "orders, mixed": {
    count: orders,
    aim: 500_000,
    run() {
      const venue = open(LADDER);
      mix(venue, orders);
      if ([...venue.executions("a")].length < 10_000 * Math.min(1, orders / 100_000)) throw new Error("too few fills");
    },
  },
  "orders, mixed, told to a listener": {
    count: orders,
    run() {
      const venue = open(LADDER);
      let events = 0;
      venue.listen(() => {
        events += 1;
      });
      mix(venue, orders);
      if (events < orders) throw new Error("too few events");
    },
  },
  "orders at market, each filled": {
    count: orders,
    aim: 500_000,
    run() {
      const venue = open(UNLIMITED);
      for (let i = 0; i < orders; i++)
        fine(venue.placeOrder(i & 2 ? "a" : "b", { ...market, side: i & 1 ? "sell" : "buy" }).ok);
    },
  },
  "orders placed, then cancelled (both counted)": {
    count: orders,
    aim: 500_000,
    run() {
      const venue = open(UNLIMITED);
      for (let i = 0; i < orders; i += 2) {
        const reply = venue.placeOrder("a", { ...limit, side: "buy", price: LAST - 1_000 - (i & 63) });
        fine(reply.ok && venue.cancelOrder("a", { market: BTC, orderId: reply.orderId }).ok);
      }
    },
  },
  "orders of two accounts, each the other's fill": {
    count: orders,
    aim: 500_000,
    run() {
      const venue = open(LADDER);
      for (let i = 0; i < orders; i++) {
        const side = ((i >> 1) & 1) === (i & 1) ? "buy" : "sell";
        fine(venue.placeOrder(i & 1 ? "b" : "a", { ...limit, side, price: LAST - 50 }).ok);
      }
      if ([...venue.openOrders("a")].length + [...venue.openOrders("b")].length > 1) throw new Error("unfilled");
    },
  },
  "bars, one resting stop": { count: bars, aim: 2_000_000, run: () => replay(bars, false) },
  "bars with a mark price each, one resting stop": { count: bars, run: () => replay(bars, true) },
  "bars that each stop a position out and open the next": {
    count: orders,
    run() {
      const venue = open(UNLIMITED);
      const bar = { time: 0, open: LAST, high: LAST + 500, low: LAST - 500, close: LAST, volume: 1_000 };
      for (let i = 0; i < orders; i++) {
        fine(venue.placeOrder("a", { ...market, side: "buy", stopLoss: { price: LAST - 400 } }).ok);
        bar.time += 60_000;
        venue.onBar(BTC, bar);
      }
      if (venue.positions("a", BTC)[0]!.size !== 0) throw new Error("not stopped");
    },
  },
};

function replay(count: number, hasMark: boolean): void {
  const venue = open(UNLIMITED);
  fine(venue.placeOrder("a", { ...market, side: "buy", stopLoss: { price: LAST - 10_000 } }).ok);
  const bar = { time: 0, open: LAST, high: LAST, low: LAST, close: LAST, volume: 1_000 };
  for (let i = 0; i < count; i++) {
    bar.time += 60_000;
    bar.open = bar.close;
    bar.close = LAST + (die(i) % 4_000);
    bar.high = Math.max(bar.open, bar.close) + (i & 255);
    bar.low = Math.min(bar.open, bar.close) - (i & 127);
    if (hasMark) venue.setMark(BTC, bar.open);
    venue.onBar(BTC, bar);
  }
  if (venue.positions("a", BTC)[0]!.size !== 10) throw new Error("stopped");
}

const times = new Map<string, number[]>();
for (let round = -1; round < Number(flags.rounds); round++) {
  for (const [name, work] of Object.entries(works)) {
    const began = process.threadCpuUsage();
    work.run();
    const { user, system } = process.threadCpuUsage(began);
    if (round >= 0) times.set(name, [...(times.get(name) ?? []), (user + system) / 1_000]);
  }
}
const rows = Object.entries(works).map(([name, { count, aim }]) => {
  const sorted = times.get(name)!.toSorted((a, b) => a - b);
  const rate = (ms: number) => Math.round((count / ms) * 1_000);
  return { name, perSecond: rate(sorted[sorted.length >> 1]!), best: rate(sorted[0]!), aim: aim ?? null };
});

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;
// Every list of history is full before the first tenth is done.
const venue = open(LADDER, 2_000);
const heap: { orders: number; mb: number }[] = [];
const most = Number(flags.memory);
for (let done = 0; done < most; ) {
  const part = most / 10;
  mix(venue, part, `${done}-`);
  for (const id of IDS) venue.cancelAll(id);
  done += part;
  collect();
  heap.push({ orders: done, mb: Math.round(process.memoryUsage().heapUsed / 1e4) / 100 });
}
const growth = heap.length === 0 ? null : heap[heap.length - 1]!.mb / heap[0]!.mb - 1;

if (flags.json) console.log(JSON.stringify({ orders, bars, rows, heap, growth }, null, 2));
else {
  console.log("per second, median and best\n");
  for (const { name, perSecond, best, aim } of rows) {
    const numbers = [perSecond, best].map((value) => value.toLocaleString("en").padStart(12)).join("");
    console.log(`${name.padEnd(54)}${numbers}${aim === null ? "" : `   aim ${aim.toLocaleString("en")}`}`);
  }
  const [first, last] = [heap[0], heap[heap.length - 1]];
  if (first && last && growth !== null) {
    const change = `${growth >= 0 ? "+" : ""}${(100 * growth).toFixed(1)} %`;
    console.log(`\nheap after ${first.orders} orders ${first.mb} MB, after ${last.orders} ${last.mb} MB: ${change}`);
  }
}
