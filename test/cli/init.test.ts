import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";
import { readCredentials } from "../../src/config/credentials.ts";
import { loadConfig } from "../../src/config/load.ts";
import { demoKey } from "../../src/simulator/gateway/keyring.ts";
import { loadStrategyFile } from "../../src/strategy/load.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-init-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

async function init(...argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    signal: new AbortController().signal,
    color: false,
    columns: 80,
  };
  const code = await main(["init", ...argv], io);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

describe("grimoire init", () => {
  it("makes a project whose configuration, key and strategy are accepted", async () => {
    const project = join(dir, "My Bot");
    const { code, out, err } = await init(project, "--port", "9001");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("grimoire exchange --port 9001");
    const { config } = loadConfig(project);
    expect(config).toMatchObject({
      environment: "local",
      exchange: { rest: "http://127.0.0.1:9001" },
      traders: [{ symbol: "BTCUSDT", sizing: "risk:0.01" }],
    });
    const found = readCredentials("local", { env: {}, dir: project })!;
    expect([found.key, found.secret.reveal()]).toEqual([demoKey(1).apiKey, demoKey(1).apiSecret]);
    expect(loadStrategyFile(join(project, config.traders[0]!.strategy)).name).toBe("pullback");
    expect(statSync(join(project, ".env")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(project, ".gitignore"), "utf8")).toMatch(/^\.env$/m);
    expect(JSON.parse(readFileSync(join(project, "package.json"), "utf8"))).toMatchObject({ name: "my-bot" });
  });

  it("touches nothing where something is", async () => {
    writeFileSync(join(dir, "package.json"), "{}");
    const { code, err } = await init(dir);
    expect([code, err]).toEqual([1, expect.stringMatching(/package\.json is there already; nothing was written/)]);
    expect(existsSync(join(dir, "grimoire.config.yaml"))).toBe(false);
    expect(readFileSync(join(dir, "package.json"), "utf8")).toBe("{}");
  });

  it("lists its files as JSON, and refuses a port that is none", async () => {
    const { out } = await init(join(dir, "a"), "--json");
    expect(JSON.parse(out)).toMatchObject({ files: expect.arrayContaining(["grimoire.config.yaml", ".env"]) });
    expect((await init(join(dir, "b"), "--port", "http")).code).toBe(2);
    expect(existsSync(join(dir, "b"))).toBe(false);
  });
});
