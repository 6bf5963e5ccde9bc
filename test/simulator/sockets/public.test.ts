import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exchange } from "../../../src/simulator/exchange.ts";
import { listen, stepExchange } from "../support.ts";

let exchange: Exchange;
beforeAll(async () => {
  exchange = await stepExchange();
});
afterAll(() => exchange.close());

describe("public socket", () => {
  it.each([
    [7, 7],
    ["abc", "abc"],
    [undefined, ""],
  ])("echoes req_id %j in kind", async (sent, echoed) => {
    const ear = await listen(exchange.wsPublic.linear);
    const answer = await ear.ask({ op: "subscribe", req_id: sent, args: ["tickers.BTCUSDT"] });
    expect(answer).toEqual({
      success: true,
      ret_msg: "",
      conn_id: expect.any(String),
      req_id: echoed,
      op: "subscribe",
    });
    ear.close();
  });

  it("answers a ping in the public form, and a protocol ping", async () => {
    const ear = await listen(exchange.wsPublic.spot);
    expect(await ear.ask({ op: "ping", req_id: "p" })).toEqual({
      success: true,
      ret_msg: "pong",
      conn_id: expect.any(String),
      req_id: "p",
      op: "ping",
    });
    ear.close();
  });

  it.each([
    ["an unknown topic", ["weather.BTCUSDT"], "error:handler not found,topic:weather.BTCUSDT"],
    ["an unknown symbol", ["tickers.NOPE"], "error:handler not found,topic:tickers.NOPE"],
    ["a depth that is gone", ["orderbook.500.BTCUSDT"], "error:handler not found,topic:orderbook.500.BTCUSDT"],
    ["no topics", [], "Params Error"],
    ["a topic that is no text", [{}], "Params Error"],
    ["more characters than a connection may", [`tickers.${"X".repeat(21_000)}`], "error:args too long"],
  ])("refuses %s and subscribes none of the request", async (_name, args, text) => {
    const ear = await listen(exchange.wsPublic.linear);
    const answer = await ear.ask({
      op: "subscribe",
      args: ["publicTrade.BTCUSDT", ...args].slice(args.length === 0 ? 1 : 0),
    });
    expect(answer).toMatchObject({ success: false, ret_msg: text, op: "subscribe" });
    exchange.control.step(60_000);
    expect(await ear.ask({ op: "ping" })).toMatchObject({ ret_msg: "pong" });
    expect(ear.heard.filter((m) => m.topic)).toEqual([]);
    ear.close();
  });

  it("refuses a second subscription of the same topic, and takes it after an unsubscribe", async () => {
    const ear = await listen(exchange.wsPublic.linear);
    const request = { op: "subscribe", args: ["tickers.BTCUSDT"] };
    expect(await ear.ask(request)).toMatchObject({ success: true });
    expect(await ear.ask(request)).toMatchObject({ ret_msg: "error:already subscribed,topic:tickers.BTCUSDT" });
    expect(await ear.ask({ ...request, op: "unsubscribe" })).toMatchObject({ success: true });
    expect(await ear.ask(request)).toMatchObject({ success: true });
    ear.close();
  });

  it("takes at most ten spot topics at once", async () => {
    const ear = await listen(exchange.wsPublic.spot);
    const args = ["1", "3", "5", "15", "30", "60", "120", "240", "360", "720", "D"].map((i) => `kline.${i}.BTCUSDT`);
    expect(await ear.ask({ op: "subscribe", args })).toMatchObject({ success: false, ret_msg: "args size >10" });
    expect(await ear.ask({ op: "subscribe", args: args.slice(1) })).toMatchObject({ success: true });
    ear.close();
  });

  it.each(["{", "[]", "7", '"x"', "\u0000", '{"op":{}}', '{"op":"fly"}'])("survives %j", async (text) => {
    const ear = await listen(exchange.wsPublic.linear);
    ear.send(text);
    expect(await ear.next(() => true)).toMatchObject({ success: false });
    expect(await ear.ask({ op: "ping" })).toMatchObject({ ret_msg: "pong" });
    ear.close();
  });

  it("sends the answer before the first data, and the book's snapshot before its deltas", async () => {
    const ear = await listen(exchange.wsPublic.linear);
    ear.send({ op: "subscribe", args: ["orderbook.50.BTCUSDT", "kline.1.BTCUSDT", "publicTrade.BTCUSDT"] });
    await ear.next((m) => m.topic === "orderbook.50.BTCUSDT");
    exchange.control.step(180_000);
    await ear.next((m) => m.topic?.startsWith("kline") && m.data[0].confirm);
    expect(ear.heard[0]).toMatchObject({ op: "subscribe", success: true });
    const books = ear.heard.filter((m) => m.topic === "orderbook.50.BTCUSDT");
    expect(books.map((m) => m.type)).toEqual(["snapshot", ...books.slice(1).map(() => "delta")]);
    expect(books.map((m) => m.data.u)).toEqual(books.map((_, i) => books[0].data.u + i));
    ear.close();
  });

  it("confirms every bar exactly once, with what REST then says of it", async () => {
    const ear = await listen(exchange.wsPublic.linear);
    await ear.ask({ op: "subscribe", args: ["kline.5.BTCUSDT"] });
    const start = exchange.control.now();
    exchange.control.step(3_600_000);
    await ear.next((m) => m.data?.[0].end + 300_000 > start + 3_600_000 && m.data[0].confirm);
    const confirmed = ear.heard.filter((m) => m.data?.[0].confirm).map((m) => m.data[0]);
    expect(new Set(confirmed.map((bar) => bar.start)).size).toBe(confirmed.length);
    expect(confirmed).toHaveLength(12);
    const query = `category=linear&symbol=BTCUSDT&interval=5&start=${confirmed[0].start}&limit=12`;
    const rest = (await (await fetch(`${exchange.rest}/v5/market/kline?${query}`)).json()) as {
      result: { list: string[][] };
    };
    const pushed = confirmed.map((b) => [String(b.start), b.open, b.high, b.low, b.close, b.volume, b.turnover]);
    expect(rest.result.list.reverse()).toEqual(pushed);
    ear.close();
  });

  it("closes unknown paths", async () => {
    await expect(listen(`${exchange.ws}/v5/public/option`)).rejects.toThrow(/404/);
  });
});
