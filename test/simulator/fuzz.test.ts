import { Agent, request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Random, random } from "../../src/core/random.ts";
import type { Exchange } from "../../src/simulator/exchange.ts";
import { NEAR_MISSES } from "./near-misses.ts";
import { get, listen, logIn, post, signature, stepExchange } from "./support.ts";

const REQUESTS = 10_000;

let exchange: Exchange;
const defects: string[] = [];
const agent = new Agent({ keepAlive: true, maxSockets: 16 });
beforeAll(async () => {
  exchange = await stepExchange({ log: (line) => line.startsWith("defect") && defects.push(line) });
});
afterAll(async () => {
  agent.destroy();
  await exchange.close();
});

const PATHS = [
  ...["create", "amend", "cancel", "cancel-all", "create-batch", "amend-batch", "cancel-batch", "pre-check"].map(
    (name) => `/v5/order/${name}`,
  ),
  ...["set-leverage", "switch-mode", "trading-stop", "add-margin", "set-auto-add-margin"].map(
    (n) => `/v5/position/${n}`,
  ),
  ...["set-margin-mode", "demo-apply-money", "set-limit-px-action"].map((n) => `/v5/account/${n}`),
  "/v5/asset/transfer/inter-transfer",
];
const LISTS = [
  ...["kline", "mark-price-kline", "premium-index-price-kline", "orderbook", "tickers", "recent-trade"].map(
    (n) => `/v5/market/${n}`,
  ),
  ...["funding/history", "open-interest", "account-ratio", "instruments-info", "risk-limit"].map(
    (n) => `/v5/market/${n}`,
  ),
  ...["order/realtime", "order/history", "execution/list", "position/list", "position/closed-pnl"].map(
    (n) => `/v5/${n}`,
  ),
  ...["wallet-balance", "transaction-log", "fee-rate", "withdrawal"].map((n) => `/v5/account/${n}`),
];
const NAMES = [
  ...[
    "category",
    "symbol",
    "side",
    "orderType",
    "qty",
    "price",
    "timeInForce",
    "orderLinkId",
    "orderId",
    "positionIdx",
  ],
  ...[
    "triggerPrice",
    "triggerDirection",
    "takeProfit",
    "stopLoss",
    "tpslMode",
    "reduceOnly",
    "request",
    "mode",
    "limit",
  ],
  ...["cursor", "startTime", "endTime", "interval", "start", "end", "buyLeverage", "sellLeverage", "margin", "coin"],
  ...[
    "trailingStop",
    "activePrice",
    "tpSize",
    "slSize",
    "accountType",
    "setMarginMode",
    "utaDemoApplyMoney",
    "settleCoin",
  ],
];
/** Nothing of this is right wherever it stands, and much of it is worse. */
const JUNK: readonly unknown[] = [
  ...[
    "NOPE",
    "btcusdt",
    "-1",
    "0",
    "1e400",
    "NaN",
    "9".repeat(400),
    "0.0000000000000001",
    "\u0000",
    "😀",
    "'; --",
    "../..",
  ],
  ...[null, -1, 1e308, 0.1, true, [], [[]], {}, { toString: 1 }, [{ symbol: {} }], "x".repeat(5_000)],
];
const FAIR: Readonly<Record<string, unknown>> = {
  category: "linear",
  symbol: "BTCUSDT",
  side: "Buy",
  orderType: "Limit",
  qty: "0.001",
  price: "50000",
  positionIdx: 0,
  buyLeverage: "5",
  sellLeverage: "5",
};
const WORD = /^[A-Za-z0-9]+$/;

/** A body of fair and junk fields in which at least category, symbol and the request list are never all right. */
function body(dice: Random): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const name of NAMES) {
    if (dice.next() < 0.5) continue;
    made[name] = dice.next() < 0.4 && name in FAIR ? FAIR[name] : JUNK[dice.below(JUNK.length)];
  }
  // One of the fields without which nothing can happen is always wrong.
  made[dice.next() < 0.5 ? "category" : "symbol"] = JUNK[dice.below(JUNK.length)];
  if (made.setMarginMode !== undefined) made.setMarginMode = "WRONG";
  return made;
}

/** A request that is wrong, ready to be sent; `code` when it is known how it must be answered. */
interface Wrong {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query: string;
  readonly text: string;
  readonly headers: Record<string, string>;
  readonly code: number | undefined;
}

/** All fair but for one thing: a value that cannot be, or who signs, or when. */
function nearMiss(dice: Random): Wrong {
  const { path, fields, code } = NEAR_MISSES[dice.below(NEAR_MISSES.length)]!(dice);
  const text = JSON.stringify(fields);
  const headers = { ...signature(exchange, text), "Content-Type": "application/json" };
  const made = { method: "POST", path, query: "", text } as const;
  const fault = dice.below(20);
  if (path.endsWith("nothing") || fault > 2) return { ...made, headers, code };
  const spoiled: readonly [Record<string, string>, number][] = [
    [{ "X-BAPI-TIMESTAMP": String(Date.now() - 60_000 - dice.below(1e9)) }, 10002],
    [{ "X-BAPI-API-KEY": `key${dice.below(1e9)}` }, 10003],
    [
      {
        "X-BAPI-SIGN": dice
          .below(2 ** 31)
          .toString(16)
          .padStart(64, "0"),
      },
      10004,
    ],
  ];
  const [header, answer] = spoiled[fault]!;
  return { ...made, headers: { ...headers, ...header }, code: answer };
}

