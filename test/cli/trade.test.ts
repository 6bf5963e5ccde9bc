import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { localHosts } from "../../src/bybit/hosts.ts";
import { runTrade, type TradeFlags } from "../../src/cli/commands/trade/start.ts";
import type { TradeTools } from "../../src/cli/commands/trade/tools.ts";
import { openVenue } from "../../src/cli/commands/trade/venue.ts";
import type { Io } from "../../src/cli/io.ts";
import { Secret } from "../../src/core/secret.ts";
import type { JournalEvent } from "../../src/engine/events.ts";
import { askBot } from "../../src/live/control.ts";
import { startTrader } from "../../src/live/trader.ts";
import type { Trader, TraderEvent, TraderOptions } from "../../src/live/trader-types.ts";
import { type Exchange, startExchange } from "../../src/simulator/exchange.ts";
import { instrumentOf } from "../../src/simulator/market/instruments.ts";
import { exportBars } from "../../src/store/export.ts";
import { generateBars } from "../../src/store/generate.ts";
import { status } from "../support/fake-bot.ts";

const FROM = Date.UTC(2024, 0, 1);
const QUARTER_MS = 900_000;
const BARS = generateBars({
  seed: 3,
  symbol: "BTCUSDT",
  interval: "15",
  from: FROM,
  length: 900,
  startPrice: 60_000,
  tickSize: "0.1",
});

let dir = "";
let exchange: Exchange | undefined;
const home = process.cwd();
const environment = { ...process.env };
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-trade-"));
  process.chdir(dir);
  await exportBars("bars_BTCUSDT_15.csv.gz", BARS);
});
afterEach(async () => {
  process.chdir(home);
  process.env = { ...environment };
  await exchange?.close();
  exchange = undefined;
  rmSync(dir, { recursive: true });
});

const FILE: Partial<TradeFlags> = { strategy: "ensemble", market: ["bars_BTCUSDT_15.csv.gz"], speed: "max" };

interface Ran {
  readonly out: string;
  readonly error: unknown;
  readonly journals: Map<string, JournalEvent[]>;
  readonly options: TraderOptions[];
  readonly locks: readonly string[];
}

async function traded(
  flags: Partial<TradeFlags>,
  change: Partial<TradeTools> = {},
  stop = new AbortController(),
): Promise<Ran> {
  const seen: string[] = [];
  const journals = new Map<string, JournalEvent[]>();
  const options: TraderOptions[] = [];
  const locks: string[] = [];
  const io: Io = {
    ...{ color: false, columns: 80, err: () => {}, signal: stop.signal },
    out: (text) => void seen.push(text),
  };
  const tools: TradeTools = {
    startTrader,
    openVenue,
    question: null,
    openJournal(path) {
      const kept: JournalEvent[] = [];
      journals.set(path, kept);
      writeFileSync(path, "");
      return {
        path,
        events: [],
        append: (event) => void kept.push(event),
        sync: () => true,
        failure: null,
        close() {},
      };
    },
    lockAccount: ({ account }) => {
      locks.push(account);
      return { release: () => void locks.push(`${account} released`) };
    },
    saveJournal: (path, _, events) => void journals.set(path, [...events]),
    ...change,
  };
  const { startTrader: start } = tools;
  const noting: TradeTools = {
    ...tools,
    startTrader(given) {
      options.push(given);
      return start(given);
    },
  };
  let error: unknown = null;
  await runTrade({ slippageBps: "0", ...flags }, io, noting).catch((thrown) => {
    error = thrown;
  });
  return { out: seen.join("\n"), error, journals, options, locks };
}

/** A bot that does nothing until it is stopped. */
function idle(told: unknown[] = [], ending: { readonly fails?: Error } = {}): TradeTools["startTrader"] {
  return async (): Promise<Trader> => {
    const end = Promise.withResolvers<void>();
    if (ending.fails) queueMicrotask(() => end.reject(ending.fails));
    return {
      status: () => status({ environment: "local", pid: process.pid }),
      command: (command, reason) => void told.push({ command, reason }),
      async stop(options) {
        told.push(options);
        end.resolve();
      },
      ended: end.promise,
    };
  };
}

