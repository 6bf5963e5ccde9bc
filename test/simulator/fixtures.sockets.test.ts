import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exchange } from "../../src/simulator/exchange.ts";
import { FIXTURES, fixture, haveFixtures, shapeGaps } from "./shapes.ts";
import { type Ear, listen, logIn, type Message, post, stepExchange } from "./support.ts";

// What sockets say besides the pushes of fixtures.public and fixtures.private; and that no sample was left unread.

let exchange: Exchange;
beforeAll(async () => {
  exchange = await stepExchange();
});
afterAll(() => exchange.close());

async function pushed(topic: string, wanted: (m: Message) => boolean = () => true): Promise<Message> {
  const ear: Ear = await listen(exchange.wsPublic.linear);
  await ear.ask({ op: "subscribe", args: [topic] });
  exchange.control.step(60_000);
  const ours = await ear.next((m) => m.topic === topic && wanted(m));
  ear.close();
  return ours;
}
const isType = (type: string) => (m: Message) => m.type === type;

type Replay = { readonly dir: "send" | "recv"; readonly msg: Message }[];
const gct = () => fixture("gct/bybit_test_messages.json") as Message[];

describe("sockets have the shape of the samples", () => {
  it.runIf(haveFixtures).each([
    ["nautilus/ws_orderbook_snapshot.json", "orderbook.50.BTCUSDT", isType("snapshot"), []],
    ["nautilus/ws_orderbook_delta.json", "orderbook.50.BTCUSDT", isType("delta"), []],
    // Written by hand, without the tick direction and the sequence of the page.
    ["nautilus/ws_public_trade.json", "publicTrade.BTCUSDT", isType("snapshot"), []],
    ["nautilus/ws_ticker_linear.json", "tickers.BTCUSDT", isType("snapshot"), []],
  ] as const)("%s", async (file, topic, wanted, gone) => {
    expect(shapeGaps(fixture(file), await pushed(topic, wanted))).toEqual(gone);
  });

  it.runIf(haveFixtures).each([
    ["orderbook.50.BTCUSDT", "snapshot"],
    ["orderbook.50.BTCUSDT", "delta"],
    ["publicTrade.BTCUSDT", "snapshot"],
    ["kline.5.BTCUSDT", "snapshot"],
  ])("gct/bybit_test_messages.json: %s %s", async (topic, type) => {
    const sample = gct().find((m) => m.topic === topic && m.type === type);
    expect(sample).toBeDefined();
    expect(shapeGaps(sample, await pushed(topic, isType(type)))).toEqual([]);
  });

  it.runIf(haveFixtures)("subscribing to a topic that there is not", async () => {
    const ear = await listen(exchange.wsPublic.linear);
    const ours = await ear.ask({ op: "subscribe", args: ["invalid.topic.BTCUSDT"] });
    expect(ours.success).toBe(false);
    expect(shapeGaps(fixture("nautilus/ws_subscription_failure.json"), ours)).toEqual([]);
    ear.close();
  });

  it.runIf(haveFixtures)("a pong of the private socket", async () => {
    const ear = await listen(exchange.wsPrivate);
    const ours = await ear.ask({ op: "ping" });
    expect(
      shapeGaps(
        gct().find((m) => m.op === "pong"),
        ours,
      ),
    ).toEqual([]);
    ear.close();
  });

  it.runIf(haveFixtures)("logging in on the order-entry socket, well and badly", async () => {
    const ear = await listen(exchange.wsTrade);
    const bad = await ear.ask({ op: "auth", args: ["nobody", Date.now() + 5_000, "00"] });
    expect(bad).toMatchObject({ op: "auth", retCode: 10003 });
    const good = await logIn(ear, exchange);
    // `success` is of the samples' authors; the page and the captured ones have none.
    expect(shapeGaps(fixture("nautilus/ws_auth_failure.json"), bad)).toEqual([".success: missing"]);
    expect(shapeGaps(fixture("nautilus/ws_auth_success.json"), good)).toEqual([".success: missing"]);
    const captured = gct().filter((m) => m.op === "auth");
    expect(captured).toHaveLength(2);
    for (const sample of captured) expect(shapeGaps(sample, sample.retCode === 0 ? good : bad)).toEqual([]);
    ear.close();
  });

  const CONVERSATIONS = ["Order", "Position", "UserTrades", "MinimalUserTrades", "Balance"];
  it.runIf(haveFixtures).each(CONVERSATIONS)("the conversation that subscribes to %s", async (name) => {
    const replay = fixture(`jkorf/Subscriptions__V5__Private__${name}.json`) as Replay;
    const ear = await listen(exchange.wsPrivate);
    const welcome = await logIn(ear, exchange, { req_id: "5" });
    expect(
      shapeGaps(
        replay.find(({ dir, msg }) => dir === "recv" && msg.op === "auth"),
        { dir: "recv", msg: welcome },
      ),
    ).toEqual([]);
    const { msg } = replay.find((one) => one.dir === "send" && one.msg.op === "subscribe")!;
    expect(await ear.ask(msg)).toMatchObject({ success: true, op: "subscribe", req_id: msg.req_id });
    ear.close();
  });

  it.runIf(haveFixtures).each(["Trades", "Liquidations"])("the subscription to %s", async (name) => {
    const [{ msg }] = fixture(`jkorf/Subscriptions__V5__Linear__${name}.json`) as [Replay[0]];
    const ear = await listen(exchange.wsPublic.linear);
    const args = msg.args.map((topic: string) => topic.replace("ETHUSDT", "BTCUSDT"));
    expect(await ear.ask({ ...msg, args })).toMatchObject({ success: true, op: "subscribe", req_id: msg.req_id });
    ear.close();
  });

  it.runIf(haveFixtures)("a forced liquidation, as its topic tells it", async () => {
    const ear = await listen(exchange.wsPublic.linear);
    await ear.ask({ op: "subscribe", args: ["allLiquidation.BTCUSDT"] });
    const order = { category: "linear", symbol: "BTCUSDT", side: "Buy", orderType: "Market", qty: "0.01" };
    expect(await post(exchange, "/v5/order/create", order)).toMatchObject({ retCode: 0 });
    exchange.control.liquidate("linear", "BTCUSDT");
    exchange.control.step(1_000);
    const ours = await ear.next((m) => m.topic === "allLiquidation.BTCUSDT");
    expect(ours).toMatchObject({ type: "snapshot", ts: expect.any(Number) });
    expect(ours.data).toEqual([
      { T: expect.any(Number), s: "BTCUSDT", S: "Buy", v: "0.010", p: expect.stringMatching(/^\d+\.\d+$/) },
    ]);
    ear.close();
  });
});

