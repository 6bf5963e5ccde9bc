import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiFunction } from "../../src/bybit/catalogue/entry.ts";
import { FUNCTION_NAMES, FUNCTIONS, type FunctionName } from "../../src/bybit/catalogue.ts";
import type { Gateway } from "../../src/bybit/gateway.ts";
import type { Route } from "../../src/simulator/gateway/route.ts";
import { ANSWERS } from "./support/answers.ts";
import { coverageTable } from "./support/coverage.ts";
import { gatewayTo, OPENING, type RestExchange, restExchange } from "./support/exchange.ts";

// Every function of the catalogue goes over a real socket, signed where it must be, and its answer is understood. Those
// the public side of the local exchange has are answered by it, the rest in the form of the documentation.

let exchange: RestExchange;
let gateway: Gateway;
/** What arrived at a documented endpoint. */
const arrived = new Map<string, Readonly<Record<string, unknown>>>();
beforeAll(async () => {
  exchange = await restExchange({ routes: documentedRoutes(), usualOrders: false });
  gateway = gatewayTo(exchange);
});
afterAll(async () => {
  gateway.close();
  await exchange.close();
});

function documentedRoutes(): Route[] {
  return FUNCTION_NAMES.flatMap((name): Route[] => {
    const answer = ANSWERS[name];
    const fn: ApiFunction = FUNCTIONS[name];
    if (!answer) return [];
    return [
      {
        method: fn.method,
        path: fn.path,
        access: fn.auth === "none" ? "public" : "read",
        status: "partly",
        handle({ params }) {
          arrived.set(name, params.raw);
          return answer;
        },
      },
    ];
  });
}

/** What the local exchange has no use for: it has one account, and says so. */
const REFUSED: Partial<Readonly<Record<FunctionName, number>>> = { create_internal_transfer: 131212 };

describe("every function over a socket", () => {
  it.each(FUNCTION_NAMES.map((name) => [name, ANSWERS[name] ? "documented answer" : "local exchange"] as const))(
    "%s: %s",
    async (name, how) => {
      const fn: ApiFunction = FUNCTIONS[name];
      const params = fn.example;
      const before = exchange.log.length;
      const call = gateway.callNamed(name, params);
      if (REFUSED[name]) await expect(call).rejects.toMatchObject({ retCode: REFUSED[name] });
      else expect(await call).toBeDefined();
      expect(exchange.log.slice(before).join()).toContain(`${fn.method} ${fn.path} 200 ${REFUSED[name] ?? 0}`);
      if (how === "local exchange") return;
      const texts = Object.entries(params).map(([key, value]) => [key, fn.method === "GET" ? String(value) : value]);
      expect({ ...arrived.get(name) }).toEqual(Object.fromEntries(texts));
    },
  );

  it("tells what became of each order of a batch", async () => {
    const request = [{ symbol: "BTCUSDT", orderLinkId: "x" }];
    const answer = await gateway.call("cancel_batch_order", { category: "linear", request });
    expect(answer.outcomes).toEqual([{ code: 170213, msg: "Order does not exist." }]);
  });

  it("takes times and cursors", async () => {
    const asked = {
      category: "linear",
      symbol: "BTCUSDT",
      startTime: OPENING - 1_000,
      endTime: OPENING,
      cursor: "a%3Ab",
    } as const;
    await gateway.call("get_executions", asked);
    expect({ ...arrived.get("get_executions") }).toEqual({
      ...asked,
      startTime: String(OPENING - 1_000),
      endTime: String(OPENING),
    });
  });
});

describe("docs/handbook-coverage.md", () => {
  it("is current (node scripts/handbook.ts writes it)", () => {
    expect(readFileSync("docs/handbook-coverage.md", "utf8")).toBe(coverageTable());
  });
});
