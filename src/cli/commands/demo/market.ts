import { DataError } from "../../../core/errors.ts";
import { DAY_MS, intervalMs } from "../../../core/time.ts";
import type { Bars } from "../../../model/bar.ts";
import type { FundingRates } from "../../../model/funding.ts";
import type { Instrument } from "../../../model/instrument.ts";
import { instrumentOf } from "../../../simulator/market/instruments.ts";
import { generateBars } from "../../../store/generate.ts";
import { marketOfName } from "../../../store/load.ts";
import { resolveData } from "../../../store/resolve.ts";
import { syntheticInstrument } from "../../../store/synthetic.ts";

/** What the demo's exchange trades. */
export interface DemoMarket {
  readonly instrument: Instrument;
  readonly bars: Bars;
  readonly funding: FundingRates | null;
  /** Bars that are history; the rest is still to come. */
  readonly past: number;
  /** Where it comes from, for people. */
  readonly source: string;
}

const YEAR_MS = 365 * DAY_MS;
const WEEKS_MS = 35 * DAY_MS;
const FROM = Date.UTC(2024, 0, 1);
/** More bars than these would take too long to trade. */
const MOST_LIVE_BARS = 4_000;
const LEAST_BARS = 2_000;

/** A seeded year of quarters of an hour and five weeks more, or the bars of a file. @throws DataError `TOO_FEW_BARS`; as `resolveData` */
export async function demoMarket({ file, seed }: { file: string | null; seed: number }): Promise<DemoMarket> {
  if (file !== null) return fileMarket(file);
  const symbol = "DEMOUSDT";
  const length = (YEAR_MS + WEEKS_MS) / intervalMs("15");
  const bars = generateBars({ seed, symbol, interval: "15", from: FROM, length });
  const past = YEAR_MS / intervalMs("15");
  const instrument = syntheticInstrument(symbol);
  return { instrument, bars, funding: null, past, source: `a market made with seed ${seed}` };
}

async function fileMarket(file: string): Promise<DemoMarket> {
  const { bars, funding, instrument } = await resolveData({ data: file, root: "data" });
  if (bars.length < LEAST_BARS) {
    const message = `${file} holds ${bars.length} bars; the demo searches, tests and trades on at least ${LEAST_BARS}`;
    throw new DataError("TOO_FEW_BARS", message, { file, bars: bars.length });
  }
  const symbol = bars.symbol || marketOfName(file).symbol;
  const rules = instrument ?? instrumentOf(symbol, "linear", bars.close[bars.length - 1]!);
  const live = Math.min(MOST_LIVE_BARS, Math.floor(bars.length / 5));
  return { instrument: rules, bars, funding: funding ?? null, past: bars.length - live, source: file };
}
