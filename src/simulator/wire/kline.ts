import type { Increment } from "../../core/decimal.ts";
import { nextOpening, type WireInterval } from "../market/intervals.ts";
import type { BarRow } from "../market/series.ts";
import { money } from "./numbers.ts";

/** How prices and volumes of a market are printed. */
export interface Printing {
  readonly price: Increment;
  readonly qty: Increment;
}

/** A price as the market prints it: a whole number of ticks. */
export function priceText(printing: Printing, price: number): string {
  return printing.price.format(printing.price.count(price, "nearest"));
}

/** A row of `/v5/market/kline`. */
export function klineRow(row: BarRow, printing: Printing): string[] {
  return [...priceRow(row, printing), money(row.volume), money(row.turnover)];
}

/** A row of the mark, index and premium kline lists: no volume. */
export function priceRow(row: BarRow, printing: Printing): string[] {
  return [
    String(row.time),
    priceText(printing, row.open),
    priceText(printing, row.high),
    priceText(printing, row.low),
    priceText(printing, row.close),
  ];
}

/** The data element of a `kline.{interval}.{symbol}` push. */
export function klinePush(
  row: BarRow,
  interval: WireInterval,
  { printing, confirm, timestamp }: { printing: Printing; confirm: boolean; timestamp: number },
): Record<string, unknown> {
  return {
    start: row.time,
    end: nextOpening(row.time, interval) - 1,
    interval,
    open: priceText(printing, row.open),
    close: priceText(printing, row.close),
    high: priceText(printing, row.high),
    low: priceText(printing, row.low),
    volume: money(row.volume),
    turnover: money(row.turnover),
    confirm,
    timestamp,
  };
}
