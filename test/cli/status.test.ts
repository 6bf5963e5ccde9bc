import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { showStatus } from "../../src/cli/commands/status.ts";
import type { Io } from "../../src/cli/io.ts";
import { booksOf } from "../../src/cli/status-books.ts";
import { booksPage, statusPage } from "../../src/cli/status-page.ts";
import { ToolkitError } from "../../src/core/errors.ts";
import { askBot, type ControlHandlers, type ControlServer, serveControl } from "../../src/live/control.ts";
import { widthOf } from "../../src/report/layout.ts";
import { LONG, NOW, ORDER, STORED, status } from "../support/fake-bot.ts";

const PLAIN = { color: false, columns: 80 };

describe("statusPage", () => {
  it("shows all that a person asks a running bot", () => {
    const page = statusPage(status({ lanes: [{ ...LONG, orders: [ORDER] }] }), PLAIN);
    for (const text of [
      "testnet/main  trading",
      "pid 4711, since 2025-01-30 11:00 UTC (1d 1h)",
      "10,015.90 (balance 10,000.00, unrealised +15.90)",
      "Lost today, from 10,100.00",
      "0.83% of 5.00% allowed",
      "Below the highest, 10,500.00",
      "4.61% of 20.00% allowed",
      "98.58%",
      "BTCUSDT 15m · rsi-trend-btcusdt (rsi-trend)",
      "long 0.159 at 62000",
      "+15.90",
      "61000.5, 1.77% away",
      "50.08% away, at 31000",
      "62100, mark 62100, 350ms old",
      "opened 2025-01-31 11:45 UTC, 1234 taken in",
      "entry    buy  0.159, 0.1 filled, working",
      "stream up · account looked at · journal writable · clock -12 ms",
    ]) {
      expect(page).toContain(text);
    }
    expect(page).not.toContain("No entries");
  });

  it("fits 80 columns, whatever happens, and has no colours where there are none", () => {
    const latches = ["killed", "dailyLoss", "drawdown", "consecutiveLosses", "foreign/BTCUSDT", "journal"];
    const worst = status({
      state: "halted",
      latches,
      account: "a-very-long-account-",
      equity: 123_456_789.12,
      balance: 123_456_000,
      lanes: [
        { ...LONG, name: "n".repeat(60), stopped: "a long story ".repeat(20), size: -123_456.789, orders: [ORDER] },
      ],
    });
    const page = statusPage(worst, PLAIN);
    for (const line of page.split("\n")) expect(widthOf(line), line).toBeLessThanOrEqual(80);
    expect(page).not.toContain("\u001b");
    const colored = statusPage(worst, { color: true, columns: 80 });
    for (const line of colored.split("\n")) expect(widthOf(line), line).toBeLessThanOrEqual(80);
    expect(colored).toContain("\u001b");
  });

  it("points at what is wrong", () => {
    const page = statusPage(
      status({ isLinkUp: false, isReconciled: false, isJournalWritable: false, latches: ["killed"], state: "halted" }),
      PLAIN,
    );
    expect(page).toContain("STREAM DOWN · ACCOUNT NOT LOOKED AT YET · JOURNAL NOT WRITABLE");
    expect(page).toContain("No entries: killed. grimoire stop --rearm allows them again.");
  });

  it("says of a position without stop, price or liquidation that it has none", () => {
    const bare = { stop: null, liquidationPrice: null, liquidationDistance: null, priceAgeMs: null, markPrice: null };
    const page = statusPage(status({ lanes: [{ ...LONG, ...bare, lastPrice: null, lastBar: null }] }), PLAIN);
    expect(page).toMatch(/Stop ·+ none/);
    expect(page).toMatch(/Liquidation ·+ not told/);
    expect(page).toMatch(/Price ·+ –, mark –, no price yet/);
    expect(page).toMatch(/Last bar ·+ –/);
  });
});

describe("booksOf and booksPage", () => {
  it("tell how the books stood at the last event, and that nothing is known since", () => {
    const books = booksOf(STORED);
    expect(books).toMatchObject({
      identity: { environment: "testnet", account: "main" },
      lastAt: NOW - 40_000,
      events: 5,
      balance: 9_996.59,
      latches: { paused: "lunch" },
      positions: [{ symbol: "BTCUSDT", size: 0.1, entryPrice: 62_000, stop: "61200", net: -3.41 }],
      orders: [{ linkId: ORDER.linkId, state: "intended" }],
    });
    const page = booksPage(books, "journal.sqlite", { ...PLAIN, wallNow: NOW });
    for (const text of [
      "testnet/main  not running since 2025-01-31 11:59 UTC (40s ago)",
      "As of the last of 5 events in journal.sqlite.",
      "No entries: paused. grimoire stop --resume allows them again.",
      "Positions, as of then",
      "BTCUSDT    long 0.1 at 62000, stop 61200, paid so far -3.41",
      "Orders whose outcome the books do not know",
      "entry    buy  0.159, 0 filled, intended",
    ]) {
      expect(page).toContain(text);
    }
    for (const line of page.split("\n")) expect(widthOf(line), line).toBeLessThanOrEqual(80);
  });

  it("tell of a journal in which nothing happened", () => {
    const books = booksOf({ ...STORED, events: [] });
    expect(books).toMatchObject({ lastAt: null, positions: [], orders: [] });
    expect(booksPage(books, "j.sqlite", { ...PLAIN, wallNow: NOW })).toContain("The journal is empty.");
  });
});

