import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UNSERVED } from "../../src/simulator/endpoints/unserved.ts";
import { endpointTable } from "../../src/simulator/endpointtable.ts";
import type { Exchange } from "../../src/simulator/exchange.ts";
import { routesOf } from "../../src/simulator/routes.ts";
import { openDesk } from "../../src/simulator/trading/desk.ts";
import { World } from "../../src/simulator/world.ts";
import { get, post, seededMarket, stepExchange } from "./support.ts";

const world = new World({ markets: [seededMarket("BTCUSDT", "linear", { interval: "60" })], speed: "step" });
openDesk(world);
const routes = routesOf(world);

let exchange: Exchange;
beforeAll(async () => {
  exchange = await stepExchange();
});
afterAll(() => exchange.close());

describe("docs/exchange-endpoints.md", () => {
  it("is what `node scripts/exchange-endpoints.ts` writes from the code that serves them", () => {
    const page = readFileSync(new URL("../../docs/exchange-endpoints.md", import.meta.url), "utf8");
    expect(page).toBe(endpointTable(routes));
  });

  it.each(routes.map(({ method, path, status }) => [method, path, status]))("%s %s is %s", async (method, path) => {
    const answer = method === "GET" ? await get(exchange, path) : await post(exchange, path, {});
    expect(answer.retCode).toEqual(expect.any(Number));
    expect(answer.retCode).not.toBe(10017);
  });

  const gone = UNSERVED.flatMap(({ name }) => {
    const [, method, path] = /^(GET|POST) (\/\S+)$/.exec(name) ?? [];
    return method && path ? [[method, path] as const] : [];
  });
  it.each(gone)("%s %s is not served", async (method, path) => {
    const answer = method === "GET" ? await get(exchange, path) : await post(exchange, path, {});
    expect(answer.retCode).toBe(10017);
  });
});
