import type { Side } from "../model/trade.ts";
import type { Listed } from "./orderlists.ts";
import type { OwnLevel, Queued } from "./ownbook.ts";
import type {
  CancelType,
  ClosedPnlRow,
  CreateType,
  OrderRow,
  OrderStatus,
  RejectReason,
  StopOrderType,
} from "./rows.ts";
import type { Watched } from "./triggers.ts";
import type { MarketKey, OrderType, PositionIdx, PriceSource, SmpType, TimeInForce, TpslMode } from "./types.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Whose order it is. */
export interface Owner {
  readonly account: { readonly id: string };
  readonly market: { readonly key: MarketKey };
}

/** An order in the books: the public row, and what the books need to find and free it. */
export class OrderOf<H extends Owner> implements OrderRow, Queued<OrderOf<H>>, Listed<OrderOf<H>>, Watched {
  /** 0 until it is accepted. */
  id = 0;
  /** What shares its shelf in the index; near the number, since an old order is read again only to be forgotten. */
  chained: OrderOf<H> | undefined;
  orderLinkId = "";
  readonly account: string;
  readonly market: MarketKey;
  readonly holding: H;
  readonly side: Side;
  /** +1 buy, −1 sell. */
  readonly sign: 1 | -1;
  parentOrderLinkId = "";
  type: OrderType = "Limit";
  timeInForce: TimeInForce = "GTC";
  price = 0;
  qty = 0;
  leavesQty = 0;
  cumExecQty = 0;
  cumExecValue = 0;
  cumExecFee = 0;
  feeCoin = "";
  status: OrderStatus = "New";
  cancelType: CancelType = "UNKNOWN";
  rejectReason: RejectReason = "EC_NoError";
  createType: CreateType = "CreateByUser";
  stopOrderType: StopOrderType = "";
  triggerPrice = 0;
  triggerDirection: 0 | 1 | 2 = 0;
  triggerBy: PriceSource | "" = "";
  stopPrice = 0;
  takeProfit = 0;
  stopLoss = 0;
  tpTriggerBy: PriceSource | "" = "";
  slTriggerBy: PriceSource | "" = "";
  tpLimitPrice = 0;
  slLimitPrice = 0;
  tpslMode: TpslMode | "" = "";
  reduceOnly = false;
  closeOnTrigger = false;
  positionIdx: PositionIdx = 0;
  marketUnit: "" | "baseCoin" | "quoteCoin" = "";
  slippageKind: "" | "TickSize" | "Percent" = "";
  slippageValue = 0;
  smpType: SmpType = "None";
  smpOrderId = 0;
  lastPriceOnCreated = 0;
  closedPnl = 0;
  createdTime = 0;
  updatedTime = 0;
  closedSeq = 0;

  /** Where it rests. */
  level: OwnLevel<OrderOf<H>> | undefined;
  before: OrderOf<H> | undefined;
  after: OrderOf<H> | undefined;
  /** Its neighbours among the open orders of its account. */
  earlier: OrderOf<H> | undefined;
  later: OrderOf<H> | undefined;
  /** Displayed quantity that is served before it at its price. */
  queueAhead = 0;
  /** Value it adds to the holding's open orders. */
  reserved = 0;
  /** Steps it adds to them. */
  reservedQty = 0;
  /** Spot coins it holds. */
  lock = 0;
  /** The other leg of its TP/SL pair. */
  pair: OrderOf<H> | undefined;
  /** Trailing stop: distance in ticks. */
  distance = 0;
  /** Trigger price as the trigger books sort it; 0 when in none. */
  watched = 0;
  /** What its closing fills made so far. */
  closed: Mutable<ClosedPnlRow> | undefined;
  /** Filled quantity that its attached TP/SL do not cover yet. */
  unprotected = 0;

  constructor(holding: H, side: Side) {
    this.holding = holding;
    this.account = holding.account.id;
    this.market = holding.market.key;
    this.side = side;
    this.sign = side === "buy" ? 1 : -1;
  }

  /** Whether it waits for a price rather than in the book. */
  get isWaiting(): boolean {
    return this.status === "Untriggered";
  }

  get isOpen(): boolean {
    return this.closedSeq === 0;
  }

  /** Whether it takes a profit: fires above the market to sell, or below it to buy. */
  get isProfit(): boolean {
    return this.triggerDirection === (this.sign === 1 ? 2 : 1);
  }
}

/** The row alone, for those who keep it. */
export function orderRow(order: OrderRow): OrderRow {
  const {
    holding: _h,
    sign: _s,
    level: _l,
    before: _b,
    after: _a,
    earlier: _e,
    later: _t,
    chained: _n,
    pair: _p,
    closed: _c,
    queueAhead: _q,
    reserved: _r,
    reservedQty: _rq,
    lock: _k,
    distance: _d,
    watched: _w,
    unprotected: _u,
    ...row
  } = order as OrderOf<Owner>;
  return row;
}
