import { createInterface } from "node:readline";
import { DEFAULT_SETTINGS } from "../src/backtest/settings.ts";
import { openGateway } from "../src/bybit/gateway.ts";
import { localHosts } from "../src/bybit/hosts.ts";
import { fetchInstrument } from "../src/bybit/instruments.ts";
import { configSchema } from "../src/config/schema.ts";
import { Secret } from "../src/core/secret.ts";
import { openJournal } from "../src/live/sqlite-journal.ts";
import { keepMemorySteady } from "../src/live/steady-memory.ts";
import { startTrader } from "../src/live/trader.ts";
import type { Trader, TraderLane } from "../src/live/trader-types.ts";
import { shipped } from "../src/strategies/registry.ts";
import { resolveParams } from "../src/strategy/resolve.ts";

// The bot of bench/soak.ts, in a process of its own: a line of JSON when the account was looked at, every ten seconds, and at
// the end.

/** How the bot stands. */
export interface SoakLine {
  readonly bars: number;
  /** Bars that were not the next one of their lane. */
  readonly missed: number;
  readonly intents: number;
  readonly executions: number;
  readonly refusals: number;
  /** Times the private stream came up again. */
  readonly links: number;
  readonly warnings: number;
  readonly latches: readonly string[];
  readonly equity: number;
  /** By the books. */
  readonly balance: number;
  readonly sizes: Readonly<Record<string, number>>;
}

interface About {
  readonly rest: string;
  readonly ws: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly speed: number;
  readonly symbols: readonly string[];
  readonly journal: string;
}

if (process.argv[2]) await run(JSON.parse(process.argv[2]) as About);

async function run(about: About): Promise<void> {
  const hosts = localHosts({ rest: about.rest, ws: about.ws });
  const secret = new Secret(about.apiSecret);
  const credentials = { key: about.apiKey, secret, kind: "hmac", environment: "local" } as const;
  const gateway = openGateway({ hosts, credentials, isFast: true, limitScale: Infinity });
  const identity = { environment: "local", account: "soak" } as const;
  const journal = openJournal(about.journal, identity);
  const lanes: TraderLane[] = [];
  for (const [k, symbol] of about.symbols.entries()) {
    const strategy = shipped(k === 0 ? "ensemble" : "supertrend");
    const { instrument } = await fetchInstrument(gateway, { category: "linear", symbol });
    lanes.push({
      ...{ name: symbol.toLowerCase(), strategy, params: resolveParams(strategy, {}), interval: "1", instrument },
      ...{ sizing: { kind: "fraction", fraction: 0.3 }, leverage: 1, feeRate: DEFAULT_SETTINGS.feeRate, slippage: 0 },
      ...{ side: "both", stopLoss: 0.01, takeProfit: null, trailingStop: null, warmupBars: 200 },
    } as TraderLane);
  }
  const limits = {
    ...configSchema.shape.limits.parse({}),
    // Of the exchange's time, which runs faster than the line.
    ...{ maxDataAgeMs: 5_000 * about.speed, maxDrawdownFraction: 0.99, maxDailyLossFraction: 0.99 },
    ...{ maxConsecutiveLosses: 1_000_000, maxPositionQuote: 1e9, maxTotalQuote: 1e9, riskPerTradeFraction: 0.9 },
  };
  const next = new Map<string, number>();
  const counts = { bars: 0, missed: 0, intents: 0, executions: 0, refusals: 0, links: -1, warnings: 0 };
  let isReady = false;
  let trader: Trader | null = null;
  keepMemorySteady(); // as grimoire trade does
  trader = await startTrader({
    ...{ identity, lanes, limits, gateway, credentials, journal, pace: about.speed },
    onEvent(event) {
      if (event.type === "note" && event.level !== "info") counts.warnings += 1;
      if (event.type === "input") {
        const { input } = event;
        // What the bot does about a report is done in the same turn.
        if (input.type === "report" && !isReady) setImmediate(ready);
        if (input.type === "link" && input.isUp) counts.links += 1;
        if (input.type !== "bar") return;
        counts.bars += 1;
        const wanted = next.get(input.lane) ?? input.bar.time;
        if (input.bar.time !== wanted) counts.missed += 1;
        next.set(input.lane, input.bar.time + 60_000);
      } else if (event.type === "journal") {
        if (event.event.type === "intent") counts.intents += 1;
        if (event.event.type === "execution") counts.executions += 1;
        if (event.event.type === "refusal") counts.refusals += 1;
      }
    },
  });
  const running = trader;
  const tell = () => {
    globalThis.gc?.();
    const { equity, latches, balance, lanes: now } = running.status();
    const state = { equity, latches, balance, sizes: Object.fromEntries(now.map((l) => [l.symbol, l.size])) };
    process.stdout.write(`${JSON.stringify({ ...counts, ...state })}\n`);
  };
  function ready(): void {
    if (isReady || !trader?.status().isReconciled) return;
    isReady = true;
    tell();
  }
  ready();
  const timer = setInterval(tell, 10_000);
  createInterface({ input: process.stdin }).once("line", () => {
    void running.stop({ flatten: false, reason: "the soak is over" });
  });
  await running.ended;
  clearInterval(timer);
  tell();
  journal.close();
  gateway.close();
  process.exit(0);
}
