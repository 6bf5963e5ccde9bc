import { exactNumber } from "../../core/exact.ts";
import type { ExecutionFact } from "../../engine/facts.ts";
import { Ledger } from "../../engine/ledger.ts";
import type { Bars } from "../../model/bar.ts";
import type { ExitReason, Trade } from "../../model/trade.ts";
import type { Direction } from "../fills.ts";
import { excursions } from "../position.ts";

interface OpenTrade {
  readonly entryBar: number;
  readonly direction: Direction;
  quantity: number;
  entryPrice: number;
  exitQuantity: number;
  exitPrice: number;
  gross: number;
  fees: number;
  funding: number;
  /** Where it was first protected; `null` for none. */
  stop: number | null;
  target: number | null;
}

/** Where in the bars an execution happened, and what it was for. */
export interface Moment {
  readonly bar: number;
  readonly reason: ExitReason;
  /** Where the stop stood; `null` for none. */
  readonly stop: number | null;
}

/** The executions of one market in order, as trades from flat to flat with the columns of a fast backtest. */
export class TradeBook {
  readonly trades: Trade[] = [];
  /** Bars during which there was a position. */
  barsInMarket = 0;
  /** Bars that held both stop and target. */
  ambiguousBars = 0;
  private readonly ledger = new Ledger();
  private open: OpenTrade | null = null;
  private readonly bars: Bars;

  constructor(bars: Bars) {
    this.bars = bars;
  }

  /** Books an execution; a trade is complete when the position is flat. */
  take(fact: ExecutionFact, moment: Moment): void {
    const posting = this.ledger.book(fact);
    if (!posting) return;
    // A settlement moves money only, and at a rate of 0 not even that.
    if (posting.before === posting.after) {
      if (this.open) this.open.funding += exactNumber(posting.funding);
      return;
    }
    const price = Number(fact.price);
    const quantity = Number(fact.qty);
    const direction = fact.side === "buy" ? 1 : -1;
    this.open ??= {
      entryBar: moment.bar,
      direction,
      ...{ quantity: 0, entryPrice: price, exitQuantity: 0, exitPrice: price, gross: 0, fees: 0, funding: 0 },
      stop: null,
      target: null,
    };
    const { open } = this;
    open.fees += exactNumber(posting.fee);
    if (direction === open.direction) {
      open.quantity += quantity;
      open.entryPrice = this.ledger.entryPrice(fact.symbol)!;
    } else {
      const before = open.exitQuantity;
      // The first one to the last bit; a mean only where there is something to mean.
      open.exitPrice = before === 0 ? price : (before * open.exitPrice + quantity * price) / (before + quantity);
      open.exitQuantity += quantity;
      open.gross += exactNumber(posting.realised);
    }
    if (posting.after === 0n) this.close(open, moment);
  }

  /** The stop and target that the trade just opened has; `null` for none. */
  protect(stop: number | null, target: number | null): void {
    if (!this.open) return;
    this.open.stop = stop;
    this.open.target = target;
  }

  /** Values what is still open at the last close: such a trade is open, and has paid no exit. */
  end(): void {
    const { open, bars } = this;
    if (!open) return;
    const bar = bars.length - 1;
    const price = bars.close[bar]!;
    open.gross += open.direction * (open.quantity - open.exitQuantity) * (price - open.entryPrice);
    open.exitPrice = price;
    this.close(open, { bar, reason: "open", stop: null });
  }

  private close(open: OpenTrade, { bar, reason, stop }: Moment): void {
    const { entryBar, direction, quantity, entryPrice, exitPrice, gross, fees, funding } = open;
    const { bars } = this;
    const isAmbiguous = (reason === "stopLoss" || reason === "trailingStop") && this.holdsBoth(open, bar, stop);
    const isAtOpen = reason === "signal" || reason === "reverse";
    this.open = null;
    this.barsInMarket += bar - entryBar + (isAtOpen ? 0 : 1);
    if (isAmbiguous) this.ambiguousBars += 1;
    const { adverse, favorable } = excursions({ direction, entryPrice, ...this.extremes(open, bar, reason) });
    this.trades.push({
      id: this.trades.length + 1,
      symbol: bars.symbol,
      side: direction === 1 ? "buy" : "sell",
      entryTime: bars.time[entryBar]!,
      entryPrice,
      exitTime: bars.time[bar]!,
      exitPrice,
      quantity,
      realizedPnl: gross - fees + funding,
      grossPnl: gross,
      fees,
      funding,
      exitReason: reason,
      barsHeld: bar - entryBar,
      maxAdverseFraction: adverse,
      maxFavorableFraction: favorable,
      initialRisk: open.stop === null ? null : quantity * Math.abs(entryPrice - open.stop),
      ambiguous: isAmbiguous,
    });
  }

  /** Whether the bar held the target too, after it had opened between it and the stop. */
  private holdsBoth({ direction, target }: OpenTrade, bar: number, stop: number | null): boolean {
    const { open, high, low } = this.bars;
    if (target === null || stop === null || direction * (open[bar]! - stop) <= 0) return false;
    return direction * ((direction === 1 ? high : low)[bar]! - target) >= 0;
  }

  /** Lowest and highest price of the trade: bars held to their close, and of the bar it left the open and the exit. */
  private extremes({ entryBar, entryPrice, exitPrice }: OpenTrade, bar: number, reason: ExitReason) {
    const { open, high, low } = this.bars;
    const seen = reason === "signal" || reason === "reverse" || reason === "open" ? exitPrice : open[bar]!;
    let lowest = Math.min(entryPrice, exitPrice, seen);
    let highest = Math.max(entryPrice, exitPrice, seen);
    const end = reason === "open" ? bar + 1 : bar;
    for (let i = entryBar; i < end; i++) {
      if (low[i]! < lowest) lowest = low[i]!;
      if (high[i]! > highest) highest = high[i]!;
    }
    return { lowest, highest };
  }
}
