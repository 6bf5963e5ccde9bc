import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { NO_LIMITS } from "../src/backtest/replay/replay.ts";
import { DEFAULT_SETTINGS } from "../src/backtest/settings.ts";
import { openGateway } from "../src/bybit/gateway.ts";
import { localHosts } from "../src/bybit/hosts.ts";
import { fetchInstrument } from "../src/bybit/instruments.ts";
import { Secret } from "../src/core/secret.ts";
import { openJournal } from "../src/live/sqlite-journal.ts";
import { keepMemorySteady } from "../src/live/steady-memory.ts";
import { startTrader } from "../src/live/trader.ts";
import { defineStrategy } from "../src/strategy/strategy.ts";
import type { SoakLine } from "./soak-bot.ts";

// How long a live bot takes, on the local exchange over real sockets, with its journal on this disk:
// from a closed bar on the wire to the order on the wire; from a kill to flat; from the start of a process to reconciled.

const { values } = parseArgs({
  options: {
    orders: { type: "string", default: "300" },
    kills: { type: "string", default: "60" },
    restarts: { type: "string", default: "40" },
    speed: { type: "string", default: "120" },
    json: { type: "boolean", default: false },
  },
});
const speed = Number(values.speed);

/** Always in the market or about to be: every bar is an order. */
const flip = defineStrategy({
  name: "flip",
  description: "In and out with every bar.",
  params: {},
  rules: ({ close }) => ({ enterLong: close.above(0), exitLong: close.above(0), stopLoss: 0.05 }),
});

const dir = mkdtempSync(join(tmpdir(), "grimoire-live-"));
const children: ChildProcess[] = [];
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(dir, { recursive: true, force: true });
});

interface Address {
  readonly rest: string;
  readonly ws: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly port: number;
}

async function exchangeAt(symbols: readonly string[]): Promise<Address> {
  const child = spawn(
    process.execPath,
    [
      ...[join(import.meta.dirname, "../src/cli/main.ts"), "exchange", "--speed", String(speed)],
      ...symbols.flatMap((symbol) => ["--market", `synthetic:${symbol}`]),
      ...["--no-rate-limits", "--json"],
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  children.push(child);
  const line = await new Promise<string>((resolve) => {
    createInterface({ input: child.stdout! }).once("line", resolve);
  });
  return JSON.parse(line) as Address;
}

function gatewayTo({ rest, ws, apiKey, apiSecret }: Address) {
  const credentials = { key: apiKey, secret: new Secret(apiSecret), kind: "hmac", environment: "local" } as const;
  return {
    credentials,
    gateway: openGateway({ hosts: localHosts({ rest, ws }), credentials, isFast: true, limitScale: Infinity }),
  };
}

const results: Record<string, object> = {};
const address = await exchangeAt(["BTCUSDT"]);
const tap = new Worker(join(import.meta.dirname, "tap.ts"), { workerData: { port: address.port } });
const port = await new Promise<number>((resolve) => tap.once("message", resolve));
const tapped = { ...address, rest: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}` };
const { gateway, credentials } = gatewayTo(tapped);
const { instrument } = await fetchInstrument(gateway, { category: "linear", symbol: "BTCUSDT" });
const identity = { environment: "local", account: "bench" } as const;
const journal = openJournal(join(dir, "journal.sqlite"), identity);

let orders = 0;
let onFlat = () => {};
let onEntry = () => {};
keepMemorySteady(); // as grimoire trade does
const trader = await startTrader({
  ...{ identity, gateway, credentials, journal, pace: speed, limits: { ...NO_LIMITS, maxDataAgeMs: 60_000 * speed } },
  lanes: [
    {
      ...{ name: "flip", strategy: flip, params: {}, interval: "1", instrument, side: "both", warmupBars: 10 },
      ...{ sizing: { kind: "fraction", fraction: 0.2 }, leverage: 1, feeRate: DEFAULT_SETTINGS.feeRate, slippage: 0 },
      ...{ stopLoss: null, takeProfit: null, trailingStop: null },
    },
  ],
  onEvent(event) {
    if (event.type !== "journal") return;
    if (event.event.type === "intent") orders += 1;
    if (event.event.type !== "execution") return;
    queueMicrotask(() => (trader.status().lanes[0]!.size === 0 ? onFlat() : onEntry()));
  },
});
await until(() => orders >= Number(values.orders));
tap.postMessage("done");
const latencies = await new Promise<number[]>((resolve) => tap.once("message", resolve));
results.barToOrderMs = quantiles(latencies);

const kills: number[] = [];
while (kills.length < Number(values.kills)) {
  await new Promise<void>((resolve) => {
    onEntry = resolve;
  });
  onEntry = () => {};
  const flat = new Promise<void>((resolve) => {
    onFlat = resolve;
  });
  const from = performance.now();
  trader.command("kill", "bench");
  await flat;
  onFlat = () => {};
  kills.push(performance.now() - from);
  await until(() => trader.status().state !== "closing");
  trader.command("rearm", "bench");
}
results.killToFlatMs = quantiles(kills);
await trader.stop({ flatten: true, reason: "bench" });
gateway.close();
journal.close();
await tap.terminate();

const symbols = ["BTCUSDT", "ETHUSDT"];
const other = await exchangeAt(symbols);
const about = { ...other, speed, symbols, journal: join(dir, "restarts.sqlite") };
const restarts: number[] = [];
while (restarts.length < Number(values.restarts)) {
  const from = performance.now();
  const bot = spawn(process.execPath, [join(import.meta.dirname, "soak-bot.ts"), JSON.stringify(about)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(bot);
  const line = await new Promise<string>((resolve) => {
    createInterface({ input: bot.stdout! }).once("line", resolve);
  });
  const { sizes } = JSON.parse(line) as SoakLine;
  await requireStops(other, sizes);
  restarts.push(performance.now() - from);
  // It lives for a while, does something, and dies in the middle of it.
  await new Promise((resolve) => setTimeout(resolve, 1_000 + 2_000 * Math.random()));
  bot.kill("SIGKILL");
}
results.restartToReconciledMs = quantiles(restarts);

process.stdout.write(`${JSON.stringify({ speed, ...results }, null, values.json ? 0 : 1)}\n`);
process.exit(0);

/** Every position has the stop it should. */
async function requireStops(to: Address, sizes: Readonly<Record<string, number>>): Promise<void> {
  const { gateway: own } = gatewayTo(to);
  const { list } = await own.call("get_positions", { category: "linear", settleCoin: "USDT" });
  own.close();
  for (const { symbol, size, stopLoss } of list) {
    if (Number(size) !== 0 && !(Number(stopLoss) > 0)) throw new Error(`${symbol} ${size} has no stop`);
    if (Number(size) !== 0 && sizes[symbol] === 0) throw new Error(`${symbol} ${size} is not in the books`);
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20));
}

function quantiles(values: readonly number[]): { count: number; median: number; p99: number; max: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (q: number) => Number(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!.toFixed(3));
  return { count: sorted.length, median: at(0.5), p99: at(0.99), max: at(1) };
}
