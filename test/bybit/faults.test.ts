import { createServer as createPlainServer, type Server, type Socket } from "node:net";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type CallEvent, type Gateway, type GatewayOptions, openGateway } from "../../src/bybit/gateway.ts";
import { localHosts } from "../../src/bybit/hosts.ts";
import { ToolkitError } from "../../src/core/errors.ts";
import type { FaultRule } from "../../src/simulator/faults/rules.ts";
import { demoCredentials, gatewayTo, type RestExchange, restExchange } from "./support/exchange.ts";

// What must never be seen anywhere but in a signature: see `secretsIn`.
const KEY = "CANARYKEYCANARYKEY";
const SECRET = "CANARYSECRETCANARYSECRETCANARYSECRET";
const ORDER = {
  category: "linear",
  symbol: "BTCUSDT",
  side: "Buy",
  orderType: "Limit",
  qty: "0.01",
  price: "50000",
} as const;
const READ = { category: "linear", symbol: "BTCUSDT" } as const;

let exchange: RestExchange;
let gateway: Gateway;
let events: CallEvent[] = [];
let links = 0;
const open = (options: Partial<GatewayOptions> = {}) =>
  gatewayTo(exchange, {
    credentials: demoCredentials(exchange, { key: KEY, secret: SECRET }),
    timeoutMs: 150,
    onCall: (event) => events.push(event),
    ...options,
  });
beforeAll(async () => {
  exchange = await restExchange({ keys: [{ apiKey: KEY, apiSecret: SECRET }] });
  gateway = open();
});
afterAll(async () => {
  gateway.close();
  await exchange.close();
});
afterEach(() => {
  exchange.world.faults.clear();
  expect(secretsIn(events)).toBe(false);
  events = [];
});

/** Whether key or secret show in anything that could be printed, logged or serialised. */
function secretsIn(value: unknown): boolean {
  const shown = inspect(value, { depth: Infinity, showHidden: true, getters: true }) + JSON.stringify(value);
  return (
    /CANARY/.test(shown) || (value instanceof Error && /CANARY/.test(`${value.stack}${value.message}${value.cause}`))
  );
}

/** What `work` ends in; every error is searched for secrets. */
async function outcomeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "accepted";
  } catch (error) {
    expect(error).toBeInstanceOf(ToolkitError);
    expect(secretsIn(error)).toBe(false);
    return `${(error as ToolkitError).name} ${(error as ToolkitError).code}`;
  }
}

const fault = (rule: FaultRule) => exchange.world.faults.add(rule);
const place = (own = gateway, options = {}) =>
  own.call("place_order", { ...ORDER, orderLinkId: `link-${++links}` }, options);
const taken = () => exchange.orders.filter((order) => order.orderLinkId === `link-${links}`).length;

