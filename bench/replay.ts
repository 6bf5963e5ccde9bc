/**
 * A year of minutes through the whole bot: `node bench/replay.ts`.
 *
 * Claim: at least 1,000,000 bars a second on one core, bot and venue built anew each time, bars in memory. Each round
 * replays `rsi-trend` once and backtests it fast once on the same bars; best and median of the rounds after one to warm up,
 * in CPU time of the one thread. Both must come to the same trades. `--data FILE` adds a file's bars to the seeded ones.
 */
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { backtest } from "../src/backtest/backtest.ts";
import { replay } from "../src/backtest/replay/replay.ts";
import type { Bars } from "../src/model/bar.ts";
import { instrumentOf } from "../src/simulator/market/instruments.ts";
import { generateBars } from "../src/store/generate.ts";
import { loadBars } from "../src/store/load.ts";
import { STRATEGIES } from "../src/strategies/registry.ts";

const { values: flags } = parseArgs({
  options: {
    bars: { type: "string", default: "525600" },
    rounds: { type: "string", default: "5" },
    strategy: { type: "string", default: "rsi-trend" },
    data: { type: "string", default: "../shared/market/klines/binance-um_BTCUSDT_1.csv.gz" },
    json: { type: "boolean", default: false },
  },
});
const strategy = STRATEGIES.find(({ name }) => name === flags.strategy)!;

const seeded = generateBars({
  seed: 1,
  symbol: "BTCUSDT",
  interval: "1",
  from: Date.UTC(2024, 0),
  length: Number(flags.bars),
});
const markets: (readonly [string, Bars])[] = [["seeded", seeded]];
if (existsSync(flags.data)) markets.push([flags.data.split("/").at(-1)!, await loadBars(flags.data)]);

const settings = [
  ["as it is", {}],
  ["with a stop resting", { stopLoss: 0.02 }],
] as const;
const rows = markets.flatMap(([name, bars]) => settings.map(([how, given]) => measure(`${name}, ${how}`, bars, given)));

if (flags.json) console.log(JSON.stringify({ strategy: strategy.name, rows }, null, 2));
else {
  console.log(`${strategy.name}; bars per second on one core, median and best of ${flags.rounds}\n`);
  for (const { name, bars, trades, held, median, best, nsPerBar, fast } of rows) {
    const share = `${((100 * held) / bars).toFixed(0)} % held`;
    console.log(`${name}: ${bars.toLocaleString("en")} bars, ${trades} trades, ${share}`);
    console.log(`  replay ${rate(median)} (best ${rate(best)}), ${nsPerBar.toFixed(0)} ns/bar; fast ${rate(fast)}`);
  }
}

function measure(name: string, bars: Bars, given: { readonly stopLoss?: number }) {
  const input = { strategy, bars, settings: given, instrument: instrumentOf(bars.symbol, "linear", bars.close[0]!) };
  const replays: number[] = [];
  const fasts: number[] = [];
  let trades = 0;
  let held = 0;
  for (let round = -1; round < Number(flags.rounds); round++) {
    const [slow, slowMs] = timed(() => replay(input));
    const [fast, fastMs] = timed(() => backtest(input), Math.ceil(5_000_000 / bars.length));
    if (slow.trades.length !== fast.trades.length) throw new Error(`${slow.trades.length}, fast ${fast.trades.length}`);
    if (round < 0) continue;
    replays.push(slowMs);
    fasts.push(fastMs);
    trades = slow.trades.length;
    held = Math.round(slow.metrics.exposure * bars.length);
  }
  const perSecond = (ms: number) => Math.round(bars.length / (ms / 1000));
  const median = middle(replays);
  return {
    ...{ name, bars: bars.length, trades, held },
    ...{ median: perSecond(median), best: perSecond(Math.min(...replays)), nsPerBar: (median * 1e6) / bars.length },
    fast: perSecond(middle(fasts)),
  };
}

/** Result and ms of one call; `times` of them where one is too short for the clock. */
function timed<T>(work: () => T, times = 1): [T, number] {
  const before = process.threadCpuUsage();
  let result = work();
  for (let k = 1; k < times; k++) result = work();
  const { user, system } = process.threadCpuUsage(before);
  return [result, (user + system) / 1000 / times];
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function rate(perSecond: number): string {
  return `${(perSecond / 1e6).toFixed(2)} M/s`;
}
