import { createVenue } from "../../matching/create.ts";
import type { Venue } from "../../matching/venue.ts";
import type { Instrument } from "../../model/instrument.ts";
import type { RunOptions } from "./input.ts";

/** The account that a replay trades on. */
export const ACCOUNT = "replay";

/** An exchange with one market of unlimited liquidity and one account, before its first bar. */
export function openVenue({ bars, instrument, settings, funding }: RunOptions): Venue {
  const { slippageBps, feeRate, makerFeeRate, cash } = settings;
  const venue = createVenue({
    markets: [
      {
        instrument,
        liquidity: { kind: "unlimited", slippageBps },
        // How far a market order goes is for bars and settings to say, not for the distance from a mark price.
        priceLimit: { x: 0.999, y: 0.999 },
        ...(settings.funding && funding && { funding }),
      },
    ],
    startTime: bars.time[0]!,
    fees: { [instrument.category]: { taker: feeRate, maker: makerFeeRate ?? feeRate } },
    ownTradesMovePrice: false,
    historyLimit: 1_000,
  });
  venue.openAccount({
    id: ACCOUNT,
    balances: { [instrument.settleCoin]: cash },
    leverage: exchangeLeverage(settings.leverage, instrument),
  });
  return venue;
}

/**
 * The leverage an account is set to: well above the bot's own cap, so that the exchange's margin for fees and for closing
 * never refuses what the cap allows. It multiplies nothing; liquidation of a cross position does not depend on it.
 */
export function exchangeLeverage(leverage: number, instrument: Instrument): number {
  return Math.max(1, Math.min(Number(instrument.maxLeverage), Math.max(2 * leverage, 10)));
}