it.runIf(haveFixtures)("settings of a fresh account answer as in the samples", async () => {
  const fresh = await stepExchange();
  const market = { category: "linear", symbol: "BTCUSDT" };
  const order = { ...market, side: "Buy", orderType: "Market", qty: "0.01", positionIdx: 1 };
  const before: [path: string, body: object][] = [
    ["/v5/account/set-margin-mode", { setMarginMode: "ISOLATED_MARGIN" }],
    ["/v5/order/create", order],
  ];
  const says = async (name: string, body: object) => {
    const sample = fixture(`jkorf/Endpoints__V5Api__Account__${name}.json`) as { path: string; response: unknown };
    const ours = await post(fresh, sample.path, body);
    expect(ours).toMatchObject({ retCode: 0, retMsg: "OK", result: {} });
    expect(shapeGaps(sample.response, ours)).toEqual([]);
  };
  await says("SwitchPositionMode", { ...market, mode: 3 });
  for (const [path, body] of before) expect(await post(fresh, path, body)).toMatchObject({ retCode: 0 });
  await says("SetAutoAddMargin", { ...market, autoAddMargin: 1, positionIdx: 1 });
  await fresh.close();
});

/** Samples of things that this exchange does not have. */
const NO_SUCH_THING = [
  [/SpotMargin|Collateral(Asset|s)|SetMultipleCollateral|CryptoLoan|Borrow/, "no borrowing"],
  [/Option|option|Greeks/, "no options"],
  [/Spread/, "no spread trading"],
  [/LeverageToken/, "leveraged tokens are gone"],
  [/Convert|SmallBalances|Earn__|AssetExchange|BrokerEarnings|SignAgreement|AnalysisTradeInfo/, "not trading"],
  [/Withdraw/, "nothing leaves this exchange"],
  [/EditApiKey|user_(escrow|sub|update)/, "one account, one key from outside"],
  [/SettlementHistory/, "no USDC sessions"],
  [/PreListing/, "no market is in its auction"],
  [/SetTakeProfitStopLossMode/, "superseded by tpslMode of each order"],
  [/Account__SetMarginMode/, "an answer to who has too little USDC for portfolio margin"],
  [/fast_envelope_id/, "an envelope without rows: execution.fast is compared with its rows"],
] as const;

it.runIf(haveFixtures)("every sample is compared, or stands for something that is not here", () => {
  const tests = readdirSync(import.meta.dirname).filter((name) => name.startsWith("fixtures."));
  const text = tests.map((name) => readFileSync(join(import.meta.dirname, name), "utf8")).join("\n");
  const left = readdirSync(FIXTURES, { recursive: true, encoding: "utf8" }).filter((name) => {
    if (!/\.jsonl?$/.test(name) || NO_SUCH_THING.some(([pattern]) => pattern.test(name))) return false;
    const word = name.replace(/^.*?\//, "").replace(/^(Endpoints__V5Api__|ws_account_)|\.jsonl?$/g, "");
    const last = word.split("__").at(-1)!;
    return !text.includes(word) && !text.includes(`"${last}"`);
  });
  expect(left).toEqual([]);
});
