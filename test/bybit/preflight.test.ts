import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Gateway } from "../../src/bybit/gateway.ts";
import { type Finding, type PreflightWants, preflight } from "../../src/bybit/preflight.ts";
import type { Route } from "../../src/simulator/gateway/route.ts";
import { gatewayTo, OPENING, type RestExchange, restExchange } from "./support/exchange.ts";

const POSITION = {
  symbol: "BTCUSDT",
  positionIdx: 0,
  side: "",
  size: "0",
  avgPrice: "",
  leverage: "1",
  liqPrice: "",
  markPrice: "60000",
  stopLoss: "",
  takeProfit: "",
  unrealisedPnl: "0",
};
const KEY = {
  readOnly: 0,
  permissions: { ContractTrade: ["Order", "Position"], Spot: ["SpotTrade"], Wallet: [] as string[] },
  ips: ["18.181.170.164"],
  expiredAt: "1970-01-01T00:00:00Z",
  deadlineDay: -2,
};
const WANTS: PreflightWants = {
  markets: [{ category: "linear", symbol: "BTCUSDT", leverage: 3 }],
  maxClockOffsetMs: 1_000,
  hasKey: true,
};

let exchange: RestExchange;
let gateway: Gateway;
let answers: { key: object; account: object; positions: object[] };
beforeEach(() => {
  answers = { key: KEY, account: { unifiedMarginStatus: 5, marginMode: "ISOLATED_MARGIN" }, positions: [POSITION] };
});
beforeAll(async () => {
  const read = (path: string, result: () => unknown): Route => ({
    method: "GET",
    path,
    access: "read",
    status: "partly",
    handle: () => ({ result: result() }),
  });
  exchange = await restExchange({
    routes: [
      read("/v5/account/info", () => answers.account),
      read("/v5/position/list", () => ({ list: answers.positions })),
    ],
  });
  // A stand-in for the key's own page, which the local exchange fills in its own way.
  const local = gatewayTo(exchange);
  const call: Gateway["callNamed"] = (name, params, options) =>
    name === "get_api_key_information" ? Promise.resolve(answers.key) : local.callNamed(name, params, options);
  gateway = Object.create(local, {
    call: { value: call },
    clock: { value: local.clock },
    hosts: { get: () => ({ ...local.hosts, environment: environment() }) },
  }) as Gateway;
});
afterAll(() => exchange.close());
let isMainnet = false;
const environment = () => (isMainnet ? "mainnet" : "local");
const look = (wants: Partial<PreflightWants> = {}) => preflight(gateway, { ...WANTS, ...wants });
const of = (findings: readonly Finding[], check: string) => findings.filter((finding) => finding.check === check);

describe("preflight", () => {
  it("finds nothing to complain about where there is nothing", async () => {
    const findings = await look();
    expect(findings.map(({ check, state }) => `${check} ${state}`)).toEqual([
      "line ok",
      "clock ok",
      "key rights ok",
      "key address ok",
      "account ok",
      "mode BTCUSDT ok",
      "market BTCUSDT ok",
    ]);
    expect(of(findings, "account")[0]!.text).toBe("unified, isolated margin");
    expect(of(findings, "market BTCUSDT")[0]!.text).toBe("tick 0.10, step 0.001, at least 0.001 and 5 USDT");
  });

  it.each(["Withdraw", "AccountTransfer", "SubMemberTransfer"])(
    "a key with %s may not trade; on play money it may",
    async (right) => {
      answers.key = { ...KEY, permissions: { ...KEY.permissions, Wallet: [right] } };
      expect(of(await look(), "key rights")).toMatchObject([{ state: "warn" }]);
      isMainnet = true;
      const [finding] = of(await look(), "key rights");
      isMainnet = false;
      expect(finding).toMatchObject({ state: "fail", text: `the key can move money: ${right}` });
    },
  );

  it("a key that cannot do what is to be done is refused", async () => {
    answers.key = { ...KEY, readOnly: 1 };
    expect(of(await look(), "key rights")[0]).toMatchObject({
      state: "fail",
      text: expect.stringContaining("read-only"),
    });
    expect(of(await look({ markets: [] }), "key rights")[0]).toMatchObject({
      state: "ok",
      text: "the key can read only",
    });
    answers.key = { ...KEY, permissions: { ContractTrade: ["Order"] } };
    expect(of(await look(), "key rights")[0]!.text).toContain("it lacks Position");
  });

  it("a key for any address, or one that ends soon, is worth a word", async () => {
    const expiredAt = new Date(Date.now() + 13 * 86_400_000).toISOString();
    answers.key = { ...KEY, ips: ["*"], expiredAt };
    const now = gateway.clock.now();
    const soon = new Date(now + 13 * 86_400_000).toISOString();
    answers.key = { ...KEY, ips: ["*"], expiredAt: soon };
    const findings = await look();
    expect(of(findings, "key address")[0]).toMatchObject({ state: "warn" });
    expect(of(findings, "key expiry")[0]!.text).toMatch(/^the key ends in (12d|13d)/);
    answers.key = { ...KEY, expiredAt: new Date(now + 20 * 86_400_000).toISOString() };
    expect(of(await look(), "key expiry")).toEqual([]);
  });

  it("classic accounts, hedge mode and open positions are told", async () => {
    answers.account = { unifiedMarginStatus: 1, marginMode: "REGULAR_MARGIN" };
    answers.positions = [
      { ...POSITION, positionIdx: 1 },
      { ...POSITION, positionIdx: 2 },
    ];
    const findings = await look();
    expect(of(findings, "account")[0]).toMatchObject({ state: "fail" });
    expect(of(findings, "mode BTCUSDT")[0]).toMatchObject({ state: "fail", advice: expect.stringContaining("mode=0") });
    answers.positions = [{ ...POSITION, side: "Buy", size: "0.1" }];
    expect(of(await look(), "mode BTCUSDT")[0]).toMatchObject({
      state: "warn",
      text: "one-way, a position is open: Buy 0.1",
    });
  });

  it("a market that is not there, too much leverage, too small positions", async () => {
    const market = (symbol: string, leverage: number) => ({ category: "linear", symbol, leverage }) as const;
    expect(of(await look({ markets: [market("NOPEUSDT", 1)] }), "market NOPEUSDT")[0]).toMatchObject({ state: "fail" });
    expect(of(await look({ markets: [market("BTCUSDT", 101)] }), "market BTCUSDT")[0]!.text).toContain(
      "above its most, 100.00",
    );
    expect(of(await look({ minPositionQuote: 4 }), "market BTCUSDT")[0]).toMatchObject({
      state: "warn",
      advice: "raise limits.minPositionQuote to 5",
    });
  });

  it("a clock that is off forbids trading; an exchange that plays the past does not", async () => {
    expect(of(await look(), "clock")[0]!.text).toMatch(/^the local exchange keeps a time of its own: 2025-01-10/);
    isMainnet = true;
    const findings = await look();
    isMainnet = false;
    expect(of(findings, "clock")[0]).toMatchObject({ state: "fail", advice: "set the clock (NTP)" });
    expect(gateway.clock.now()).toBeGreaterThan(OPENING - 60_000);
  });

  it("no key, and no exchange, are findings too", async () => {
    expect(of(await look({ hasKey: false }), "key")[0]).toMatchObject({
      state: "warn",
      advice: expect.stringContaining("BYBIT_LOCAL_API_KEY"),
    });
    const nowhere = gatewayTo({ ...exchange, rest: "http://127.0.0.1:1" });
    expect(await preflight(nowhere, WANTS)).toMatchObject([{ check: "line", state: "fail" }]);
  });
});
