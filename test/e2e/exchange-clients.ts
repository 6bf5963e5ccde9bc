import { pro } from "ccxt";
import type { Exchange } from "../../src/simulator/exchange.ts";

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
