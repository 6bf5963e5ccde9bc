import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { grimoire } from "../support/cli.ts";

const ROOT = join(import.meta.dirname, "../..");
const BARS = join(ROOT, "../shared/market/klines/bybit-linear_BTCUSDT_1_2022-12-13.csv.gz");
const STEP = ["--port", "0", "--json", "--speed", "step"];

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
});

/** `grimoire exchange` in a process of its own, as a user starts it, once it has said its first line. */
async function started(...options: string[]) {
  const argv = [join(ROOT, "src/cli/main.ts"), "exchange", ...options];
  const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => errors.push(line));
  const lines: string[] = [];
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  await new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      resolve();
    });
    void ended.then(() => resolve());
  });
  return { child, lines, errors, ended };
}

async function asked(rest: string, path: string) {
  const response = await fetch(`${rest}${path}`);
  return (await response.json()) as { retCode: number; result: { list: string[][] } };
}

describe("grimoire exchange", () => {
  it("says its addresses as JSON on the first line, serves, and stops at once on Ctrl-C", async () => {
    const { child, lines, errors, ended } = await started(...STEP, "--log", "--market", "synthetic:ETHUSDT");
    const told = JSON.parse(lines[0]!);
    expect(told).toMatchObject({
      rest: `http://127.0.0.1:${told.port}`,
      wsPrivate: `ws://127.0.0.1:${told.port}/v5/private`,
      wsTrade: `ws://127.0.0.1:${told.port}/v5/trade`,
      apiKey: expect.stringMatching(/^\w{18}$/),
      apiSecret: expect.stringMatching(/^\w{36}$/),
      speed: "step",
      markets: [{ category: "linear", symbol: "ETHUSDT", interval: "1" }],
    });
    expect(await asked(told.rest, "/v5/market/time")).toMatchObject({ retCode: 0 });
    // Who still listens is told, not waited for.
    const socket = new WebSocket(told.wsPublic.linear);
    await new Promise((resolve) => socket.once("open", resolve));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    const from = performance.now();
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(performance.now() - from).toBeLessThan(3_000);
    await closed;
    expect(lines).toHaveLength(1);
    expect(errors.filter((line) => line.includes("/v5/market/time"))).toHaveLength(1);
    expect(errors.filter((line) => line.includes("error"))).toEqual([]);
  });

  it.runIf(existsSync(BARS))("plays a file of bars, what was before now as history", async () => {
    const { child, lines, ended } = await started(...STEP, "--market", BARS);
    const { rest, startTime, markets } = JSON.parse(lines[0]!);
    expect(markets).toEqual([{ category: "linear", symbol: "BTCUSDT", interval: "1", bars: 721 }]);
    const query = "/v5/market/kline?category=linear&symbol=BTCUSDT&interval=1&limit=1000";
    const { result } = await asked(rest, query);
    expect(result.list.length).toBeGreaterThan(600);
    expect(Number(result.list[0]![0])).toBeLessThanOrEqual(startTime);
    child.kill("SIGTERM");
    expect(await ended).toBe(130);
  });

  it("prints its addresses for people without --json", async () => {
    const { child, lines, ended } = await started("--speed", "step");
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(lines[0]).toMatch(/^REST +http:\/\/127\.0\.0\.1:\d+$/);
    expect(lines.join("\n")).toMatch(/API secret .*Ctrl-C stops/s);
  });

  it("says in one line that its port is taken", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const { ended, lines, errors } = await started("--speed", "step", "--port", String(port));
    expect(await ended).toBe(1);
    expect(lines).toEqual([]);
    expect(errors).toEqual([expect.stringContaining(String(port))]);
    server.close();
  });

  it.each([
    [["--port", "99999"], 2, "99999"],
    [["--speed", "fast"], 2, "fast"],
    [["--balance", "USDT"], 2, "USDT"],
    [["--market", "synthetic:btc"], 2, "btc"],
    [["--market", "nope.csv"], 1, "nope.csv"],
    [["--faults", "nope.json"], 1, "nope.json"],
    [["--category", "option"], 2, "option"],
  ])("%j is refused in one line", async (options, code, names) => {
    const { code: got, err, out } = await grimoire("exchange", ...options);
    expect(got).toBe(code);
    expect(out).toBe("");
    expect(err.trimEnd().split("\n")[0]).toContain(names);
  });
});
