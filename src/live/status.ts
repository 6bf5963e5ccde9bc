import type { OrderRecord } from "../engine/order.ts";

/** How one strategy on one symbol stands. Money in quote, times epoch ms of the exchange; `null`: none, or not known. */
export interface LaneStatus {
  readonly name: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly interval: string;
  /** Why it may not act any more; `null` while it may. */
  readonly stopped: string | null;
  /** Opening of the newest closed bar taken in. */
  readonly lastBar: number | null;
  readonly bars: number;
  /** Signed, base. */
  readonly size: number;
  readonly entryPrice: number | null;
  readonly lastPrice: number | null;
  readonly markPrice: number | null;
  /** Age of the prices, ms of exchange time. */
  readonly priceAgeMs: number | null;
  readonly unrealized: number;
  /** The protective price that is wanted on the exchange. */
  readonly stop: string | null;
  /** As the exchange last told. */
  readonly liquidationPrice: number | null;
  /** How far the mark price is from liquidation, fraction of the mark price. */
  readonly liquidationDistance: number | null;
  /** Orders that may still do something. */
  readonly orders: readonly OrderRecord[];
}

/** How a bot stands. */
export interface TraderStatus {
  readonly environment: string;
  readonly account: string;
  readonly pid: number;
  /** `starting` until the account was looked at; `stopping` once it was asked to end. */
  readonly state: "starting" | "trading" | "halted" | "closing" | "stopping";
  /** What forbids entries: latch names. */
  readonly latches: readonly string[];
  readonly startedAt: number;
  readonly now: number;
  readonly isLinkUp: boolean;
  readonly isReconciled: boolean;
  readonly isJournalWritable: boolean;
  readonly clockOffsetMs: number;
  /** Wallet by the books, and with unrealised profit. */
  readonly balance: number;
  readonly equity: number;
  readonly dayStartEquity: number;
  readonly peakEquity: number;
  /** Fraction of the day's first equity lost since midnight UTC, ≥ 0; and what it may be. */
  readonly dailyLoss: number;
  readonly maxDailyLoss: number;
  readonly drawdown: number;
  readonly maxDrawdown: number;
  /** Notional of all positions over equity. */
  readonly marginUsed: number;
  readonly lanes: readonly LaneStatus[];
}
