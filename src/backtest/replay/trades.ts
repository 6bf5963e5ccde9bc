import { exactNumber } from "../../core/exact.ts";
import type { ExecutionFact } from "../../engine/facts.ts";
import { Ledger } from "../../engine/ledger.ts";
import type { ExitReason, Trade } from "../../model/trade.ts";

interface OpenTrade {
  readonly time: number;
  readonly side: "buy" | "sell";
  quantity: number;
  cost: number;
  exitQuantity: number;
  exitValue: number;
  gross: number;
  fees: number;
  funding: number;
}

/** Executions in order, one symbol after the other or mixed, as trades from flat to flat. */
export class TradeBook {
  readonly trades: Trade[] = [];
  private readonly ledger = new Ledger();
  private readonly open = new Map<string, OpenTrade>();
  private readonly intervalMs: number;

  /** Times of trades are openings of bars this long. */
  constructor(intervalMs: number) {
    this.intervalMs = intervalMs;
  }

  /** Books an execution; a trade is complete when the position is flat. */
  take(fact: ExecutionFact, reason: ExitReason): void {
    const posting = this.ledger.book(fact);
    if (!posting) return;
    const { symbol } = fact;
    let open = this.open.get(symbol);
    if (posting.funding !== 0n) {
      if (open) open.funding += exactNumber(posting.funding);
      return;
    }
    const price = Number(fact.price);
    const quantity = Number(fact.qty);
    if (!open) {
      open = {
        time: this.barOf(fact.time),
        side: fact.side,
        quantity: 0,
        cost: 0,
        exitQuantity: 0,
        exitValue: 0,
        gross: 0,
        fees: 0,
        funding: 0,
      };
      this.open.set(symbol, open);
    }
    open.fees += exactNumber(posting.fee);
    if (fact.side === open.side) {
      open.quantity += quantity;
      open.cost += quantity * price;
    } else {
      open.exitQuantity += quantity;
      open.exitValue += quantity * price;
      open.gross += exactNumber(posting.realised);
    }
    if (posting.after !== 0n) return;
    this.open.delete(symbol);
    this.push(symbol, open, this.barOf(fact.time), open.exitValue / open.exitQuantity, reason);
  }

  /** Values what is still open at `price`: such a trade is open, and has paid no exit. */
  end(symbol: string, time: number, price: number): void {
    const open = this.open.get(symbol);
    if (!open) return;
    const direction = open.side === "buy" ? 1 : -1;
    open.gross += direction * (open.quantity - open.exitQuantity) * (price - open.cost / open.quantity);
    this.push(symbol, open, time, price, "open");
  }

  private barOf(time: number): number {
    return Math.floor(time / this.intervalMs) * this.intervalMs;
  }

  private push(symbol: string, open: OpenTrade, exitTime: number, exitPrice: number, exitReason: ExitReason): void {
    const { time, side, quantity, gross, fees, funding } = open;
    this.trades.push({
      id: this.trades.length + 1,
      symbol,
      side,
      entryTime: time,
      entryPrice: open.cost / quantity,
      exitTime,
      exitPrice,
      quantity,
      realizedPnl: gross - fees + funding,
      grossPnl: gross,
      fees,
      funding,
      exitReason,
      barsHeld: Math.round((exitTime - time) / this.intervalMs),
      maxAdverseFraction: 0,
      maxFavorableFraction: 0,
      initialRisk: null,
      ambiguous: false,
    });
  }
}
