import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type CallOptions, type Gateway, type GatewayOptions, openGateway } from "../../src/bybit/gateway.ts";
import { bybitHosts, localHosts } from "../../src/bybit/hosts.ts";
import { StreamSession } from "../../src/bybit/stream-session.ts";
import { ToolkitError } from "../../src/core/errors.ts";
import { Secret } from "../../src/core/secret.ts";
import type { Exchange } from "../../src/simulator/exchange.ts";
import type { FaultRule } from "../../src/simulator/faults/rules.ts";
import { stepExchange } from "../simulator/support.ts";

const LIMIT = { category: "linear", symbol: "BTCUSDT", side: "Buy", orderType: "Limit" } as const;
const TRADE = "/v5/trade";

let exchange: Exchange;
let log: string[] = [];
let gateway: Gateway;
let changes: string[];
let links = 0;
beforeAll(async () => {
  exchange = await stepExchange({ log: (line) => log.push(line) });
});
afterAll(() => exchange.close());
beforeEach(async () => {
  changes = [];
  gateway = await opened();
  log = [];
});
afterEach(() => {
  gateway.close();
  exchange.control.faults.clear();
});

const credentials = () =>
  ({ key: exchange.apiKey, secret: new Secret(exchange.apiSecret), kind: "hmac", environment: "local" }) as const;

function gatewayTo(options: Partial<GatewayOptions> = {}): Gateway {
  const hosts = localHosts({ rest: exchange.rest, ws: exchange.ws });
  return openGateway({ hosts, credentials: credentials(), limitScale: Infinity, timeoutMs: 150, ...options });
}

async function opened(): Promise<Gateway> {
  const own = gatewayTo();
  await own.syncClock();
  own.openOrderLine((isUp, reason) => changes.push(isUp ? "up" : `down: ${reason}`));
  await vi.waitFor(() => expect(changes).toContain("up"));
  return own;
}

const place = (own = gateway, options: CallOptions = {}) =>
  own.call("place_order", { ...LIMIT, qty: "0.01", price: "50000", orderLinkId: `line-${++links}` }, options);

/** How many requests of a kind the exchange was sent by socket, and by REST. */
const seen = (op: string, path: string) => [
  log.filter((line) => line.includes(`> ${TRADE} `) && line.includes(`"op":"${op}"`)).length,
  log.filter((line) => line.includes(`POST ${path}`)).length,
];

/** Whether the order placed last is there. */
async function isThere(): Promise<boolean> {
  const { list } = await gateway.call("get_open_orders", { ...LINEAR, orderLinkId: `line-${links}` });
  return list.length === 1;
}
const LINEAR = { category: "linear", symbol: "BTCUSDT" } as const;

async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "accepted";
  } catch (error) {
    expect(error).toBeInstanceOf(ToolkitError);
    expect(inspect(error, { depth: Infinity, showHidden: true, getters: true })).not.toContain(exchange.apiSecret);
    return `${(error as ToolkitError).name} ${(error as ToolkitError).code}`;
  }
}

