import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { liveMarketOf } from "../../src/cli/live-names.ts";
import { type Exchange, startExchange } from "../../src/simulator/exchange.ts";
import { OPENING, seededMarket } from "../simulator/support.ts";
import { grimoire } from "../support/cli.ts";

const ROOT = join(import.meta.dirname, "../..");
const io = { err() {}, signal: new AbortController().signal };

let source: Exchange;
beforeAll(async () => {
  source = await startExchange({ markets: [seededMarket("BTCUSDT", "linear")], startTime: OPENING, speed: 60 });
});
afterAll(() => source.close());

describe("grimoire exchange --market live:BTCUSDT", () => {
  it("serves what another exchange trades, from its first line on, until it is stopped", async () => {
    const argv = [join(ROOT, "src/cli/main.ts"), "exchange", "--market", "live:BTCUSDT", "--from-url", source.rest];
    const child = spawn(process.execPath, [...argv, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
    const errors: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => errors.push(line));
    const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
    const line = await new Promise<string>((resolve) => createInterface({ input: child.stdout }).once("line", resolve));
    const told = JSON.parse(line);
    // All there was before it began, however long that took: two days, and the minutes since.
    const history = 2_880 + (told.startTime - OPENING) / 60_000;
    expect(told).toMatchObject({ speed: "fed", markets: [{ category: "linear", symbol: "BTCUSDT", bars: history }] });
    const query = "category=linear&symbol=BTCUSDT&interval=1&limit=5&end=";
    const lists: string[][][] = [];
    for (const rest of [source.rest, told.rest]) {
      const until = `${told.startTime - 60_000}`;
      const answer = await fetch(`${rest}/v5/market/kline?${query}${until}`);
      lists.push(((await answer.json()) as { result: { list: string[][] } }).result.list);
    }
    expect(lists[0]).toHaveLength(5);
    expect(lists[1]).toEqual(lists[0]);
    // Its time goes on with the source's.
    for (let time = 0; time < told.startTime + 60_000; ) {
      const answer = await fetch(`${told.rest}/v5/market/time`);
      time = ((await answer.json()) as { time: number }).time;
    }
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(errors.filter((text) => text.startsWith("live:"))).toEqual([]);
  });

  it.each([
    [["--market", "live:btc"], "btc"],
    [["--market", "live:BTCUSDT", "--market", "synthetic"], "all markets are live or none"],
    [["--market", "live:BTCUSDT", "--from", "testnet", "--from-url", "http://127.0.0.1:1"], "--from or --from-url"],
    [["--from", "testnet"], "--market live:BTCUSDT"],
    [["--market", "live:BTCUSDT", "--speed", "60"], "--speed"],
    [["--market", "live:BTCUSDT", "--start", "2025-01-01"], "--start"],
    [["--market", "live:BTCUSDT", "--from-url", "http://example.com"], "example.com"],
    [["--market", "live:BTCUSDT", "--from", "demo"], "demo"],
  ])("%j is refused in one line", async (options, names) => {
    const { code, err, out } = await grimoire("exchange", ...options);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err.trimEnd().split("\n")[0]).toContain(names);
  });

  it("says in one line what cannot be followed", async () => {
    const asked = ["exchange", "--from-url", source.rest, "--market", "live:NOPEUSDT"];
    const { code, err } = await grimoire(...asked);
    expect(code).toBe(1);
    expect(err.trimEnd().split("\n")[0]).toContain("NOPEUSDT");
  });
});

describe("names of live markets", () => {
  it("are followed once each; other names are nobody's", async () => {
    expect(await liveMarketOf(["synthetic", "BTCUSDT"], { category: "linear" }, io)).toBeUndefined();
    const flags = { category: "linear", fromUrl: source.rest } as const;
    const live = await liveMarketOf(["live:BTCUSDT", "live:BTCUSDT"], flags, io);
    expect(live?.sources.map(({ instrument, feed }) => [instrument.symbol, feed])).toEqual([["BTCUSDT", true]]);
    live?.close();
  });
});
