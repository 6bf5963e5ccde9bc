import { HOUR_MS } from "../../core/time.ts";
import type { Depth } from "../market/book.ts";
import { FUNDING_CAP } from "../market/derived.ts";
import type { Market } from "../market/market.ts";
import { priceText } from "./kline.ts";
import { fraction, money } from "./numbers.ts";

/** Contracts open in the long run, in days of volume. */
const INTEREST_IN_DAYS = 0.5;

/** Contracts open on both sides, in the instrument's quantity, a whole number of steps. */
export function openInterest(market: Market, time: number): string {
  const day = market.day(time);
  const qty = Math.max(market.printing.qty.step, day.volume * INTEREST_IN_DAYS) * market.derived.interest(time);
  return market.printing.qty.format(market.printing.qty.count(qty, "floor"));
}

/** An entry of `/v5/market/tickers`, and the full set behind `tickers.{symbol}` pushes. */
export function ticker(market: Market, best: Depth, time: number): Record<string, string> {
  const { printing, instrument } = market;
  const day = market.day(time);
  const price = (value: number) => priceText(printing, value);
  const top = (side: readonly (readonly [number, number])[]) => ({
    price: side[0] ? printing.price.format(side[0][0]) : "",
    size: side[0] ? printing.qty.format(side[0][1]) : "",
  });
  const bid = top(best.bids);
  const ask = top(best.asks);
  const common = {
    symbol: instrument.symbol,
    lastPrice: price(market.lastPrice),
    prevPrice24h: price(day.open),
    price24hPcnt: fraction(market.lastPrice / day.open - 1),
    highPrice24h: price(day.high),
    lowPrice24h: price(day.low),
    turnover24h: money(day.turnover),
    volume24h: money(day.volume),
    bid1Price: bid.price,
    bid1Size: bid.size,
    ask1Price: ask.price,
    ask1Size: ask.size,
  };
  if (instrument.category === "spot") return { ...common, usdIndexPrice: money(market.indexPrice, 6) };
  const interest = openInterest(market, time);
  const next = market.nextFunding(time);
  const value = market.turnoverOf(market.markPrice, Number(interest));
  return {
    ...common,
    indexPrice: price(market.indexPrice),
    markPrice: price(market.markPrice),
    prevPrice1h: price(day.openOfHour),
    openInterest: interest,
    openInterestValue: money(value, 2),
    singleOpenInterest: money(Number(interest) / 2),
    singleOpenInterestValue: money(value / 2, 2),
    fundingRate: money(market.fundingRate(next)),
    nextFundingTime: String(next),
    predictedDeliveryPrice: "",
    basisRate: "",
    basis: "",
    deliveryFeeRate: "",
    deliveryTime: "0",
    preOpenPrice: "",
    preQty: "",
    curPreListingPhase: "",
    fundingIntervalHour: String(instrument.fundingIntervalMs / HOUR_MS),
    fundingCap: money(FUNDING_CAP),
    basisRateYear: "",
  };
}
