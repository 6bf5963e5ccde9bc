import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Exchange } from "../../src/simulator/exchange.ts";
import { stepExchange } from "../simulator/support.ts";
import { startProcess } from "../support/process.ts";

let exchange: Exchange;
let dir = "";
beforeAll(async () => {
  exchange = await stepExchange();
  dir = mkdtempSync(join(tmpdir(), "grimoire-stream-"));
  vi.stubEnv("BYBIT_LOCAL_API_KEY", exchange.apiKey);
  vi.stubEnv("BYBIT_LOCAL_API_SECRET", exchange.apiSecret);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await exchange.close();
  rmSync(dir, { recursive: true });
});

/** Starts the command and comes back when it is subscribed. */
async function streaming(...args: string[]) {
  const started = startProcess(["stream", ...args, "--url", exchange.rest], dir);
  const said: string[] = [];
  started.child.stderr!.on("data", (text) => said.push(String(text)));
  while (!said.join("").includes("subscribed")) await once(started.child.stderr!, "data");
  return { ...started, said };
}
const linesOf = (out: string) =>
  out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { topic: string });

describe("grimoire stream", () => {
  it("prints one JSON line per message, and ends by itself after so many", async () => {
    const { done } = await streaming("kline.1.BTCUSDT", "--count", "3");
    const moving = setInterval(() => exchange.control.step(20_000), 20);
    const { code, out } = await done;
    clearInterval(moving);
    expect(code).toBe(0);
    expect(linesOf(out).map((line) => line.topic)).toEqual(Array(3).fill("kline.1.BTCUSDT"));
  });

  it("survives a lost connection and says so, and ends on Ctrl-C", async () => {
    const { child, done, said } = await streaming("tickers.BTCUSDT", "wallet");
    exchange.control.disconnect();
    const lost = () => said.join("").match(/linear: connection lost; again in \d+ ms/);
    await vi.waitFor(() => expect(lost()).not.toBeNull(), { timeout: 10_000 });
    await vi.waitFor(() => expect(said.join("")).toMatch(/linear: subscribed again/), { timeout: 10_000 });
    child.kill("SIGINT");
    const { code, err } = await done;
    expect(code).toBe(130);
    expect(err).not.toContain(exchange.apiSecret);
    expect(err).not.toMatch(/\n {4}at /);
  }, 30_000);

  it("names a topic the exchange does not know, and ends where none is left", async () => {
    const { done } = startProcess(["stream", "nonsense.BTCUSDT", "--url", exchange.rest], dir);
    const { code, err, out } = await done;
    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/no topic is left: nonsense\.BTCUSDT .*\[TOPIC\]/);
  });
});
