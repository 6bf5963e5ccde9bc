import type { Category } from "../../model/instrument.ts";
import { WIRE_INTERVALS, type WireInterval } from "../market/intervals.ts";

/** What a public topic asks for. */
export type PublicTopic =
  | { readonly kind: "orderbook"; readonly depth: number; readonly symbol: string }
  | { readonly kind: "kline"; readonly interval: WireInterval; readonly symbol: string }
  | { readonly kind: "tickers" | "publicTrade" | "allLiquidation"; readonly symbol: string };

/** Depths of the book topics and the least time between two pushes, exchange ms. */
export const BOOK_CADENCE_MS: Readonly<Record<number, number>> = { 1: 10, 50: 20, 200: 100, 1000: 200 };

/** The public topics by pattern, for the endpoint table. */
export const PUBLIC_TOPICS: readonly { pattern: string; note: string }[] = [
  { pattern: "orderbook.{1|50|200|1000}.{symbol}", note: "snapshot, then deltas; level 1 snapshots only" },
  { pattern: "publicTrade.{symbol}", note: "" },
  { pattern: "tickers.{symbol}", note: "snapshot, then deltas; spot snapshots only" },
  { pattern: "kline.{interval}.{symbol}", note: "all 13 intervals; `confirm: true` once" },
  { pattern: "allLiquidation.{symbol}", note: "linear, inverse" },
];

/** What `topic` asks for; `undefined` when the exchange has no such topic. Whether the symbol exists is not asked. */
export function publicTopic(category: Category, topic: string): PublicTopic | undefined {
  const parts = topic.split(".");
  const [kind, second, third] = parts;
  if (parts.length === 3 && kind === "orderbook" && third) {
    const depth = Number(second);
    if (String(depth) !== second || !Object.hasOwn(BOOK_CADENCE_MS, depth)) return undefined;
    return { kind, depth, symbol: third };
  }
  if (parts.length === 3 && kind === "kline" && third) {
    const interval = WIRE_INTERVALS.find((known) => known === second);
    return interval && { kind, interval, symbol: third };
  }
  if (parts.length !== 2 || !second) return undefined;
  if (kind === "tickers" || kind === "publicTrade") return { kind, symbol: second };
  return kind === "allLiquidation" && category !== "spot" ? { kind, symbol: second } : undefined;
}
