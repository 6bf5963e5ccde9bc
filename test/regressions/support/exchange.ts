import { type Gateway, localHosts, openGateway } from "../../../src/bybit/index.ts";
import { type Exchange, startExchange } from "../../../src/simulator/exchange.ts";
import { OPENING, seededMarket } from "../../bybit/support/exchange.ts";

/** Two days of minutes, and what the local exchange made its klines of. */
export const market = seededMarket("BTCUSDT", "linear");

/** A local exchange half a minute into a bar; time stands still until it is stepped. */
export async function smallExchange(): Promise<Exchange> {
  const exchange = await startExchange({ markets: [market], startTime: OPENING, speed: "step", walk: "ticks" });
  exchange.control.step(30_000);
  return exchange;
}

export function gatewayOf({ rest, ws, apiKey, apiSecret }: Exchange): Gateway {
  return openGateway({
    hosts: localHosts({ rest, ws }),
    credentials: { key: apiKey, secret: { reveal: () => apiSecret }, kind: "hmac", environment: "local" },
    limitScale: Infinity,
  });
}
