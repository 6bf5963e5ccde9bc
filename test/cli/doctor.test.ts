import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ANSWERS } from "../bybit/support/answers.ts";
import { type RestExchange, restExchange } from "../bybit/support/exchange.ts";
import { grimoire } from "../support/cli.ts";

let exchange: RestExchange;
let dir = "";
const home = process.cwd();
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-doctor-"));
  const flat = {
    list: [
      { ...(ANSWERS.get_positions!.result as { list: object[] }).list[0], symbol: "BTCUSDT", side: "", size: "0" },
    ],
  };
  exchange = await restExchange({
    routes: [
      {
        method: "GET",
        path: "/v5/account/info",
        access: "read",
        status: "partly",
        handle: () => ANSWERS.get_account_info!,
      },
      { method: "GET", path: "/v5/position/list", access: "read", status: "partly", handle: () => ({ result: flat }) },
    ],
  });
});
afterEach(async () => {
  process.chdir(home);
  await exchange.close();
  rmSync(dir, { recursive: true });
});

const port = () => new URL(exchange.rest).port;
interface Found {
  readonly check: string;
  readonly state: string;
  readonly text: string;
}

describe("grimoire doctor", () => {
  it("passes in a project that init made, against the local exchange", async () => {
    const made = await grimoire("init", dir, "--port", port());
    expect(made.code).toBe(0);
    process.chdir(dir);
    const { code, out, err } = await grimoire("doctor");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("0 in the way");
    expect(out).toMatch(/ok {4}strategy +\.\/strategies\/pullback\.ts: pullback/);
    const json = JSON.parse((await grimoire("doctor", "--json")).out) as { ok: boolean; findings: Found[] };
    expect(json.ok).toBe(true);
    expect(json.findings.map((finding) => finding.check)).toEqual(
      expect.arrayContaining([
        "node",
        "config",
        "disk",
        "strategy",
        "exchange",
        "line",
        "clock",
        "key rights",
        "account",
        "market BTCUSDT",
      ]),
    );
    for (const secret of [exchange.apiKey, exchange.apiSecret])
      expect(out + JSON.stringify(json)).not.toContain(secret);
  });

  it("says what is in the way, all of it, and ends with 1", async () => {
    await grimoire("init", dir, "--port", port());
    process.chdir(dir);
    exchange.world.keys.get(exchange.apiKey)!.readOnly = true;
    writeFileSync("strategies/pullback.ts", "export default 7;");
    const { code, out, err } = await grimoire("doctor");
    expect([code, err]).toEqual([1, expect.stringContaining("2 of ")]);
    expect(out).toContain("FAIL  strategy");
    expect(out).toContain("the key cannot trade: it lacks writing");
  });

  it.each([
    [() => chmodSync(".env", 0o644), "chmod 600"],
    [() => writeFileSync(".env", "BYBIT_LOCAL_API_KEY=wrongwrongwrong\nBYBIT_LOCAL_API_SECRET=x12345\n"), "10003"],
    [() => writeFileSync("grimoire.config.yaml", "enviroment: local\n"), "unknown field enviroment"],
  ])("finds what was done to a project (%#)", async (harm, expected) => {
    await grimoire("init", dir, "--port", port());
    process.chdir(dir);
    harm();
    const { code, out } = await grimoire("doctor");
    expect(code).toBe(1);
    expect(out.replaceAll(/\s+/g, " ")).toContain(expected);
  });

  it("needs neither project nor key to look at the line", async () => {
    process.chdir(dir);
    const { code, out } = await grimoire("doctor", "--url", exchange.rest);
    expect(code).toBe(0);
    expect(out).toContain("no configuration here");
    expect(out).toContain("no key for local");
  });
});