describe("the order line", () => {
  it("carries orders, amendments and cancels; the rest goes by REST", async () => {
    const { orderId, orderLinkId } = await place();
    expect(orderLinkId).toBe(`line-${links}`);
    await gateway.call("amend_order", { ...LINEAR, orderId, price: "49000" });
    const { list } = await gateway.call("get_open_orders", { ...LINEAR, orderId });
    expect(list).toMatchObject([{ orderId, price: "49000.00" }]);
    await gateway.call("cancel_order", { ...LINEAR, orderId });
    const batch = [{ symbol: "BTCUSDT", side: "Buy", orderType: "Limit", qty: "0.01", price: "50000" }] as const;
    const placed = await gateway.call("place_batch_order", { category: "linear", request: [...batch] });
    expect(placed).toMatchObject({ list: [{ symbol: "BTCUSDT" }], outcomes: [{ code: 0 }] });
    expect(seen("order.create", "/v5/order/create ")).toEqual([1, 0]);
    expect(seen("order.amend", "/v5/order/amend ")).toEqual([1, 0]);
    expect(seen("order.cancel", "/v5/order/cancel ")).toEqual([1, 0]);
    expect(seen("order.create-batch", "/v5/order/create-batch ")).toEqual([1, 0]);
  });

  it.each<[FaultRule, string, boolean]>([
    [{ fault: "requestLost" }, "OutcomeUnknown NO_ANSWER", false],
    [{ fault: "answerLost" }, "OutcomeUnknown NO_ANSWER", true],
    [{ fault: "serverError" }, "OutcomeUnknown NO_ANSWER", false],
    [{ fault: "serverErrorAfter" }, "OutcomeUnknown NO_ANSWER", true],
    [{ fault: "slowRequest", delayMs: 300 }, "OutcomeUnknown NO_ANSWER", false],
    [{ fault: "slowAnswer", delayMs: 300 }, "OutcomeUnknown NO_ANSWER", true],
    [{ fault: "garbage" }, "OutcomeUnknown NO_ANSWER", true],
    [{ fault: "truncated" }, "OutcomeUnknown NO_ANSWER", true],
    [{ fault: "reject", retCode: 10006 }, "ExchangeRefused RETCODE_10006", false],
    [{ fault: "reject", retCode: 110007 }, "ExchangeRefused RETCODE_110007", false],
    [{ fault: "reject", retCode: 10016 }, "OutcomeUnknown NO_ANSWER", false],
    [{ fault: "rejectAfter", retCode: 10000 }, "OutcomeUnknown NO_ANSWER", true],
    [{ fault: "rejectAfter", retCode: 999_999 }, "OutcomeUnknown NO_ANSWER", true],
    [{ fault: "slowAnswer", delayMs: 50 }, "accepted", true],
  ])("%j: %s", async (rule, expected, isTaken) => {
    exchange.control.faults.add({ ...rule, on: "order/create" });
    expect(await outcomeOf(place())).toBe(expected);
    expect(seen("order.create", "/v5/order/create ")).toEqual([1, 0]); // once, and by no other way
    exchange.control.faults.clear();
    expect(await isThere()).toBe(isTaken);
  });

  it("a lost one takes every answer it owes with it; orders go by REST until it is back", async () => {
    exchange.control.faults.add({ fault: "slowAnswer", delayMs: 100, on: "order.create", count: 1 });
    exchange.control.faults.add({ fault: "refuseConnect", on: "trade", count: 1 });
    const owed = outcomeOf(place());
    await vi.waitFor(() => expect(log.join("\n")).toContain("order.create"));
    exchange.control.disconnect("trade");
    expect(await owed).toBe("OutcomeUnknown NO_ANSWER");
    expect(await isThere()).toBe(true);
    expect(await outcomeOf(place())).toBe("accepted");
    expect(seen("order.create", "/v5/order/create ")).toEqual([1, 1]);
    await vi.waitFor(() => expect(changes.filter((change) => change === "up")).toHaveLength(2), { timeout: 5_000 });
    expect(changes).toEqual(["up", expect.stringMatching(/^down: /), "up"]);
    expect(await outcomeOf(place())).toBe("accepted");
    expect(seen("order.create", "/v5/order/create ")).toEqual([2, 1]);
  });

  it("one that does not answer is not asked again", async () => {
    exchange.control.faults.add({ fault: "slowAnswer", delayMs: 400, on: "order.create", count: 1 });
    expect(await outcomeOf(place())).toBe("OutcomeUnknown NO_ANSWER");
    expect(changes.at(-1)).toBe("down: no answer within 150 ms");
    expect(await outcomeOf(place())).toBe("accepted");
    expect(seen("order.create", "/v5/order/create ")).toEqual([1, 1]);
  });

  it("interrupted on the way, or closed: the outcome is not known", async () => {
    exchange.control.faults.add({ fault: "slowAnswer", delayMs: 100, on: "order.create" });
    const stop = new AbortController();
    const work = outcomeOf(place(gateway, { signal: stop.signal }));
    setTimeout(() => stop.abort(), 20);
    expect(await work).toBe("OutcomeUnknown NO_ANSWER");
    const other = outcomeOf(place());
    setTimeout(() => gateway.close(), 20);
    expect(await other).toBe("OutcomeUnknown NO_ANSWER");
    expect(await outcomeOf(place())).toBe("VenueUnreachable CLOSED");
    expect(changes).toEqual(["up"]);
  });

  it("one whose login is refused says so once, and is tried again; orders go by REST", async () => {
    exchange.control.faults.add({ fault: "refuseAuth", on: "auth", count: 2 });
    const told: string[] = [];
    const own = gatewayTo();
    await own.syncClock();
    own.openOrderLine((isUp, reason) => told.push(isUp ? "up" : reason));
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect(told).toEqual(["login refused"]);
    expect(await outcomeOf(place(own))).toBe("accepted");
    expect(seen("order.create", "/v5/order/create ")).toEqual([0, 1]);
    await vi.waitFor(() => expect(told).toEqual(["login refused", "up"]), { timeout: 5_000 });
    own.close();
  });

  it("needs a key, and is not opened where there is none of its kind", async () => {
    const own = gatewayTo({ credentials: null });
    expect(() => own.openOrderLine(() => {})).toThrow(/order entry needs a key/);
    const hosts = bybitHosts("demo");
    expect(hosts.orders).toBeNull();
    const demo = openGateway({ hosts, credentials: { ...credentials(), environment: "demo" } });
    demo.openOrderLine(() => expect.unreachable());
    demo.close();
    own.close();
  });

  it("gives the SDK signatures, not the secret", async () => {
    const { key } = credentials();
    const session = new StreamSession(
      {
        ...{ kind: "orders", url: `${exchange.ws}${TRADE}`, clockOffsetMs: 0, pingMs: 1_000, patienceMs: 1_000 },
        signer: { key, sign: () => "0".repeat(64), redact: (text) => text },
      },
      {},
    );
    await expect(session.open()).rejects.toMatchObject({ code: "LOGIN" }); // it was this that signed
    const shown = inspect(session, { depth: Infinity, showHidden: true });
    expect([...shown.matchAll(/secret: (.*),/g)].map(([, value]) => value)).toEqual(["'-'"]);
  });
});