/** The same, interrupted as soon as it runs. */
function interrupted(stop: AbortController, told: unknown[] = []): TradeTools["startTrader"] {
  return (options) => {
    setTimeout(() => stop.abort(), 20);
    return idle(told)(options);
  };
}

describe("grimoire trade --mode paper", () => {
  it("trades over real sockets on an exchange of its own, to the end of the data", async () => {
    const { out, error, journals, options, locks } = await traded(FILE);
    expect([error, locks]).toEqual([null, []]);
    const events = journals.get(join(process.cwd(), "paper.sqlite"))!;
    const fills = events.filter((event) => event.type === "execution");
    expect(fills.length).toBeGreaterThan(4);
    expect(out).toMatch(/entry +(buy|sell) [\d.]+, stop [\d.]+, target [\d.]+/);
    expect(out).toMatch(/fill +(bought|sold) .*, trade [+-]/);
    expect(out).toContain("Ended: the end of the data was reached");
    expect(out).toMatch(/trades {5}\d+ \(\d+ won\), net [+-]/);
    expect(out).toContain("grimoire pnl paper.sqlite");
    const lastDay = FROM + BARS.length * QUARTER_MS;
    expect(options[0]).toMatchObject({
      identity: { environment: "local", account: "main" },
      pace: "step",
      until: lastDay,
      lanes: [{ name: "ensemble-btcusdt", interval: "15", leverage: 1, feeRate: 0.00055 }],
    });
    for (const secret of [options[0]!.credentials.key, options[0]!.credentials.secret.reveal()]) {
      expect(out).not.toContain(secret);
    }
  });

  it("is one JSON object per line with --json, the last one the report", async () => {
    const { out, journals } = await traded({ ...FILE, json: true });
    const lines = out.split("\n").map((line) => JSON.parse(line));
    const report = lines.at(-1);
    expect(lines.filter((line) => line.kind === "report")).toEqual([report]);
    const [events] = [...journals.values()];
    expect(report).toMatchObject({
      kind: "report",
      isExchangeGone: true,
      journal: "paper.sqlite",
      environment: "local",
    });
    expect(report.entries).toBe(
      events!.filter((event) => event.type === "intent" && event.order.purpose === "entry").length,
    );
    expect(report.entries).toBe(lines.filter((line) => line.kind === "entry").length);
    // Nothing but trades changed the wallet.
    const open = report.open as { size: number }[];
    if (open.length === 0) expect(report.balance).toBeCloseTo(10_000 + report.net, 6);
  });

  it("ends at --until, begins with --cash, and says only what is wrong with --quiet", async () => {
    const end = FROM + 850 * QUARTER_MS;
    const { out, options } = await traded({
      ...FILE,
      quiet: true,
      cash: "5000",
      until: String(end),
      maxPosition: "100",
    });
    expect(options[0]!.until).toBe(end);
    expect(out).toContain("equity     5,000.00");
    expect(out).not.toMatch(/ (entry|fill|note) /);
    expect(out).toContain("Ended:");
  });

  it("keeps one older journal, and never touches one that was named", async () => {
    writeFileSync("paper.sqlite", "the last run");
    await traded(FILE, { startTrader: idle([], { fails: new Error("no") }) });
    expect(readFileSync("paper.last.sqlite", "utf8")).toBe("the last run");
    writeFileSync("mine.sqlite", "mine");
    const { error } = await traded({ ...FILE, journal: "mine.sqlite" });
    expect(error).toMatchObject({ name: "DataError", code: "JOURNAL_EXISTS" });
    expect(readFileSync("mine.sqlite", "utf8")).toBe("mine");
  });

  it("answers status and orders of other processes, and stops when asked to", async () => {
    const told: unknown[] = [];
    const ran = traded({ ...FILE, speed: "60" }, { startTrader: idle(told) });
    const path = join(process.cwd(), "paper.sqlite");
    let answer: unknown;
    for (let i = 0; i < 200 && answer === undefined; i++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      answer = await askBot(path, { command: "status" }, 1_000).catch(() => undefined);
    }
    expect(answer).toMatchObject({ account: "main", state: "trading" });
    await askBot(path, { command: "kill", reason: "news" }, 1_000);
    await askBot(path, { command: "rearm" }, 1_000);
    await askBot(path, { command: "stop", flatten: true, reason: "lunch" }, 1_000);
    const { out, error } = await ran;
    expect(error).toBeNull();
    expect(told).toEqual([
      { command: "kill", reason: "news" },
      { command: "rearm", reason: "asked for by grimoire stop" },
      { flatten: true, reason: "lunch" },
    ]);
    expect(out).toContain("Ended: lunch");
    await expect(askBot(path, { command: "status" }, 500)).rejects.toMatchObject({ code: "NOT_RUNNING" });
  });

  it.each([
    ["keep", false],
    ["flatten", true],
  ])("does on Ctrl-C what the configuration says: stopOn %s", async (stopOn, flatten) => {
    writeFileSync(
      "grimoire.config.yaml",
      `traders: [{ strategy: ensemble }]\nstopOn: ${stopOn}\nlog: { file: bot.log }\n`,
    );
    const stop = new AbortController();
    const told: unknown[] = [];
    const { market, speed } = FILE;
    const tools = { startTrader: interrupted(stop, told) };
    expect((await traded({ mode: "paper", market: market!, speed: speed! }, tools, stop)).error).toBeNull();
    expect(told).toEqual([{ flatten, reason: "interrupted" }]);
  });

  it("writes the log of the configuration, at its level, for the owner alone", async () => {
    writeFileSync(
      "grimoire.config.yaml",
      "traders: [{ strategy: ensemble }]\nlog: { file: logs/bot.log, level: debug }\n",
    );
    const { options } = await traded({ mode: "paper", market: FILE.market!, speed: "max", quiet: true });
    const log = readFileSync("logs/bot.log", "utf8");
    expect(statSync("logs/bot.log").mode & 0o777).toBe(0o600);
    expect(log).toMatch(/^\S+Z info {2}\[2024-01-09 \d\d:\d\d:\d\d\] BTCUSDT entry: (buy|sell) /m);
    expect(log).toMatch(/debug \[2024-01-09 \d\d:\d\d:\d\d\] BTCUSDT bar: close [\d.]+$/m);
    expect(log).not.toContain(options[0]!.credentials.secret.reveal());
  });

  it("tells what is open when the bot cannot go on, and fails", async () => {
    const { out, error } = await traded(FILE, {
      startTrader: idle([], { fails: new Error("the books do not add up") }),
    });
    expect(error).toMatchObject({ message: "the books do not add up" });
    expect(out).toContain("Ended: the books do not add up");
    expect(out).toContain("BTCUSDT: long 0.159 at 62,000.00, stop 61000.5");
  });

  it("keeps secrets out of what others say", async () => {
    const leak = async (options: TraderOptions): Promise<Trader> => {
      const { key, secret } = options.credentials;
      const text = `the exchange said ${key} and ${secret.reveal()}`;
      options.onEvent?.({ type: "note", level: "error", text } satisfies TraderEvent);
      return idle([], { fails: new Error("no") })(options);
    };
    const { out, options } = await traded({ ...FILE, log: "bot.log" }, { startTrader: leak });
    expect(out).toContain("the exchange said [secret] and [secret]");
    expect(readFileSync("bot.log", "utf8")).not.toContain(options[0]!.credentials.secret.reveal());
  });

  it.each<[string, Partial<TradeFlags>, string]>([
    ["a market that nobody asked for", { symbol: "ETHUSDT" }, "MARKET"],
    ["bars that are too long", { interval: "5" }, "INTERVAL"],
    ["a speed that is none", { speed: "fast" }, "SPEED"],
    ["bars for a replay", { data: "BTCUSDT" }, "OPTION"],
    ["no cash", { cash: "0" }, "NUMBER"],
    ["an address and a market", { url: "http://127.0.0.1:1" }, "OPTION"],
    [
      "an address elsewhere",
      { market: undefined as never, speed: undefined as never, url: "http://example.com" },
      "LOCAL_ADDRESS",
    ],
  ])("refuses %s", async (_, flags, code) => {
    const given = Object.fromEntries(Object.entries({ ...FILE, ...flags }).filter(([, value]) => value !== undefined));
    const { error } = await traded(given);
    expect(error).toMatchObject({ name: "ArgumentError", code });
  });
});

