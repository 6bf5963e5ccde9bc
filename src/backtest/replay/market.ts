import type { MarketKey } from "../../matching/types.ts";
import type { Venue } from "../../matching/venue.ts";
import type { Bars } from "../../model/bar.ts";
import { type InstrumentSteps, stepsOf } from "../../model/instrument.ts";
import { alignMark, type MarkColumns } from "../mark.ts";
import type { RunOptions } from "./input.ts";
import { ACCOUNT, openVenue } from "./venue.ts";
import { type VenuePort, venuePort } from "./venue-port.ts";

/** Orders are judged by how far they are from the mark price: it must not fall too far behind, a fraction. */
const MARK_DRIFT = 0.2;

/**
 * The bars of one market as its venue meets them: opened, walked, with mark prices told where somebody looks at them.
 *
 * What any of it causes is in the port.
 */
export class BarMarket {
  readonly venue: Venue;
  readonly port: VenuePort;
  private readonly bars: Bars;
  private readonly marks: MarkColumns;
  private readonly key: MarketKey;
  private readonly steps: InstrumentSteps;
  /** Price at which the venue liquidates; 0 for none, `null` when it has to be asked for. */
  private liquidation: number | null = null;
  /** The mark price last told. */
  private told = Number.NaN;

  constructor(options: RunOptions) {
    const { bars, instrument, mark } = options;
    this.bars = bars;
    this.marks = mark ? alignMark(mark, bars) : bars;
    this.key = `${instrument.category}/${instrument.symbol}`;
    this.steps = stepsOf(instrument);
    this.venue = openVenue(options);
    this.port = venuePort(this.venue, ACCOUNT, [{ key: this.key, instrument, steps: this.steps }]);
  }

  /** The clock comes to the bar, and the last price to its open: what rests and is jumped over fills there. */
  open(i: number): void {
    const { venue, bars, marks } = this;
    const at = bars.time[i]!;
    if (at > venue.now()) venue.advanceTo(at);
    if (!(Math.abs(marks.open[i]! / this.told - 1) <= MARK_DRIFT)) this.markOpen(i);
    venue.openBar(this.key, this.ticks(bars.open[i]!));
  }

  /** The rest of a bar that was opened. */
  walk(i: number): void {
    const { time, open, high, low, close } = this.bars;
    const bar = { open: this.ticks(open[i]!), high: this.ticks(high[i]!), low: this.ticks(low[i]!) };
    // No order here takes a share of the volume.
    this.venue.onBar(this.key, { time: time[i]!, ...bar, close: this.ticks(close[i]!), volume: 0 });
  }

  /** Settles what is due up to and including `until` at the mark price that opened bar `i`; false when nothing is. */
  settle(i: number, until: number): boolean {
    if (this.venue.nextTime() > until) return false;
    this.markOpen(i);
    this.venue.advanceTo(until);
    return true;
  }

  /** Tells the mark price that opened bar `i`. */
  markOpen(i: number): void {
    this.setMark(this.marks.open[i]!);
  }

  /** Tells the mark price of bar `i` that is worst for a position of this side. */
  markWorst(i: number, isLong: boolean): void {
    this.setMark((isLong ? this.marks.low : this.marks.high)[i]!);
  }

  /** The account has changed: another price liquidates it. */
  changed(): void {
    this.liquidation = null;
  }

  /** Whether mark prices of bar `i` reach the price at which the venue liquidates. */
  isNearLiquidation(i: number, isLong: boolean): boolean {
    if (this.liquidation === null) {
      const [position] = this.venue.positions(ACCOUNT, this.key);
      this.liquidation = position ? this.steps.price.value(position.liqPrice) : 0;
    }
    if (this.liquidation === 0) return false;
    return isLong ? this.marks.low[i]! <= this.liquidation : this.marks.high[i]! >= this.liquidation;
  }

  /** Whether bar `i` reaches the stop, and the stop lies before the price of liquidation. */
  isStopFirst(i: number, isLong: boolean, stop: number | null): boolean {
    if (stop === null) return false;
    const { bars, liquidation } = this;
    if (isLong) return bars.low[i]! <= stop && stop > liquidation!;
    return bars.high[i]! >= stop && stop < liquidation!;
  }

  private setMark(price: number): void {
    this.told = price;
    this.venue.setMark(this.key, this.ticks(price));
  }

  private ticks(price: number): number {
    return this.steps.price.count(price, "nearest");
  }
}
