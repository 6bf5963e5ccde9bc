import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exchange } from "../../../src/simulator/exchange.ts";
import { get, OPENING, post, signature, stepExchange } from "../support.ts";

let exchange: Exchange;
beforeAll(async () => {
  exchange = await stepExchange();
});
afterAll(() => exchange.close());

/** Sends bytes as they are and returns everything that comes back until the server ends. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(exchange.port, "127.0.0.1", () => socket.write(text));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}
const bodyOf = (answer: string) => JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4)) as { retCode: number };
const PATH = "/v5/asset/transfer/inter-transfer";

describe("REST gateway", () => {
  it("answers in the envelope, with the exchange's time", async () => {
    expect(await get(exchange, "/v5/market/time")).toEqual({
      retCode: 0,
      retMsg: "OK",
      result: { timeSecond: String(OPENING / 1_000), timeNano: `${OPENING}000000` },
      retExtInfo: {},
      time: OPENING,
    });
  });

  it.each([
    ["GET", "/v5/nowhere"],
    ["POST", "/v5/market/time"],
    ["DELETE", "/v5/order/create"],
    ["GET", "/v5/market/time/"],
    ["GET", "/%ff"],
  ])("says 10017 with HTTP 404 to %s %s", async (method, path) => {
    const answer = await raw(`${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer.slice(0, 12)).toMatch(/HTTP\/1\.1 40[04]/);
    expect([10017, 10001]).toContain(bodyOf(answer).retCode);
  });

  it("says HTTP 401 when the signature's headers are missing", async () => {
    const response = await fetch(`${exchange.rest}/v5/user/query-api`);
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ retCode: 10003 });
  });

  it("tells the rate limit in headers of private answers", async () => {
    const response = await fetch(`${exchange.rest}/v5/user/query-api`, { headers: signature(exchange, "") });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "x-bapi-limit": "10",
      "x-bapi-limit-status": "9",
      "x-bapi-limit-reset-timestamp": expect.stringMatching(/^\d{13}$/),
      traceid: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(await response.json()).toMatchObject({ result: { apiKey: exchange.apiKey, secret: "", uta: 1 } });
  });

  it.each(["{", "[]", "null", '{"a":1}\u0000', "\ufffd", '"text"'])("refuses the body %j with 10001", async (body) => {
    const headers = { ...signature(exchange, body), "Content-Type": "application/json" };
    const response = await fetch(`${exchange.rest}${PATH}`, { method: "POST", headers, body });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ retCode: 10001, result: {} });
  });

  it("takes a body whatever its content type, as long as the signature fits its bytes", async () => {
    const body = '{"transferId": "x",\n "coin": "USDT"}';
    const headers = { ...signature(exchange, body), "Content-Type": "text/weird" };
    const response = await fetch(`${exchange.rest}${PATH}`, { method: "POST", headers, body });
    expect(await response.json()).toMatchObject({ retCode: 10001, retMsg: "params error: amount invalid" });
  });

  it("refuses ten megabytes in Bybit's form", async () => {
    const body = `{"x":"${"y".repeat(10_000_000)}"}`;
    const response = await fetch(`${exchange.rest}${PATH}`, { method: "POST", headers: signature(exchange, ""), body });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ retCode: 10001, retMsg: expect.stringContaining("larger") });
  });

  it.each(["\u0000\u0001\u0002\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "POST /v5 HTTP/1.1\r\nContent-Length: -5\r\n\r\n"])(
    "answers the broken request %j and hangs up",
    async (text) => {
      const answer = await raw(text);
      expect(answer).toContain("400 Bad Request");
      expect(bodyOf(answer)).toMatchObject({ retCode: 10001 });
    },
  );

  it("hangs up on a client that never finishes its request, and serves others meanwhile", async () => {
    const quick = await stepExchange({ timeouts: { headersMs: 300, requestMs: 600 } });
    const began = performance.now();
    const slow = new Promise<string>((resolve) => {
      const socket = connect(quick.port, "127.0.0.1", () => socket.write("GET /v5/market/time HTTP/1.1\r\nHost: x"));
      let answer = "";
      const drip = setInterval(() => socket.write("a"), 50);
      socket.on("data", (chunk) => {
        answer += chunk;
      });
      socket.on("error", () => {});
      socket.on("close", () => {
        clearInterval(drip);
        resolve(answer);
      });
    });
    expect((await get(quick, "/v5/market/time")).retCode).toBe(0);
    expect(await slow).toContain("408 Request Timeout");
    expect(performance.now() - began).toBeLessThan(4_000);
    await quick.close();
  });

  it("counts an address's requests: 600 in five seconds, then HTTP 403", async () => {
    const strict = await stepExchange({ limitScale: 0.02 });
    const statuses: number[] = [];
    for (let i = 0; i < 14; i++) statuses.push((await fetch(`${strict.rest}/v5/market/time`)).status);
    expect(statuses).toEqual([...Array.from({ length: 12 }, () => 200), 403, 403]);
    await strict.close();
  });

  it("keeps nothing listening after close", async () => {
    const short = await stepExchange();
    await short.close();
    await expect(fetch(`${short.rest}/v5/market/time`)).rejects.toThrow();
  });

  it("says no to what needs a permission the key has lost, and to a key that is over", async () => {
    const own = await stepExchange();
    own.control.setKey({ permissions: ["Order"] });
    expect(await post(own, PATH, {})).toMatchObject({ retCode: 10005 });
    own.control.setKey({ expiresAt: own.control.now() });
    expect(await get(own, "/v5/user/query-api")).toMatchObject({ retCode: 33004 });
    await own.close();
  });
});

describe("request faults", () => {
  const faulty = async (rule: object) => {
    const own = await stepExchange();
    own.control.faults.add(rule as never);
    const response = fetch(`${own.rest}/v5/market/time`);
    return { own, response };
  };

  it.each(["requestLost", "answerLost"])("breaks the connection for %s", async (fault) => {
    const { own, response } = await faulty({ fault });
    await expect(response).rejects.toThrow();
    expect(own.control.faults.hits()).toEqual({ [fault]: expect.any(Number) });
    await own.close();
  });

  it.each([
    ["serverError", 502, /<html>/],
    ["serverErrorAfter", 502, /<html>/],
    ["forbidden", 403, /access too frequent/],
    ["garbage", 200, /doctype/],
    ["truncated", 200, /^\{"retCode":0[^}]*$/],
    ["reject", 200, /"retCode":10016/],
    ["rejectAfter", 200, /"retCode":10000/],
  ])("%s answers HTTP %i", async (fault, status, text) => {
    const { own, response } = await faulty({ fault });
    expect((await response).status).toBe(status);
    expect(await (await response).text()).toMatch(text);
    await own.close();
  });

  it.each(["slowRequest", "slowAnswer"])("%s takes its time", async (fault) => {
    const began = performance.now();
    const { own, response } = await faulty({ fault, delayMs: 150 });
    expect((await response).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(145);
    await own.close();
  });

  it("clockSkew makes honest stamps meet 10002 until it is over", async () => {
    const own = await stepExchange();
    own.control.setClockSkew(6_000);
    expect(await get(own, "/v5/user/query-api")).toMatchObject({
      retCode: 10002,
      retMsg: expect.stringMatching(/req_timestamp\[\d+],server_timestamp\[\d+],recv_window\[5000]/),
    });
    own.control.setClockSkew(0);
    expect(await get(own, "/v5/user/query-api")).toMatchObject({ retCode: 0 });
    await own.close();
  });

  it("maintenance answers 10016 for its span of exchange time", async () => {
    const rules = [{ fault: "maintenance", fromMs: 1_000, untilMs: 5_000 } as const];
    const own = await stepExchange({ faults: { seed: 1, rules } });
    const codes: number[] = [];
    for (const ms of [0, 1_000, 3_000, 1_000]) {
      own.control.step(ms);
      codes.push((await get(own, "/v5/user/query-api")).retCode);
    }
    expect(codes).toEqual([0, 10016, 10016, 0]);
    await own.close();
  });
});