/** Nothing in it need make sense. */
function junk(dice: Random): Wrong {
  const isPost = dice.next() < 0.6;
  const path = isPost ? PATHS[dice.below(PATHS.length)]! : LISTS[dice.below(LISTS.length)]!;
  const fields = body(dice);
  const cut = dice.next();
  const json = JSON.stringify(fields);
  const text = cut < 0.05 ? json.slice(0, dice.below(json.length)) : json;
  const query = new URLSearchParams(
    Object.entries(fields)
      .filter(([name]) => WORD.test(name))
      .map(([name, value]): [string, string] => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  ).toString();
  const headers: Record<string, string> = {
    ...signature(exchange, isPost ? text : query),
    "Content-Type": "application/json",
  };
  if (dice.next() < 0.05) headers["X-BAPI-SIGN"] = "00";
  const made = isPost ? ({ method: "POST", query: "", text } as const) : ({ method: "GET", query, text: "" } as const);
  return { ...made, path, headers, code: undefined };
}

function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  text: string,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const options = { agent, method, path, port: exchange.port, host: "127.0.0.1", headers };
    const outgoing = request(options, (response) => {
      let received = "";
      response.on("data", (chunk) => {
        received += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode!, body: received }));
    });
    outgoing.on("error", reject);
    outgoing.end(text);
  });
}

describe("fuzzer", () => {
  it(`answers ${REQUESTS} wrong requests in Bybit's form and keeps its books`, async () => {
    const order = { ...FAIR, qty: "0.001", price: "30000", timeInForce: "GTC", orderLinkId: "kept" };
    expect(await post(exchange, "/v5/order/create", order)).toMatchObject({ retCode: 0 });
    const before = exchange.control.digest();
    const dice = random("fuzz");
    const codes = new Map<number, number>();
    const one = async (): Promise<void> => {
      const wrong = dice.next() < 0.5 ? nearMiss(dice) : junk(dice);
      const { method, path, query, text, headers } = wrong;
      const answer = await send(method, query === "" ? path : `${path}?${query}`, headers, text);
      const envelope = JSON.parse(answer.body) as { retCode: number; retMsg: string; time: number };
      const about = `${path} ${(query || text).slice(0, 500)}`;
      expect(envelope, about).toMatchObject({
        retCode: expect.any(Number),
        retMsg: expect.stringMatching(/./),
        time: expect.any(Number),
      });
      expect(envelope.retCode, about).not.toBe(10016);
      if (wrong.code !== undefined) expect(envelope.retCode, about).toBe(wrong.code);
      else if (method === "POST" && !path.includes("batch")) expect(envelope.retCode, about).not.toBe(0);
      codes.set(envelope.retCode, (codes.get(envelope.retCode) ?? 0) + 1);
    };
    for (let i = 0; i < REQUESTS; i += 100) await Promise.all(Array.from({ length: 100 }, one));
    expect(defects).toEqual([]);
    expect(exchange.control.digest()).toBe(before);
    expect([...codes.values()].reduce((a, b) => a + b)).toBe(REQUESTS);
    // Each way of being wrong was met, many times over.
    const ways = new Set([...NEAR_MISSES.map((make) => make(dice).code), 10002, 10003, 10004]);
    for (const code of ways) expect(codes.get(code), `retCode ${code}`).toBeGreaterThan(20);
    expect(ways.size).toBeGreaterThan(25);
    expect((await get(exchange, "/v5/market/time")).retCode).toBe(0);
  });

  it("survives wrong messages on the order-entry socket", async () => {
    const before = exchange.control.digest();
    const ear = await listen(exchange.wsTrade);
    await logIn(ear, exchange);
    const dice = random("fuzz/ws");
    const ops = ["order.create", "order.amend", "order.cancel", "order.create-batch", "order.cancel-batch"];
    for (let i = 0; i < 1_000; i++) {
      const header = { "X-BAPI-TIMESTAMP": dice.next() < 0.9 ? Date.now() : JUNK[dice.below(JUNK.length)] };
      const args = dice.next() < 0.9 ? [body(dice)] : JUNK[dice.below(JUNK.length)];
      const answer = await ear.ask({ op: ops[dice.below(ops.length)], header, args });
      expect(answer.retCode).not.toBe(10016);
      if (answer.retCode === 0) expect(answer.op).toContain("batch");
    }
    expect(defects).toEqual([]);
    expect(exchange.control.digest()).toBe(before);
    ear.close();
  });
});
