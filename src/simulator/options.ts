import type { Liquidity } from "../matching/types.ts";
import type { Speed } from "./clock.ts";
import type { FaultPlan } from "./faults/rules.ts";
import type { KeyRequest } from "./gateway/keyring.ts";
import type { MarketSource, Walk } from "./market/market.ts";

/** How to start an exchange; everything but `markets` has a default. */
export interface ExchangeOptions {
  readonly markets: readonly MarketSource[];
  /** Exchange time at the start, epoch ms; default: the last tenth of the bars is still to come, of a fed market none. */
  readonly startTime?: number;
  /** Default 1, real time; with a fed market it is `fed`. */
  readonly speed?: Speed;
  /** Default 1. */
  readonly seed?: number | string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** Default 127.0.0.1: nobody else can connect. */
  readonly host?: string;
  /** Decimal amounts by coin; default 100000 USDT and one of each inverse settle coin. */
  readonly balances?: Readonly<Record<string, string>>;
  readonly faults?: FaultPlan;
  /** Keys beside the demo key. */
  readonly keys?: readonly KeyRequest[];
  /** Multiplies every rate limit; Infinity: none. Default 1; in step mode, where a second need not pass, none. */
  readonly limitScale?: number;
  /** How long subscribe and auth replies wait, machine ms. Default 12. */
  readonly ackDelayMs?: number;
  /** Trades of the source between a bar's open, high, low and close. Default 0 in step and max, else 56. */
  readonly ticksBetween?: number;
  /**
   * By `ticks`, one after the other as time passes, or by `bars` as a replay does: the bar's open, then, a moment before
   * its end, all of the rest. Default: bars in step mode, else ticks.
   */
  readonly walk?: Walk;
  /** What is displayed around the last price; default: a ladder sized by the source's volume. */
  readonly liquidity?: Liquidity;
  /** Whether mark and index leave the last price. Default: only when walking by ticks. */
  readonly premium?: boolean;
  /** How long a client may take to send its head and its whole request, machine ms. Default 5000 and 10000. */
  readonly timeouts?: RequestTimeouts;
  /** One line per request and message. */
  readonly log?: (line: string) => void;
}

export interface RequestTimeouts {
  readonly headersMs: number;
  readonly requestMs: number;
}

/** Where a running exchange is reached. */
export interface Addresses {
  /** `http://127.0.0.1:PORT`. */
  readonly rest: string;
  /** `ws://127.0.0.1:PORT`; the paths are Bybit's. */
  readonly ws: string;
  readonly wsPublic: { readonly linear: string; readonly inverse: string; readonly spot: string };
  readonly wsPrivate: string;
  readonly wsTrade: string;
}
