import { createSign, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { authenticate } from "../../../src/simulator/gateway/authenticate.ts";
import { demoKey, keyOf } from "../../../src/simulator/gateway/keyring.ts";
import { hmacHex } from "../../../src/simulator/gateway/signature.ts";

const NOW = 1_700_000_000_000;
const YEARS_LATER = NOW + 1e11;
const clock = { now: () => NOW, wall: () => YEARS_LATER };
const secret = "swordfish";
const key = keyOf({ apiKey: "K", apiSecret: secret });
const keys = new Map([["K", key]]);

function signed(payload: string | Buffer, change: Record<string, string> = {}) {
  const stamp = change["x-bapi-timestamp"] ?? String(NOW);
  const window = change["x-bapi-recv-window"] ?? "5000";
  const sign = hmacHex(secret, Buffer.concat([Buffer.from(`${stamp}K${window}`), Buffer.from(payload)]));
  const headers = {
    "x-bapi-api-key": "K",
    "x-bapi-timestamp": stamp,
    "x-bapi-recv-window": window,
    "x-bapi-sign": sign,
  };
  return { headers: { ...headers, ...change }, payload, address: "127.0.0.1" };
}
const codeOf = (work: () => unknown) => {
  try {
    work();
    return 0;
  } catch (error) {
    return Number((error as { code: string }).code);
  }
};
const check = (request: ReturnType<typeof signed>) => codeOf(() => authenticate(request, keys, clock));

describe("authenticate", () => {
  it.each(["", "category=linear&symbol=BTCUSDT", '{"a": "b"}', '{"a":"b"}', Buffer.from([0xff, 0x00, 0x7b])])(
    "accepts the signature over the raw bytes %j",
    (payload) => expect(check(signed(payload))).toBe(0),
  );

  it("refuses a payload that differs by one space", () => {
    expect(check({ ...signed('{"a":"b"}'), payload: '{"a": "b"}' })).toBe(10004);
  });

  it("accepts a stamp by the exchange's clock or by the machine's", () => {
    expect(check(signed("", { "x-bapi-timestamp": String(YEARS_LATER) }))).toBe(0);
    expect(check(signed("", { "x-bapi-timestamp": String(NOW + 500_000) }))).toBe(10002);
  });

  it.each([
    [-5_000, 0],
    [-5_001, 10002],
    [999, 0],
    [1_000, 10002],
  ])("answers a stamp %i ms off with %i", (offset, code) => {
    expect(check(signed("", { "x-bapi-timestamp": String(NOW + offset) }))).toBe(code);
  });

  it("refuses unknown keys, foreign addresses, spent keys, and stamps that are none", () => {
    expect(check(signed("", { "x-bapi-api-key": "L" }))).toBe(10003);
    expect(check(signed("", { "x-bapi-timestamp": "soon" }))).toBe(10001);
    const bound = new Map([["K", keyOf({ apiKey: "K", apiSecret: secret, ips: ["10.0.0.1"] })]]);
    expect(codeOf(() => authenticate(signed(""), bound, clock))).toBe(10010);
    const spent = new Map([["K", keyOf({ apiKey: "K", apiSecret: secret, expiresAt: NOW })]]);
    expect(codeOf(() => authenticate(signed(""), spent, clock))).toBe(33004);
  });

  it("verifies an RSA key's base64 signature", () => {
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const rsaPublicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
    const rsa = new Map([["K", keyOf({ apiKey: "K", rsaPublicKey })]]);
    const sign = createSign("RSA-SHA256").update(`${NOW}K5000category=linear`).sign(pair.privateKey, "base64");
    const request = signed("category=linear", { "x-bapi-sign": sign });
    expect(codeOf(() => authenticate(request, rsa, clock))).toBe(0);
    expect(codeOf(() => authenticate({ ...request, payload: "category=spot" }, rsa, clock))).toBe(10004);
  });

  it("matches the documented string to sign", () => {
    // docs: timestamp + api key + recv window + query
    const text = "1658384314791XXXXXXXXXX5000category=option&symbol=BTC-29JUL22-25000-C";
    const at = { now: () => 1658384314791, wall: () => 1658384314791 };
    const request = {
      headers: {
        "x-bapi-api-key": "XXXXXXXXXX",
        "x-bapi-timestamp": "1658384314791",
        "x-bapi-recv-window": "5000",
        "x-bapi-sign": hmacHex(secret, text).toUpperCase(),
      },
      payload: "category=option&symbol=BTC-29JUL22-25000-C",
      address: "127.0.0.1",
    };
    const known = new Map([["XXXXXXXXXX", keyOf({ apiKey: "XXXXXXXXXX", apiSecret: secret })]]);
    expect(authenticate(request, known, at).apiKey).toBe("XXXXXXXXXX");
  });
});

describe("demoKey", () => {
  it("is the same for the same seed and another for another", () => {
    expect(demoKey(1)).toEqual(demoKey(1));
    expect(demoKey(1).apiKey).not.toBe(demoKey(2).apiKey);
    expect(demoKey(1)).toEqual({
      apiKey: expect.stringMatching(/^[A-Za-z2-9]{18}$/),
      apiSecret: expect.stringMatching(/^[A-Za-z2-9]{36}$/),
    });
  });
});
