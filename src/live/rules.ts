import type { Gateway } from "../bybit/gateway.ts";
import { fetchInstrument } from "../bybit/instruments.ts";
import type { Instrument } from "../model/instrument.ts";

/** The same rules are not asked for again within this, ms of this machine. */
const AGAIN_MS = 60_000;
/** What orders are made by. */
const NAMES = ["tickSize", "qtyStep", "minOrderQty", "maxMarketOrderQty", "minNotionalValue"] as const;

/** The rules of markets, as the exchange last told them. */
export class Rules {
  private readonly gateway: Gateway;
  private readonly known = new Map<string, Instrument>();
  private readonly askedAt = new Map<string, number>();

  constructor(gateway: Gateway, instruments: readonly Instrument[]) {
    this.gateway = gateway;
    for (const instrument of instruments) this.known.set(instrument.symbol, instrument);
  }

  /**
   * A market's rules if they have changed since they were last told; `null` when they have not, or were asked for just now.
   *
   * @throws as `fetchInstrument`
   */
  async look(symbol: string): Promise<Instrument | null> {
    const known = this.known.get(symbol)!;
    const now = performance.now();
    if (now - (this.askedAt.get(symbol) ?? -Infinity) < AGAIN_MS) return null;
    this.askedAt.set(symbol, now);
    const { instrument } = await fetchInstrument(this.gateway, { category: known.category, symbol });
    if (NAMES.every((name) => Number(instrument[name]) === Number(known[name]))) return null;
    this.known.set(symbol, instrument);
    return instrument;
  }
}
