import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { openGateway } from "../src/bybit/gateway.ts";
import { localHosts } from "../src/bybit/hosts.ts";
import { rowsOf } from "../src/bybit/pages.ts";
import { Secret } from "../src/core/secret.ts";
import type { SoakLine } from "./soak-bot.ts";

// A bot for hours on an exchange that runs 60 times as fast and fails all the time: whether memory grows, whether a bar is missed,
// whether books, positions and stops agree in the end. `node bench/soak.ts --minutes 120 --speed 60 --seed 1`

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "120" },
    speed: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    calm: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const minutes = Number(values.minutes);
const speed = Number(values.speed);
const SYMBOLS = ["BTCUSDT", "ETHUSDT"];
/** Nothing fails in the last part, so that what is left open is the bot's doing. */
const CALM_MS = Math.min(60_000, minutes * 6_000);

/** What goes wrong, all the time; a rule of its own ends it for the calm at the end. */
function chaos(): object[] {
  const untilMs = (minutes * 60_000 - CALM_MS) * speed;
  const often = (fault: string, probability: number, more: object = {}) => ({ fault, probability, untilMs, ...more });
  return [
    often("requestLost", 0.01),
    often("answerLost", 0.01),
    often("serverError", 0.01),
    often("serverErrorAfter", 0.01),
    often("slowAnswer", 0.02, { delayMs: 300 }),
    often("slowRequest", 0.02, { delayMs: 300 }),
    often("garbage", 0.005),
    often("truncated", 0.005),
    often("drop", 0.1, { on: "execution" }),
    often("duplicate", 0.1, { on: "execution" }),
    often("reorder", 0.05, { on: "order" }),
    often("drop", 0.02, { on: "kline" }),
    often("stall", 0.000_03),
    often("disconnect", 0.000_2),
    often("refuseConnect", 0.05),
    often("refuseAuth", 0.05),
    often("refuseSubscribe", 0.05),
  ];
}

const dir = mkdtempSync(join(tmpdir(), "grimoire-soak-"));
const children: ChildProcess[] = [];
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
});

const root = join(import.meta.dirname, "..");
const faults = join(dir, "faults.json");
writeFileSync(faults, JSON.stringify(values.calm ? [] : chaos()));
const exchange = spawn(
  process.execPath,
  [
    join(root, "src/cli/main.ts"),
    "exchange",
    ...SYMBOLS.flatMap((symbol) => ["--market", `synthetic:${symbol}`]),
    ...["--speed", String(speed), "--faults", faults, "--seed", values.seed, "--no-rate-limits", "--json"],
  ],
  { stdio: ["ignore", "pipe", "inherit"] },
);
children.push(exchange);
const first = await new Promise<string>((resolve) => {
  createInterface({ input: exchange.stdout! }).once("line", resolve);
});
const address = JSON.parse(first) as { rest: string; ws: string; apiKey: string; apiSecret: string };
const started = Date.now();

const about = { ...address, speed, symbols: SYMBOLS, journal: join(dir, "journal.sqlite") };
const bot = spawn(process.execPath, ["--expose-gc", join(root, "bench/soak-bot.ts"), JSON.stringify(about)], {
  stdio: ["pipe", "pipe", "inherit"],
});
children.push(bot);
const lines: (SoakLine & { rssMb: number })[] = [];
createInterface({ input: bot.stdout! }).on("line", (text) => {
  const line = JSON.parse(text) as SoakLine;
  const rssMb = residentMb(bot.pid!);
  lines.push({ ...line, rssMb });
  const at = ((Date.now() - started) / 60_000).toFixed(1);
  const { bars, missed, intents, executions, links, equity } = line;
  if (!values.json) {
    process.stdout.write(
      `${at.padStart(6)} min  ${rssMb.toFixed(0)} MB  ${bars} bars, ${missed} missed  ` +
        `${intents} orders, ${executions} executions  ${links} reconnects  equity ${equity.toFixed(2)}\n`,
    );
  }
});
const ended = new Promise<number | null>((resolve) => {
  bot.on("exit", resolve);
});
await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, minutes * 60_000))]);
bot.stdin!.write("stop\n");
const code = await ended;
if (lines.length === 0) {
  process.stderr.write(`the bot ended with ${code} before it said anything\n`);
  process.exit(1);
}

const credentials = {
  ...{ key: address.apiKey, secret: new Secret(address.apiSecret) },
  ...({ kind: "hmac", environment: "local" } as const),
};
const gateway = openGateway({
  hosts: localHosts({ rest: address.rest, ws: address.ws }),
  credentials,
  limitScale: Infinity,
});
const last = lines.at(-1)!;
let theirs = 0;
for await (const _ of rowsOf(gateway, "get_executions", { category: "linear", limit: 100 })) theirs += 1;
const open = await gateway.call("get_positions", { category: "linear", settleCoin: "USDT" });
const wallet = await gateway.call("get_wallet_balance", { accountType: "UNIFIED", coin: "USDT" });
const state = (await (await fetch(`${address.rest}/control/state`)).json()) as { faults: Record<string, number> };
gateway.close();

const walletNow = Number(wallet.list[0]?.coin[0]?.walletBalance);
const rss = lines.map(({ rssMb }) => rssMb);
// The bot collects before each line, as a calm process puts that off for half an hour: what is compared is what it needs.
const tenth = Math.max(1, Math.floor(rss.length / 10));
const early = Math.min(...rss.slice(tenth, 4 * tenth + 1));
const late = Math.min(...rss.slice(-3 * tenth));
const growth = late / early - 1;
/** A shorter run has not been collected often enough to say anything. */
const isLong = minutes >= 30;
const problems = [
  ...(code === 0 ? [] : [`the bot ended with ${code}`]),
  ...(last.missed === 0 ? [] : [`${last.missed} bars were missed`]),
  ...(last.executions === theirs ? [] : [`${last.executions} executions in the journal, ${theirs} at the exchange`]),
  ...(growth < 0.05 || !isLong ? [] : [`memory grew by ${(growth * 100).toFixed(1)} %`]),
  ...open.list
    .filter(({ size, stopLoss }) => Number(size) !== 0 && !(Number(stopLoss) > 0))
    .map(({ symbol, size }) => `the position ${size} ${symbol} has no stop`),
  ...SYMBOLS.filter((symbol) => {
    const row = open.list.find((each) => each.symbol === symbol);
    const size = Number(row?.size ?? 0) * (row?.side === "Sell" ? -1 : 1);
    return size !== (last.sizes[symbol] ?? 0);
  }).map((symbol) => `the position of ${symbol} is not what the books say`),
  ...(Math.abs(walletNow - last.balance) < 1e-6 ? [] : [`the wallet is ${walletNow}, the books say ${last.balance}`]),
];
const summary = {
  minutes: (Date.now() - started) / 60_000,
  speed,
  seed: values.seed,
  ...last,
  rssMb: { early, late, growth },
  journalMb: statSync(about.journal).size / 2 ** 20,
  faults: state.faults,
  problems,
};
process.stdout.write(`${JSON.stringify(summary, null, values.json ? 0 : 1)}\n`);
if (problems.length === 0) rmSync(dir, { recursive: true, force: true });
process.exit(problems.length === 0 ? 0 : 1);

/** Resident memory of a process, MB (Linux). */
function residentMb(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
  return (pages * 4_096) / 2 ** 20;
}
