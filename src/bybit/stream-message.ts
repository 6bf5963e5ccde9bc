import type { z } from "zod";
import type { BookFrame } from "./order-book.ts";
import {
  type ExecutionRow,
  executionRow,
  type KlineRow,
  klineRow,
  type LiquidationRow,
  liquidationRow,
  type OrderRow,
  orderRow,
  type PositionRow,
  type PublicTradeRow,
  positionRow,
  publicTradeRow,
  type TickerRow,
  tickerRow,
  type WalletRow,
  walletRow,
} from "./stream-rows.ts";
import type { StreamFrame } from "./stream-session.ts";

/** A stream message with its rows checked. `time` is the exchange's, epoch ms. */
export type StreamMessage =
  | { readonly kind: "book"; readonly symbol: string; readonly time: number; readonly frame: BookFrame }
  | { readonly kind: "kline"; readonly symbol: string; readonly time: number; readonly rows: readonly KlineRow[] }
  | {
      readonly kind: "publicTrade";
      readonly symbol: string;
      readonly time: number;
      readonly rows: readonly PublicTradeRow[];
    }
  | {
      readonly kind: "ticker";
      readonly symbol: string;
      readonly time: number;
      readonly isDelta: boolean;
      readonly row: TickerRow;
    }
  | { readonly kind: "liquidation"; readonly time: number; readonly rows: readonly LiquidationRow[] }
  | { readonly kind: "order"; readonly time: number; readonly rows: readonly OrderRow[] }
  | { readonly kind: "execution"; readonly time: number; readonly rows: readonly ExecutionRow[] }
  | { readonly kind: "position"; readonly time: number; readonly rows: readonly PositionRow[] }
  | { readonly kind: "wallet"; readonly time: number; readonly rows: readonly WalletRow[] }
  /** A topic that is passed on as it came. */
  | { readonly kind: "other"; readonly time: number }
  /** A message that lacks what it must have, or has it in another shape. It is not to be acted upon. */
  | { readonly kind: "quarantined"; readonly time: number; readonly reason: string };

/**
 * The message in a frame. New fields are let through, new words of open lists too; what is missing or malformed puts
 * the whole message in quarantine, with the reason.
 */
export function streamMessage(frame: StreamFrame): StreamMessage {
  const { topic, data } = frame;
  const time = frame.ts ?? frame.creationTime ?? 0;
  const dot = topic.indexOf(".");
  const head = dot < 0 ? topic : topic.slice(0, dot);
  const symbol = topic.slice(topic.lastIndexOf(".") + 1);
  switch (head) {
    case "orderbook":
      return isBook(frame) ? { kind: "book", symbol, time, frame } : { kind: "quarantined", time, reason: "no book" };
    case "kline":
      return rows(klineRow, data, time, (checked) => ({ kind: "kline", symbol, time, rows: checked }));
    case "publicTrade":
      return rows(publicTradeRow, data, time, (checked) => ({ kind: "publicTrade", symbol, time, rows: checked }));
    case "tickers":
      return rows(tickerRow, [data], time, ([row]) => {
        return { kind: "ticker", symbol, time, isDelta: frame.type === "delta", row: row! };
      });
    case "allLiquidation":
      return rows(liquidationRow, data, time, (checked) => ({ kind: "liquidation", time, rows: checked }));
    case "order":
      return rows(orderRow, data, time, (checked) => ({ kind: "order", time, rows: checked }));
    case "execution":
      return topic.startsWith("execution.fast")
        ? { kind: "other", time }
        : rows(executionRow, data, time, (checked) => ({ kind: "execution", time, rows: checked }));
    case "position":
      return rows(positionRow, data, time, (checked) => ({ kind: "position", time, rows: checked }));
    case "wallet":
      return rows(walletRow, data, time, (checked) => ({ kind: "wallet", time, rows: checked }));
    default:
      return { kind: "other", time };
  }
}

function rows<T extends z.ZodType>(
  schema: T,
  data: unknown,
  time: number,
  make: (rows: z.infer<T>[]) => StreamMessage,
): StreamMessage {
  if (!Array.isArray(data)) return { kind: "quarantined", time, reason: "data is no list" };
  const checked: z.infer<T>[] = [];
  for (const each of data) {
    const result = schema.safeParse(each);
    if (!result.success) {
      const [issue] = result.error.issues;
      return { kind: "quarantined", time, reason: `${issue!.path.join(".") || "row"}: ${issue!.message}` };
    }
    checked.push(result.data);
  }
  return make(checked);
}

/** Books are checked by hand: there are thousands a second. */
function isBook(frame: StreamFrame): frame is StreamFrame & BookFrame {
  const { type, data } = frame as Partial<BookFrame>;
  if (type !== "snapshot" && type !== "delta") return false;
  return !!data && Array.isArray(data.a) && Array.isArray(data.b) && typeof data.u === "number";
}