describe("grimoire trade on an exchange that runs already", () => {
  const started = async (speed: number | "step" | "max") => {
    exchange = await startExchange({
      markets: [{ instrument: instrumentOf("BTCUSDT", "linear", 60_000), bars: BARS }],
      speed,
    });
    process.env.BYBIT_LOCAL_API_KEY = exchange.apiKey;
    process.env.BYBIT_LOCAL_API_SECRET = exchange.apiSecret;
    return exchange.rest;
  };

  it("takes its pace, and its journal is the bot's usual one", async () => {
    const url = await started("step");
    const { error, options, journals, locks } = await traded({ strategy: "ensemble", url });
    const account = `main-${exchange!.port}`;
    expect(locks).toEqual([account, `${account} released`]);
    expect(error).toBeNull();
    expect(options[0]).toMatchObject({ pace: "step", until: FROM + BARS.length * QUARTER_MS });
    expect([...journals.keys()]).toEqual([join(process.cwd(), "journal.sqlite")]);
  });

  it("follows live data of another one, at its pace and without an end, with orders on its own", async () => {
    const now = Math.floor(Date.now() / 60_000) * 60_000;
    const bars = generateBars({ seed: 1, symbol: "BTCUSDT", interval: "1", from: now - 3_600_000, length: 600 });
    const markets = [{ instrument: instrumentOf("BTCUSDT", "linear", 60_000), bars }];
    exchange = await startExchange({ markets, speed: 1, startTime: now });
    const stop = new AbortController();
    const live = { market: ["live:BTCUSDT"], fromUrl: exchange.rest, interval: "1", strategy: "ensemble" };
    const { error, options } = await traded(live, { startTrader: interrupted(stop) }, stop);
    expect(error).toBeNull();
    expect(options[0]).toMatchObject({ pace: 1, lanes: [{ instrument: { symbol: "BTCUSDT" } }] });
    expect(options[0]!.gateway.hosts.rest).not.toBe(exchange.rest);
    expect(options[0]).not.toHaveProperty("until");
    expect((await traded({ ...live, speed: "60" })).error).toMatchObject({ code: "SPEED" });
  });

  it("says so when no exchange is there, or one that waits for nobody", async () => {
    const url = await started("max");
    expect((await traded({ strategy: "ensemble", url })).error).toMatchObject({ code: "SPEED" });
    await exchange!.close();
    exchange = undefined;
    expect((await traded({ strategy: "ensemble", url })).error).toMatchObject({ code: "EXCHANGE" });
  });
});

