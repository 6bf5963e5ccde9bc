import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { answerOf } from "../../src/bybit/answer.ts";
import type { ApiFunction } from "../../src/bybit/catalogue/entry.ts";
import { FUNCTION_NAMES, FUNCTIONS } from "../../src/bybit/catalogue.ts";

// Answers of the real exchange, collected by other projects: what they hold must be understood.
const SHARED = join(import.meta.dirname, "../../../shared/fixtures");
const isThere = existsSync(SHARED);

const NAUTILUS: Readonly<Record<string, string>> = {
  account_info: "/v5/account/info",
  executions: "/v5/execution/list",
  fee_rate: "/v5/account/fee-rate",
  funding_history: "/v5/market/funding/history",
  instruments: "/v5/market/instruments-info",
  klines: "/v5/market/kline",
  order: "/v5/order/realtime",
  orderbook: "/v5/market/orderbook",
  orders_history: "/v5/order/history",
  orders_realtime: "/v5/order/realtime",
  positions: "/v5/position/list",
  trades_recent: "/v5/market/recent-trade",
  user_query_api: "/v5/user/query-api",
  wallet_balance: "/v5/account/wallet-balance",
};

interface Recorded {
  readonly file: string;
  readonly path: string;
  readonly text: string;
}

function recordings(): Recorded[] {
  if (!isThere) return [];
  const jkorf = readdirSync(join(SHARED, "jkorf"))
    .filter((file) => file.startsWith("Endpoints"))
    .map((file) => {
      const { path, response } = JSON.parse(readFileSync(join(SHARED, "jkorf", file), "utf8"));
      return { file, path, text: JSON.stringify(response) };
    });
  const nautilus = readdirSync(join(SHARED, "nautilus"))
    .filter((file) => file.startsWith("http_get"))
    .flatMap((file) => {
      const stem = file.slice("http_get_".length, -".json".length);
      const key = Object.keys(NAUTILUS)
        .sort((a, b) => b.length - a.length)
        .find((each) => stem.startsWith(each));
      return key ? [{ file, path: NAUTILUS[key]!, text: readFileSync(join(SHARED, "nautilus", file), "utf8") }] : [];
    });
  return [...jkorf, ...nautilus];
}

const known = recordings().flatMap(({ file, path, text }): [string, string, string][] => {
  const name = FUNCTION_NAMES.find((each) => FUNCTIONS[each].path === path);
  return name ? [[file, name, text]] : [];
});

describe.runIf(isThere)("answers of the real exchange", () => {
  it("are there for many functions", () => {
    expect(new Set(known.map(([, name]) => name)).size).toBeGreaterThan(30);
  });

  it.each(known)("%s is understood as an answer of %s", (_, name, text) => {
    const fn: ApiFunction = FUNCTIONS[name as keyof typeof FUNCTIONS];
    const reply = { kind: "answer", status: 200, headers: {}, text } as const;
    const verdict = answerOf({ name, fn, reply, redact: (each) => each, where: "there" });
    const expected = JSON.parse(text).retCode === 0 ? "accepted" : "refused";
    expect(verdict.outcome, verdict.outcome === "accepted" ? "" : verdict.error.message).toBe(expected);
  });
});