describe("grimoire status", () => {
  let dir = "";
  let server: ControlServer | undefined;
  const home = process.cwd();
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "grimoire-status-"));
    process.chdir(dir);
  });
  afterEach(async () => {
    process.chdir(home);
    await server?.close();
    server = undefined;
    rmSync(dir, { recursive: true });
  });

  const tools = { askBot, readJournal: () => STORED };
  const answering = (answer: () => unknown): ControlHandlers => {
    const none = () => null;
    return { status: answer, stop: none, kill: none, rearm: none, pause: none, resume: none };
  };
  async function shown(named: string | undefined, flags: Parameters<typeof showStatus>[1], signal?: AbortSignal) {
    const seen: string[] = [];
    const io: Io = {
      ...{ ...PLAIN, err: () => {}, signal: signal ?? new AbortController().signal },
      out: (text) => void seen.push(text),
    };
    await showStatus(named, flags, io, tools);
    return seen;
  }

  it("asks the bot that runs, and prints its own words with --json", async () => {
    server = await serveControl(
      "bot.sqlite",
      answering(() => status()),
    );
    const [page] = await shown("bot.sqlite", {});
    expect(page).toContain("testnet/main  trading");
    const [json] = await shown("bot.sqlite", { json: true });
    expect(JSON.parse(json!)).toEqual({ isRunning: true, journal: join(process.cwd(), "bot.sqlite"), ...status() });
  });

  it("reads the journal of a bot that does not run, and says so", async () => {
    writeFileSync("bot.sqlite", "");
    const [page] = await shown("bot.sqlite", {});
    expect(page).toContain("not running since 2025-01-31 11:59 UTC");
    const [json] = await shown("bot.sqlite", { json: true });
    expect(JSON.parse(json!)).toMatchObject({ isRunning: false, positions: [{ symbol: "BTCUSDT", size: 0.1 }] });
  });

  it("finds the bot without a name: the one that runs, else the one that ran last", async () => {
    await expect(shown(undefined, {})).rejects.toMatchObject({ code: "NO_JOURNAL" });
    for (const name of ["journal.sqlite", "paper.sqlite"]) writeFileSync(name, "");
    utimesSync("journal.sqlite", 1_000, 1_000);
    expect((await shown(undefined, {}))[0]).toContain("in paper.sqlite");
    utimesSync("paper.sqlite", 500, 500);
    expect((await shown(undefined, {}))[0]).toContain("in journal.sqlite");
    server = await serveControl(
      "paper.sqlite",
      answering(() => status()),
    );
    expect((await shown(undefined, {}))[0]).toContain("trading");
  });

  it("finds the journal that the configuration names", async () => {
    writeFileSync("grimoire.config.yaml", "traders: [{ strategy: rsi-trend }]\njournal: books/mine.sqlite\n");
    server = await serveControl(
      "books/mine.sqlite",
      answering(() => status()),
    );
    expect((await shown(undefined, {}))[0]).toContain("trading");
  });

  it("refuses a journal that is not there", async () => {
    await expect(shown("no.sqlite", {})).rejects.toMatchObject({ name: "DataError", code: "JOURNAL_MISSING" });
  });

  it("passes on that the bot is only starting", async () => {
    server = await serveControl(
      "bot.sqlite",
      answering(() => {
        throw new ToolkitError("STARTING", "the bot is starting");
      }),
    );
    await expect(shown("bot.sqlite", {})).rejects.toMatchObject({ code: "STARTING" });
  });

  it("goes on with --watch until it is interrupted, one document per line with --json", async () => {
    const stop = new AbortController();
    let asked = 0;
    server = await serveControl(
      "bot.sqlite",
      answering(() => {
        if (++asked === 2) stop.abort();
        return status();
      }),
    );
    const lines = await shown("bot.sqlite", { watch: true, json: true }, stop.signal);
    expect(lines.map((line) => JSON.parse(line).isRunning)).toEqual([true, true]);
  });
});