describe("an order meets a fault of the line", () => {
  it.each<[FaultRule, string, number]>([
    [{ fault: "requestLost" }, "OutcomeUnknown NO_ANSWER", 0],
    [{ fault: "answerLost" }, "OutcomeUnknown NO_ANSWER", 1],
    [{ fault: "serverError" }, "OutcomeUnknown NO_ANSWER", 0],
    [{ fault: "serverErrorAfter" }, "OutcomeUnknown NO_ANSWER", 1],
    [{ fault: "slowRequest", delayMs: 300 }, "OutcomeUnknown NO_ANSWER", 0],
    [{ fault: "slowAnswer", delayMs: 300 }, "OutcomeUnknown NO_ANSWER", 1],
    [{ fault: "garbage" }, "OutcomeUnknown NO_ANSWER", 1],
    [{ fault: "truncated" }, "OutcomeUnknown NO_ANSWER", 1],
    [{ fault: "reject", retCode: 10006 }, "ExchangeRefused RETCODE_10006", 0],
    [{ fault: "reject", retCode: 10005 }, "ExchangeRefused RETCODE_10005", 0],
    [{ fault: "reject", retCode: 110007 }, "ExchangeRefused RETCODE_110007", 0],
    [{ fault: "reject", retCode: 10016 }, "OutcomeUnknown NO_ANSWER", 0],
    [{ fault: "rejectAfter", retCode: 10000 }, "OutcomeUnknown NO_ANSWER", 1],
    [{ fault: "rejectAfter", retCode: 170146 }, "OutcomeUnknown NO_ANSWER", 1],
    [{ fault: "rejectAfter", retCode: 999_999 }, "OutcomeUnknown NO_ANSWER", 1],
    [{ fault: "slowAnswer", delayMs: 50 }, "accepted", 1],
  ])("%j: %s", async (rule, expected, orders) => {
    const own = open();
    await own.syncClock();
    fault({ ...rule, on: "/v5/order/create" });
    expect(await outcomeOf(place(own))).toBe(expected);
    expect(taken()).toBe(orders);
    own.close();
  });

  it("HTTP 403: refused, and nothing more goes out for ten minutes", async () => {
    const own = open();
    await own.syncClock();
    fault({ fault: "forbidden", on: "/v5/order/create", count: 1 });
    expect(await outcomeOf(place(own))).toBe("ExchangeRefused RETCODE_403");
    const before = exchange.log.length;
    expect(await outcomeOf(place(own))).toBe("VenueUnreachable ADDRESS_BLOCKED");
    expect(await outcomeOf(own.call("get_server_time", {}))).toBe("VenueUnreachable ADDRESS_BLOCKED");
    expect(exchange.log.length).toBe(before);
    own.close();
  });

  it("interrupted on the way: its outcome is not known; before: it was not sent", async () => {
    await gateway.syncClock();
    fault({ fault: "slowAnswer", delayMs: 300, on: "/v5/order/create" });
    const stop = new AbortController();
    const work = place(gateway, { signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    expect(await outcomeOf(work)).toBe("OutcomeUnknown NO_ANSWER");
    expect(await outcomeOf(place(gateway, { signal: AbortSignal.abort() }))).toBe("VenueUnreachable NOT_SENT");
  });
});

describe("an order meets what befalls the exchange", () => {
  const demo = () => exchange.world.keys.get(KEY)!;
  afterEach(() => {
    Object.assign(demo(), { expiresAt: Infinity, permissions: new Set(["Order", "Position", "SpotTrade"]) });
    exchange.world.maintenanceUntil = 0;
  });

  it.each<[string, () => void, string]>([
    ["a key that ends", () => void Object.assign(demo(), { expiresAt: 0 }), "ExchangeRefused RETCODE_33004"],
    [
      "rights that are taken",
      () => void Object.assign(demo(), { permissions: new Set() }),
      "ExchangeRefused RETCODE_10005",
    ],
    [
      "a key that is bound elsewhere",
      () => void Object.assign(demo(), { ips: ["10.0.0.1"] }),
      "ExchangeRefused RETCODE_10010",
    ],
    [
      "maintenance",
      () => void Object.assign(exchange.world, { maintenanceUntil: Infinity }),
      "OutcomeUnknown NO_ANSWER",
    ],
  ])("%s", async (_, befall, expected) => {
    await gateway.syncClock();
    befall();
    expect(await outcomeOf(place())).toBe(expected);
    expect(taken()).toBe(0);
    Object.assign(demo(), { ips: [] });
  });
});

describe("a first look at the clock", () => {
  it("does not hold up who wants to stop", async () => {
    const own = open({ timeoutMs: 5_000 });
    fault({ fault: "slowAnswer", delayMs: 2_000, on: "/v5/market/time" });
    const started = performance.now();
    expect(await outcomeOf(place(own, { signal: AbortSignal.timeout(50) }))).toBe("VenueUnreachable NOT_SENT");
    expect(performance.now() - started).toBeLessThan(1_000);
    own.close();
  });
});

describe("a gateway that was closed", () => {
  it("sends nothing more, and what waited was not sent", async () => {
    const own = open({ limitScale: 1 });
    await own.syncClock();
    const work = Array.from({ length: 12 }, () => outcomeOf(place(own)));
    await Promise.all(work.slice(0, 8));
    own.close();
    expect(await outcomeOf(place(own))).toBe("VenueUnreachable CLOSED");
    expect(new Set(await Promise.all(work.slice(8)))).toEqual(new Set(["VenueUnreachable CLOSED"]));
  });
});

describe("an order that may be sent again", () => {
  it.each<FaultRule["fault"]>(["requestLost", "answerLost", "serverErrorAfter", "garbage", "truncated", "rejectAfter"])(
    "is there once after %s",
    async (kind) => {
      await gateway.syncClock();
      fault({ fault: kind, on: "/v5/order/create", count: 1 });
      const ack = await place(gateway, { attempts: 3 });
      expect(taken()).toBe(1);
      expect(ack).toMatchObject({ orderId: exchange.orders.at(-1)!.orderId, orderLinkId: `link-${links}` });
      expect(events.filter((event) => event.name === "place_order").length).toBe(2);
    },
  );

  it("is not called anything but unknown when it cannot be looked up", async () => {
    await gateway.syncClock();
    fault({ fault: "answerLost", on: "/v5/order/create", count: 1 });
    fault({ fault: "reject", retCode: 10005, on: "/v5/order/realtime" });
    expect(await outcomeOf(place(gateway, { attempts: 2 }))).toBe("OutcomeUnknown NO_ANSWER");
    expect(taken()).toBe(1);
  });

  it("is not called refused because there is no room for it twice", async () => {
    let sent = 0;
    const own = open({
      onCall: () => void (++sent === 2 && fault({ fault: "reject", retCode: 110007, on: "/v5/order/create" })),
    });
    await own.syncClock();
    fault({ fault: "answerLost", on: "/v5/order/create", count: 1 });
    expect(await outcomeOf(place(own, { attempts: 2 }))).toBe("OutcomeUnknown NO_ANSWER");
    expect(taken()).toBe(1);
    own.close();
  });
});

describe("a question meets a fault of the line", () => {
  it.each<FaultRule["fault"]>([
    "requestLost",
    "answerLost",
    "serverError",
    "garbage",
    "truncated",
    "reject",
    "forbidden",
  ])("%s once: it is asked again, but not after a 403", async (kind) => {
    const own = open();
    await own.syncClock();
    fault({ fault: kind, on: "/v5/order/realtime", count: 1 });
    const expected = kind === "forbidden" ? "ExchangeRefused RETCODE_403" : "accepted";
    expect(await outcomeOf(own.call("get_open_orders", READ))).toBe(expected);
    own.close();
  });

  it("that never ends: unknown after three times", async () => {
    await gateway.syncClock();
    fault({ fault: "serverError", on: "/v5/order/realtime" });
    expect(await outcomeOf(gateway.call("get_open_orders", READ))).toBe("OutcomeUnknown NO_ANSWER");
    expect(events.filter((event) => event.name === "get_open_orders")).toHaveLength(3);
  });

  it("a plain no is not asked again", async () => {
    await gateway.syncClock();
    fault({ fault: "reject", retCode: 10005, on: "/v5/order/realtime" });
    expect(await outcomeOf(gateway.call("get_open_orders", READ))).toBe("ExchangeRefused RETCODE_10005");
    expect(events.filter((event) => event.name === "get_open_orders")).toHaveLength(1);
  });
});

describe("no exchange at the other end", () => {
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const listening = (greet: (socket: Socket) => void): Promise<number> =>
    new Promise((resolve) => {
      const server = createPlainServer((socket) => {
        sockets.add(socket);
        socket.on("error", () => {});
        greet(socket);
      });
      servers.push(server);
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
  const to = (rest: string) =>
    openGateway({
      hosts: { ...localHosts({ rest: "http://127.0.0.1:1", ws: "ws://127.0.0.1:1" }), rest },
      credentials: demoCredentials(exchange, { key: KEY, secret: SECRET }),
      timeoutMs: 150,
    });
  /** A gateway that knows the time, so that the order itself is what meets the fault. */
  const timed = (rest: string) => {
    const own = to(rest);
    own.clock.sample(Date.now(), own.clock.reading(), own.clock.reading());
    return own;
  };
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  });

  it("nobody listens: not sent", async () => {
    expect(await outcomeOf(place(to("http://127.0.0.1:1")))).toBe("VenueUnreachable NOT_SENT");
    await expect(place(timed("http://127.0.0.1:1"))).rejects.toThrow("ECONNREFUSED");
  });

  it("a name nobody knows: not sent", async () => {
    expect(await outcomeOf(place(timed("http://exchange.invalid:8080")))).toBe("VenueUnreachable NOT_SENT");
  });

  it("TLS where there is none: not sent, no byte of the request left", async () => {
    let heard = "";
    const port = await listening((socket) => void socket.on("data", (data) => (heard += data.toString("latin1"))));
    expect(await outcomeOf(place(timed(`https://127.0.0.1:${port}`)))).toBe("VenueUnreachable NOT_SENT");
    expect(heard).not.toContain("/v5/");
  });

  it.each([
    ["silence", ""],
    ["a broken head", "HTTP/1.1 2"],
    ["half a body", 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"retCode":0,'],
    ["drops for ever", "drip"],
    ["another protocol", "SSH-2.0-OpenSSH_9.2\r\n"],
    ["a page", "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"],
    ["a redirect with our headers", "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"],
    ["success that says nothing", 'HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"retCode":0}'],
    ["an empty 204", "HTTP/1.1 204 No Content\r\n\r\n"],
  ])("%s: sent, outcome unknown", async (_, answer) => {
    const port = await listening((socket) => {
      socket.once("data", () => {
        if (answer !== "drip") return void socket.write(answer);
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        const timer = setInterval(() => socket.write(" "), 50);
        socket.on("close", () => clearInterval(timer));
      });
    });
    const own = timed(`http://127.0.0.1:${port}`);
    const started = performance.now();
    expect(await outcomeOf(place(own))).toBe("OutcomeUnknown NO_ANSWER");
    expect(performance.now() - started).toBeLessThan(1_500);
    own.close();
  });
});

describe("secrets", () => {
  it("are taken out of the exchange's own words", async () => {
    const other = open({ credentials: demoCredentials(exchange, { key: KEY, secret: `${SECRET}WRONG` }) });
    const work = other.call("get_api_key_information", {});
    await expect(work).rejects.toMatchObject({ retCode: 10004, retMsg: expect.stringContaining("[hidden]") });
    expect(await outcomeOf(other.call("get_api_key_information", {}))).toBe("ExchangeRefused RETCODE_10004");
    other.close();
  });

  it("are in no result, no dry run, and no property of the gateway", async () => {
    expect(secretsIn(await gateway.call("get_api_key_information", {}))).toBe(false);
    expect(secretsIn(await gateway.dryRun("place_order", { ...ORDER, orderLinkId: "dry" }))).toBe(false);
    expect(secretsIn(gateway)).toBe(false);
  });

  it("a key that cannot sign is refused without being shown", () => {
    const bad = [
      { key: "CANARY KEY", secret: SECRET },
      { key: KEY, secret: "" },
      { key: KEY, secret: "-----BEGIN PRIVATE KEY-----\nCANARYCANARYCANARY\n-----END PRIVATE KEY-----" },
    ];
    for (const own of bad) {
      let thrown: unknown;
      try {
        open({ credentials: demoCredentials(exchange, own) });
      } catch (error) {
        thrown = error;
      }
      expect(thrown).toMatchObject({ code: "KEY" });
      expect(secretsIn(thrown)).toBe(false);
    }
  });
});