describe("grimoire trade --mode live", () => {
  /** Bybit as far as this machine can be it: the local exchange under the name of the real one. */
  const real: TradeTools["openVenue"] = async () => {
    exchange = await startExchange({
      markets: [{ instrument: instrumentOf("BTCUSDT", "linear", 60_000), bars: BARS }],
      speed: "step",
    });
    const { rest, ws, apiKey: key, apiSecret } = exchange;
    return {
      hosts: { ...localHosts({ rest, ws }), environment: "mainnet" },
      credentials: { key, secret: new Secret(apiSecret), kind: "hmac", environment: "mainnet" },
      ...{ pace: "real", until: null, isOwn: false, close: async () => {} },
    };
  };
  const live: Partial<TradeFlags> = { mode: "live", strategy: "ensemble", account: "savings" };

  it("does not start without a person's word", async () => {
    let opened = 0;
    const venue = { openVenue: async () => Promise.reject(new Error(`opened ${++opened}`)) };
    expect((await traded(live, venue)).error).toMatchObject({ name: "ArgumentError", code: "REAL_MONEY" });
    for (const typed of ["", "yes", "main", "Savings"]) {
      const { error } = await traded(live, { ...venue, question: async () => typed });
      expect(error).toMatchObject({ name: "ConfigError", code: "NOT_CONFIRMED" });
    }
    expect(opened).toBe(0);
    let asked = "";
    const question = async (text: string) => {
      asked = text;
      return " savings\n";
    };
    expect((await traded(live, { ...venue, question })).error).toMatchObject({ message: "opened 1" });
    expect(asked).toContain("REAL MONEY");
    expect((await traded({ ...live, yesRealMoney: true }, venue)).error).toMatchObject({ message: "opened 2" });
  });

  it("is refused where the configuration speaks of the testnet", async () => {
    writeFileSync("grimoire.config.yaml", "traders: [{ strategy: ensemble }]\n");
    const { error } = await traded({ mode: "live", yesRealMoney: true });
    expect(error).toMatchObject({ name: "ArgumentError", code: "MODE" });
  });

  it("refuses a key that can move money, and starts nothing", async () => {
    const { out, error, options, journals } = await traded({ ...live, yesRealMoney: true }, { openVenue: real });
    expect(error).toMatchObject({ name: "NegativeResult", code: "PREFLIGHT" });
    expect(out).toMatch(/FAIL {2}key rights +the key can move money: AccountTransfer$/m);
    expect([options, [...journals]]).toEqual([[], []]);
  });

  it("wants a key", async () => {
    for (const name of Object.keys(process.env)) if (name.startsWith("BYBIT_")) delete process.env[name];
    for (const mode of ["live", "testnet", "demo"] as const) {
      const { error } = await traded({ ...live, mode, yesRealMoney: true });
      expect(error).toMatchObject({ name: "ConfigError", code: "NO_KEY" });
    }
  });

  it("takes no options of the local exchange", async () => {
    const { error } = await traded({ mode: "testnet", strategy: "ensemble", speed: "60" });
    expect(error).toMatchObject({ name: "ArgumentError", code: "OPTION" });
  });
});

