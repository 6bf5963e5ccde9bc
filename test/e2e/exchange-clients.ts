import { pro } from "ccxt";
import { type Exchange, startExchange } from "../../src/simulator/exchange.ts";
import { instrumentOf } from "../../src/simulator/market/instruments.ts";
import { minuteBars, OPENING } from "../simulator/support.ts";

/** Keeps bybit-api quiet. */
export const silent = { trace() {}, info() {}, error() {} };

/** A ccxt client pointed at `exchange`, the way its users point it at a test server. */
export async function ccxtClient(exchange: Exchange, types = ["spot", "linear", "inverse"]) {
  const { rest, wsPublic, wsPrivate, wsTrade, apiKey, apiSecret } = exchange;
  const client = new pro.bybit({
    apiKey,
    secret: apiSecret,
    options: { defaultType: "swap", fetchMarkets: { types } },
  });
  const api = client.urls.api as Record<string, unknown>;
  for (const name of ["spot", "futures", "v2", "public", "private"]) api[name] = rest;
  const spot = { unified: wsPrivate, nonUnified: wsPrivate };
  api.ws = {
    public: { ...wsPublic, option: wsPublic.linear },
    private: { spot, contract: wsPrivate, usdc: wsPrivate, trade: wsTrade },
  };
  await client.loadHttpProxyAgent(); // ccxt needs it for any ws:// address
  return client;
}

export const MINUTE = 60_000;

/** 60,000 for five minutes of history, then up to 62,000, then down through a trailing stop. */
const ROWS: [number, number, number, number][] = [
  ...Array.from({ length: 5 }, (): [number, number, number, number] => [60_000, 60_000, 60_000, 60_000]),
  [60_000, 61_000, 60_000, 61_000],
  [61_000, 62_000, 61_000, 62_000],
  [62_000, 62_000, 61_500, 61_500],
  [61_500, 61_500, 61_500, 61_500],
];

/** The market on which a whole life is led, minute by minute. */
export function lifeExchange(log: (line: string) => void = () => {}): Promise<Exchange> {
  return startExchange({
    markets: [{ instrument: instrumentOf("BTCUSDT", "linear", 60_000), bars: minuteBars("BTCUSDT", ROWS) }],
    startTime: OPENING + 5 * MINUTE,
    speed: "step",
    walk: "ticks",
    premium: false,
    liquidity: { kind: "unlimited" },
    log,
  });
}
