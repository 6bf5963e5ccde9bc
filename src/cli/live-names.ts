import { bybitHosts, localHosts } from "../bybit/hosts.ts";
import { ArgumentError } from "../core/errors.ts";
import type { Category } from "../model/instrument.ts";
import type { Io } from "./io.ts";
import type { LiveMarket } from "./live-market.ts";

/** Networks whose public data a market may follow. */
export const LIVE_NETWORKS = ["mainnet", "testnet"] as const;

/** What a command knows of the markets it is to follow. */
export interface LiveFlags {
  readonly category: Category;
  /** Default mainnet. */
  readonly from?: (typeof LIVE_NETWORKS)[number];
  /** Another local exchange instead. */
  readonly fromUrl?: string;
}

const LIVE = "live:";

/**
 * Follows the markets that `names` call `live:SYMBOL`; `undefined` when none does.
 *
 * @throws ArgumentError `LIVE`, `SYMBOL`, `LOCAL_ADDRESS`; and as `followMarket`
 */
export async function liveMarketOf(
  names: readonly string[],
  flags: LiveFlags,
  io: Pick<Io, "err" | "signal">,
): Promise<LiveMarket | undefined> {
  const symbols = names.filter((name) => name.startsWith(LIVE)).map((name) => name.slice(LIVE.length));
  const { category, from, fromUrl } = flags;
  if (symbols.length === 0) {
    if (from === undefined && fromUrl === undefined) return undefined;
    throw new ArgumentError("LIVE", "--from and --from-url are for live markets: --market live:BTCUSDT");
  }
  if (symbols.length < names.length || (from !== undefined && fromUrl !== undefined)) {
    const message = "all markets are live or none is, and from one exchange: give --from or --from-url";
    throw new ArgumentError("LIVE", `${message}; was ${names.join(" ")}`);
  }
  for (const symbol of symbols) {
    if (/^[A-Z0-9]{4,24}$/.test(symbol)) continue;
    throw new ArgumentError("SYMBOL", `a symbol is 4 to 24 capitals and digits, was ${JSON.stringify(symbol)}`);
  }
  const hosts =
    fromUrl === undefined
      ? bybitHosts(from ?? "mainnet")
      : localHosts({ rest: fromUrl.replace(/^ws:/, "http:"), ws: fromUrl.replace(/^http:/, "ws:") });
  const { followMarket } = await import("./live-market.ts"); // not for --help
  const onNote = (line: string) => io.err(`live: ${line}`);
  return followMarket({ hosts, category, symbols: [...new Set(symbols)], signal: io.signal, onNote });
}