describe("grimoire trade --mode replay", () => {
  it("is the bot on stored bars, with a journal as a running bot writes it", async () => {
    const { out, error, journals } = await traded({
      mode: "replay",
      strategy: "ensemble",
      data: "bars_BTCUSDT_15.csv.gz",
      json: true,
    });
    expect(error).toBeNull();
    const report = JSON.parse(out);
    const [[path, events]] = [...journals] as [[string, JournalEvent[]]];
    expect(path).toBe(join(process.cwd(), "replay.sqlite"));
    expect(report).toMatchObject({
      kind: "report",
      lane: "ensemble-btcusdt",
      data: { bars: BARS.length },
      journal: "replay.sqlite",
    });
    expect(events[0]).toMatchObject({ type: "opened", balance: expect.stringMatching(/^10000\.?0*$/) });
    const entries = events.filter((event) => event.type === "intent" && event.order.purpose === "entry");
    expect(report.trades).toHaveLength(entries.length);
  });

  it("keeps the journal before, and writes over none that was named", async () => {
    const flags = { mode: "replay", strategy: "ensemble", data: "bars_BTCUSDT_15.csv.gz", json: true } as const;
    writeFileSync("replay.sqlite", "the last one");
    await traded(flags);
    expect(readFileSync("replay.last.sqlite", "utf8")).toBe("the last one");
    writeFileSync("mine.sqlite", "mine");
    expect((await traded({ ...flags, journal: "mine.sqlite" })).error).toMatchObject({ code: "JOURNAL_EXISTS" });
  });

  it("replays a span, at other costs", async () => {
    const span = { start: "2024-01-03", until: "2024-01-05" };
    const { out } = await traded({
      mode: "replay",
      strategy: "ensemble",
      data: "bars_BTCUSDT_15.csv.gz",
      fee: "0.001",
      ...span,
      json: true,
    });
    expect(JSON.parse(out)).toMatchObject({ data: { bars: 192 }, settings: { feeRate: 0.001 } });
    const { error } = await traded({
      mode: "replay",
      strategy: "ensemble",
      data: "bars_BTCUSDT_15.csv.gz",
      start: "2030-01-01",
    });
    expect(error).toMatchObject({ code: "NO_BARS_IN_RANGE" });
  });
});
