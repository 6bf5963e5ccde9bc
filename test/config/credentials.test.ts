import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readCredentials } from "../../src/config/credentials.ts";
import type { Environment } from "../../src/model/environment.ts";

const CANARY = "CANARY-SECRET-9f3a";
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-keys-"));
});
afterEach(() => rmSync(dir, { recursive: true }));
const read = (environment: Environment, env: Record<string, string> = {}) => readCredentials(environment, { env, dir });
const write = (name: string, text: string, mode = 0o600) => writeFileSync(join(dir, name), text, { mode });

describe("readCredentials", () => {
  it("is null where there is no key", () => {
    expect(read("testnet")).toBeNull();
  });

  it("reads the key of an environment, from the process or from .env", () => {
    write(".env", `# mine\nexport BYBIT_DEMO_API_KEY=k1\nBYBIT_DEMO_API_SECRET="${CANARY}" \n\n`);
    const found = read("demo")!;
    expect([found.key, found.secret.reveal(), found.kind, found.environment]).toEqual(["k1", CANARY, "hmac", "demo"]);
    expect(read("demo", { BYBIT_DEMO_API_KEY: "k2" })!.key).toBe("k2"); // the process goes first
    expect(read("testnet")).toBeNull();
  });

  it("takes the plain names for the environment they are said to be for, testnet unless told", () => {
    const plain = { BYBIT_API_KEY: "k", BYBIT_API_SECRET: "s" };
    expect(read("testnet", plain)!.key).toBe("k");
    expect(read("mainnet", { ...plain, BYBIT_TESTNET: "false" })!.key).toBe("k");
    expect(read("mainnet", { ...plain, BYBIT_ENVIRONMENT: "mainnet" })!.key).toBe("k");
    for (const [environment, env] of [
      ["mainnet", plain],
      ["demo", plain],
      ["testnet", { ...plain, BYBIT_TESTNET: "false" }],
      ["mainnet", { ...plain, BYBIT_ENVIRONMENT: "testnet" }],
    ] as const) {
      expect(() => read(environment, env)).toThrow(expect.objectContaining({ code: "KEY_ENVIRONMENT" }));
    }
  });

  it("prefers the key named for the environment", () => {
    const env = {
      BYBIT_API_KEY: "old",
      BYBIT_API_SECRET: "s",
      BYBIT_MAINNET_API_KEY: "new",
      BYBIT_MAINNET_API_SECRET: "s",
    };
    expect(read("mainnet", env)!.key).toBe("new");
  });

  it("reads an RSA key from a PEM file of the owner's", () => {
    write("key.pem", `-----BEGIN PRIVATE KEY-----\n${CANARY}\n-----END PRIVATE KEY-----\n`);
    const env = { BYBIT_TESTNET_API_KEY: "k", BYBIT_TESTNET_API_PRIVATE_KEY_FILE: "key.pem" };
    expect(read("testnet", env)).toMatchObject({ kind: "rsa" });
    write("open.pem", "-----BEGIN PRIVATE KEY-----", 0o644);
    expect(() => read("testnet", { ...env, BYBIT_TESTNET_API_PRIVATE_KEY_FILE: "open.pem" })).toThrow(/chmod 600/);
    expect(() => read("testnet", { ...env, BYBIT_TESTNET_API_PRIVATE_KEY_FILE: "none.pem" })).toThrow(/not found/);
  });

  it.each([0o644, 0o640, 0o604, 0o660])("refuses an .env of mode %o", (mode) => {
    write(".env", "A=1", mode);
    expect(() => read("testnet")).toThrow(
      expect.objectContaining({ code: "ENV_MODE", message: expect.stringContaining("chmod 600") }),
    );
  });

  it("names the half that is missing", () => {
    expect(() => read("demo", { BYBIT_DEMO_API_KEY: "k" })).toThrow("BYBIT_DEMO_API_SECRET is not set");
    expect(() => read("demo", { BYBIT_DEMO_API_SECRET: "s" })).toThrow("BYBIT_DEMO_API_KEY is not set");
  });

  it("tells the line of a malformed .env, and not what is on it", () => {
    write(".env", `A=1\n${CANARY}\n`);
    expect(() => read("testnet")).toThrow(/\.env:2: not of the form NAME=value$/);
  });

  it("a secret shows itself nowhere", () => {
    const found = read("demo", { BYBIT_DEMO_API_KEY: "k", BYBIT_DEMO_API_SECRET: CANARY })!;
    const shown = [
      JSON.stringify(found),
      String(found.secret),
      inspect(found, { showHidden: true, depth: 9 }),
      `${found.secret}`,
    ];
    shown.push(JSON.stringify({ ...found.secret }), JSON.stringify(structuredClone({ ...found.secret })));
    for (const text of shown) expect(text).not.toContain(CANARY);
  });
});
