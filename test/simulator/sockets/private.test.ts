import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exchange } from "../../../src/simulator/exchange.ts";
import { hmacHex } from "../../../src/simulator/gateway/signature.ts";
import { listen, logIn, stepExchange } from "../support.ts";

let exchange: Exchange;
beforeAll(async () => {
  exchange = await stepExchange();
});
afterAll(() => exchange.close());

const args = (expires: number | string, secret = exchange.apiSecret) => [
  exchange.apiKey,
  expires,
  hmacHex(secret, `GET/realtime${expires}`),
];

describe("private socket", () => {
  it("takes expires as number and as text, and echoes req_id", async () => {
    for (const expires of [Date.now() + 1_000, String(Date.now() + 1_000)]) {
      const ear = await listen(exchange.wsPrivate);
      const answer = await ear.ask({ op: "auth", req_id: 9, args: args(expires) });
      expect(answer).toEqual({ success: true, ret_msg: "", op: "auth", conn_id: expect.any(String), req_id: 9 });
      ear.close();
    }
  });

  it("refuses an expired stamp, a wrong secret, an unknown key and nonsense", async () => {
    const ear = await listen(exchange.wsPrivate);
    const expired = Math.min(exchange.control.now(), Date.now()) - 1;
    for (const bad of [args(expired), args(Date.now() + 1_000, "guess"), ["nobody", 1e15, "00"], [], [1, {}, null]]) {
      expect(await ear.ask({ op: "auth", args: bad })).toMatchObject({ success: false, op: "auth" });
    }
    expect(await ear.ask({ op: "subscribe", args: ["order"] })).toMatchObject({
      success: false,
      ret_msg: "Request not authorized",
    });
    ear.close();
  });

  it("answers a ping in the private form", async () => {
    const ear = await listen(exchange.wsPrivate);
    expect(await ear.ask({ op: "ping", req_id: "a" })).toEqual({
      req_id: "a",
      op: "pong",
      args: [String(exchange.control.now())],
      conn_id: expect.any(String),
    });
    ear.close();
  });

  it.each([
    [["order", "execution", "position", "wallet", "execution.fast"], true],
    [["order.linear", "position.inverse", "execution.spot", "execution.fast.linear"], true],
    [["order", "order.linear"], false],
    [["position.spot"], false],
    [["wallet.linear"], false],
    [["greeks"], false],
  ])("subscribes %j: %s", async (topics, success) => {
    const ear = await listen(exchange.wsPrivate);
    await logIn(ear, exchange);
    expect(await ear.ask({ op: "subscribe", args: topics })).toMatchObject({ success, op: "subscribe" });
    ear.close();
  });

  it("refuses login and subscription when the plan says so", async () => {
    const own = await stepExchange();
    own.control.faults.add({ fault: "refuseAuth", count: 1 });
    own.control.faults.add({ fault: "refuseSubscribe", on: "order", count: 1 });
    const ear = await listen(own.wsPrivate);
    expect((await logIn(ear, own)).success).toBe(false);
    expect((await logIn(ear, own)).success).toBe(true);
    expect(await ear.ask({ op: "subscribe", args: ["order"] })).toMatchObject({ success: false });
    expect(await ear.ask({ op: "subscribe", args: ["order"] })).toMatchObject({ success: true });
    expect(own.control.disconnect("private")).toBe(1);
    await ear.closed;
    own.control.faults.add({ fault: "refuseConnect", on: "private" });
    await expect(listen(own.wsPrivate)).rejects.toThrow(/503/);
    await own.close();
  });
});

describe("order-entry socket", () => {
  const header = () => ({ "X-BAPI-TIMESTAMP": Date.now() });
  const order = { category: "linear", symbol: "BTCUSDT" };

  it("logs in once and says 20001 to the second time", async () => {
    const ear = await listen(exchange.wsTrade);
    expect(await logIn(ear, exchange)).toEqual({ retCode: 0, retMsg: "OK", op: "auth", connId: expect.any(String) });
    expect(await logIn(ear, exchange)).toMatchObject({ retCode: 20001 });
    ear.close();
  });

  it("answers a ping in its own form", async () => {
    const ear = await listen(exchange.wsTrade);
    expect(await ear.ask({ op: "ping", reqId: "z" })).toEqual({
      reqId: "z",
      retCode: 0,
      retMsg: "OK",
      op: "pong",
      data: [String(exchange.control.now())],
      connId: expect.any(String),
    });
    ear.close();
  });

  it.each([
    ["an unknown op", { op: "order.fly", args: [order] }, 10404],
    ["no category", { op: "order.create", args: [{}] }, 10404],
    ["no args", { op: "order.create", args: [] }, 10001],
    ["two args", { op: "order.create", args: [order, order] }, 10001],
    ["an old stamp", { op: "order.create", args: [order], header: { "X-BAPI-TIMESTAMP": "1000" } }, 10002],
    ["no stamp", { op: "order.create", args: [order], header: {} }, 10001],
    ["a request id that is too long", { op: "order.create", args: [order], reqId: "x".repeat(37) }, 10001],
  ])("refuses %s", async (_name, message, retCode) => {
    const ear = await listen(exchange.wsTrade);
    await logIn(ear, exchange);
    expect(await ear.ask({ header: header(), ...message })).toMatchObject({ retCode, op: message.op });
    ear.close();
  });

  it("refuses orders before login, and a request id that was used", async () => {
    const ear = await listen(exchange.wsTrade);
    const message = { op: "order.create", reqId: "r1", header: header(), args: [order] };
    expect(await ear.ask(message)).toMatchObject({ retCode: 10003, reqId: "r1" });
    await logIn(ear, exchange);
    expect(await ear.ask(message)).toMatchObject({ retCode: 10001, reqId: "r1", data: {} });
    expect(await ear.ask(message)).toMatchObject({ retCode: 20006, reqId: "r1" });
    ear.close();
  });
});
