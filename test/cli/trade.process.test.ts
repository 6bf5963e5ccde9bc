import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openGateway } from "../../src/bybit/gateway.ts";
import { localHosts } from "../../src/bybit/hosts.ts";
import { Secret } from "../../src/core/secret.ts";
import { askBot } from "../../src/live/control.ts";
import type { TraderStatus } from "../../src/live/status.ts";
import { type Exchange, startExchange } from "../../src/simulator/exchange.ts";
import { instrumentOf } from "../../src/simulator/market/instruments.ts";
import { generateBars } from "../../src/store/generate.ts";
import { runProcess, startProcess } from "../support/process.ts";

const MINUTE_MS = 60_000;
const FROM = Date.UTC(2024, 0, 1);
const BARS = generateBars({
  seed: 5,
  symbol: "BTCUSDT",
  interval: "1",
  from: FROM,
  length: 3_000,
  startPrice: 60_000,
  tickSize: "0.1",
});
/** Always in: long, with a stop far away. */
const STRATEGY = `import { defineStrategy } from "bybit-grimoire";
export default defineStrategy({
  name: "always",
  params: {},
  rules: ({ close }) => ({ enterLong: close.above(0), stopLoss: 0.03 }),
});
`;

let dir = "";
let exchange: Exchange;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-bot-"));
  exchange = await startExchange({
    markets: [{ instrument: instrumentOf("BTCUSDT", "linear", 60_000), bars: BARS }],
    startTime: FROM + 2_000 * MINUTE_MS,
    speed: 60,
    balances: { USDT: "10000" },
  });
  const { rest, ws, apiKey, apiSecret } = exchange;
  process.env.GRIMOIRE_LOCKS = join(dir, "locks");
  writeFileSync(join(dir, "always.ts"), STRATEGY);
  writeFileSync(join(dir, ".env"), `BYBIT_LOCAL_API_KEY=${apiKey}\nBYBIT_LOCAL_API_SECRET=${apiSecret}\n`, {
    mode: 0o600,
  });
  writeFileSync(
    join(dir, "grimoire.config.yaml"),
    `environment: local
exchange: { rest: "${rest}", ws: "${ws}" }
traders: [{ strategy: ./always.ts, interval: "1", sizing: "quote:5000", warmupBars: 0 }]
`,
  );
});
afterEach(async () => {
  delete process.env.GRIMOIRE_LOCKS;
  await exchange.close();
  rmSync(dir, { recursive: true });
});

const statusNow = () =>
  askBot(join(dir, "journal.sqlite"), { command: "status" }, 2_000).catch(() => null) as Promise<TraderStatus | null>;

async function until(isTrue: (status: TraderStatus | null) => boolean): Promise<TraderStatus | null> {
  for (let i = 0; i < 150; i++) {
    const status = await statusNow();
    if (isTrue(status)) return status;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it did not come to that: ${JSON.stringify(await statusNow())}`);
}

const isLong = (status: TraderStatus | null) => (status?.lanes[0]?.size ?? 0) > 0;

/** Position and stop as the exchange has them. */
async function positionThere() {
  const { rest, ws, apiKey: key, apiSecret } = exchange;
  const credentials = { key, secret: new Secret(apiSecret), kind: "hmac", environment: "local" } as const;
  const gateway = openGateway({ hosts: localHosts({ rest, ws }), credentials, isFast: true });
  const { list } = await gateway.call("get_positions", { category: "linear", symbol: "BTCUSDT" });
  gateway.close();
  return { size: Number(list[0]!.size), stop: Number(list[0]!.stopLoss) };
}

describe("a bot in a process of its own", () => {
  it("is killed with a position, starts again, knows it, and closes it when told to", async () => {
    const first = startProcess(["trade"], dir);
    const before = await until(isLong);
    first.child.kill("SIGKILL");
    expect((await first.done).code).toBeNull();
    const { size } = before!.lanes[0]!;
    const there = await positionThere();
    expect(there.size).toBe(size);
    expect(there.stop).toBeGreaterThan(0);

    const dead = await runProcess(["status"], dir);
    expect(dead.out).toContain("local/main  not running since");
    expect(dead.out).toContain(`BTCUSDT    long ${size} at`);

    const second = startProcess(["trade"], dir);
    const after = await until((status) => status?.isReconciled === true);
    expect(after).toMatchObject({ state: "trading", latches: [], lanes: [{ size }] });
    const shown = await runProcess(["status"], dir);
    expect([shown.code, shown.err]).toEqual([0, ""]);
    expect(shown.out).toMatch(new RegExp(`long ${size} at`));

    const stopped = await runProcess(["stop", "--flatten", "--wait", "20"], dir);
    expect([stopped.code, stopped.err]).toEqual([0, ""]);
    expect(stopped.out).toMatch(/Positions, as of then ─+\nnone/);
    expect((await positionThere()).size).toBe(0);
    const ended = await second.done;
    expect([ended.code, ended.err]).toEqual([0, ""]);
    expect(ended.out).toContain("Ended: asked for by grimoire stop");
  });

  it("keeps its position, with its stop, on SIGTERM, and nobody may start it twice", async () => {
    const { child, done } = startProcess(["trade"], dir);
    await until(isLong);
    const twice = await runProcess(["trade"], dir);
    expect(twice.code).toBe(1);
    expect(twice.err).toContain("[ALREADY_RUNNING]");
    const elsewhere = await runProcess(["trade", "--journal", "other.sqlite"], dir);
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.err).toContain("[ACCOUNT_LOCKED]");
    child.kill("SIGTERM");
    const { code, out } = await done;
    expect(code).toBe(130);
    expect(out).toContain("Ended: interrupted");
    expect(out).toMatch(/open {7}on local:\n +BTCUSDT: long [\d.]+ at [\d,.]+, stop [\d.]+/);
    expect(await positionThere()).toMatchObject({ size: expect.any(Number), stop: expect.any(Number) });
    expect((await positionThere()).size).toBeGreaterThan(0);
  });

  it("ends at once, not zero, when something throws where nobody catches it, and the log says where", async () => {
    const late = "setTimeout(() => { throw new Error('a late defect'); }, 1500);\n";
    writeFileSync(join(dir, "always.ts"), STRATEGY + late);
    const { code, err } = await runProcess(["trade"], dir);
    expect(code).toBe(1);
    expect(err).toContain("a late defect");
    expect(readFileSync(join(dir, "grimoire.log"), "utf8")).toMatch(/error .*a late defect.*always\.ts/);
  });
});
