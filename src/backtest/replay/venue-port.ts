import { formatScaled, plainDecimal } from "../../core/decimal.ts";
import type { ExecutionFact, OrderFact, Outcome, PositionFact } from "../../engine/facts.ts";
import type { BotInput } from "../../engine/inputs.ts";
import type { ApprovedRequest, BotQuery } from "../../engine/requests.ts";
import type { VenueEvent } from "../../matching/events.ts";
import type { ExecutionRow, OrderRow } from "../../matching/rows.ts";
import type { MarketKey, Reply } from "../../matching/types.ts";
import type { Venue } from "../../matching/venue.ts";
import type { Instrument, InstrumentSteps } from "../../model/instrument.ts";

/** A bot's way to a venue in the same process: requests become calls, what happens becomes facts. */
export interface VenuePort {
  /** Carries a request out; the answer, and everything it caused, is in `drain`. */
  send(id: string, request: ApprovedRequest): void;
  ask(query: BotQuery): void;
  /** Moves the facts since the last call into `into`, in order. */
  drain(into: BotInput[]): void;
}

export interface PortMarket {
  readonly key: MarketKey;
  readonly instrument: Instrument;
  readonly steps: InstrumentSteps;
}

/** The port of one account of `venue`, which it listens to from now on. */
export function venuePort(venue: Venue, account: string, markets: readonly PortMarket[]): VenuePort {
  const bySymbol = new Map(markets.map((market) => [market.instrument.symbol, market]));
  const byKey = new Map(markets.map((market) => [market.key, market]));
  const inbox: BotInput[] = [];
  const tell = (input: BotInput): void => {
    inbox.push(input);
  };

  venue.listen((event: VenueEvent) => {
    // Of a position's own stop and target only their end is news.
    const isNews = (order: OrderRow) => order.orderLinkId !== "" || (order.closedSeq > 0 && order.stopOrderType !== "");
    if (event.type === "order" && event.order.account === account && isNews(event.order)) {
      tell({ type: "order", at: event.time, fact: orderFact(event.order, byKey.get(event.order.market)!) });
    }
    if (event.type === "execution" && event.execution.account === account) {
      const { execution } = event;
      tell({ type: "execution", at: event.time, fact: executionFact(execution, byKey.get(execution.market)!, venue) });
    }
  });

  const carryOut = (request: ApprovedRequest): Outcome => {
    const { key, steps } = bySymbol.get(request.symbol)!;
    const ticks = (price: string) => ({ price: steps.price.count(price, "exact") });
    switch (request.kind) {
      case "entry": {
        const { linkId, side, qty, stopLoss, takeProfit } = request;
        return outcomeOf(
          venue.placeOrder(account, {
            market: key,
            side,
            type: "Market",
            qty: steps.qty.count(qty, "exact"),
            orderLinkId: linkId,
            ...(stopLoss !== null && { stopLoss: ticks(stopLoss) }),
            ...(takeProfit !== null && { takeProfit: ticks(takeProfit) }),
          }),
        );
      }
      case "exit": {
        const { linkId, side, qty } = request;
        const count = steps.qty.count(qty, "exact");
        const order = { market: key, side, type: "Market", qty: count, orderLinkId: linkId, reduceOnly: true } as const;
        return outcomeOf(venue.placeOrder(account, order));
      }
      case "protect": {
        const { stopLoss, takeProfit, trailing } = request;
        const legs = {
          ...(trailing && { trailingStop: steps.price.count(trailing.distance, "exact") }),
          ...(trailing?.activePrice && { activePrice: steps.price.count(trailing.activePrice, "exact") }),
          ...(stopLoss !== null && { stopLoss: ticks(stopLoss) }),
          ...(takeProfit !== null && { takeProfit: ticks(takeProfit) }),
        };
        return outcomeOf(venue.setTradingStop(account, { market: key, positionIdx: 0, tpslMode: "Full", ...legs }));
      }
      case "cancel":
        return outcomeOf(venue.cancelOrder(account, { market: key, orderId: Number(request.orderId) }));
    }
  };

  return {
    send(id, request) {
      const before = inbox.length;
      const outcome = carryOut(request);
      // The answer comes before the news, as it mostly does.
      inbox.splice(before, 0, { type: "answer", at: venue.now(), id, outcome });
    },
    ask(query) {
      const at = venue.now();
      if (query.kind === "order") {
        const market = bySymbol.get(query.symbol)!;
        const row = venue.order(account, { market: market.key, orderLinkId: query.linkId });
        const order = row ? orderFact(row, market) : null;
        tell({ type: "found", at, linkId: query.linkId, order, executions: executionsSince(0, query.linkId) });
        return;
      }
      const openOrders = [...venue.openOrders(account)].map((row) => orderFact(row, byKey.get(row.market)!));
      const positions = markets.flatMap((market) => positionFacts(market));
      const { settleCoin } = markets[0]!.instrument;
      const coin = venue.wallet(account).coins.find((each) => each.coin === settleCoin);
      const walletBalance = formatScaled(coin?.walletBalance ?? 0, venue.coinScale(settleCoin));
      const executions = executionsSince(query.since);
      tell({ type: "report", at, report: { askedAt: at, openOrders, executions, positions, walletBalance } });
    },
    drain(into) {
      if (inbox.length === 0) return;
      into.push(...inbox);
      inbox.length = 0;
    },
  };

  function executionsSince(since: number, linkId?: string): ExecutionFact[] {
    const found: ExecutionFact[] = [];
    for (const row of venue.executions(account)) {
      if (row.time < since) break;
      if (linkId === undefined || row.orderLinkId === linkId) {
        found.push(executionFact(row, byKey.get(row.market)!, venue));
      }
    }
    return found.reverse();
  }

  function positionFacts({ key, instrument, steps }: PortMarket): PositionFact[] {
    return venue.positions(account, key).map((row) => ({
      symbol: instrument.symbol,
      size: steps.qty.format(row.size),
      entryPrice: row.entryPrice,
      stopLoss: row.stopLoss === 0 ? null : steps.price.format(row.stopLoss),
      takeProfit: row.takeProfit === 0 ? null : steps.price.format(row.takeProfit),
      trailingStop: row.trailingStop === 0 ? null : steps.price.format(row.trailingStop),
      liquidationPrice: row.liqPrice === 0 ? null : steps.price.value(row.liqPrice),
    }));
  }
}

function outcomeOf(reply: Reply<object>): Outcome {
  if (!reply.ok) return { kind: "refused", code: reply.code, reason: reply.reason };
  return { kind: "accepted", orderId: "orderId" in reply ? String(reply.orderId) : "" };
}

function orderFact(row: OrderRow, { instrument, steps }: PortMarket): OrderFact {
  return {
    symbol: instrument.symbol,
    orderId: String(row.id),
    orderLinkId: row.orderLinkId,
    status: row.status,
    cumExecQty: plain(steps.qty.format(row.cumExecQty)),
    qty: steps.qty.format(row.qty),
    reduceOnly: row.reduceOnly,
    stopOrderType: row.stopOrderType,
    rejectReason: row.rejectReason,
    updatedTime: row.updatedTime,
  };
}

function executionFact(row: ExecutionRow, { instrument, steps }: PortMarket, venue: Venue): ExecutionFact {
  return {
    symbol: instrument.symbol,
    execId: String(row.id),
    orderId: String(row.orderId),
    orderLinkId: row.orderLinkId,
    side: row.side,
    price: steps.price.format(row.price),
    qty: steps.qty.format(row.qty),
    fee: formatScaled(row.fee, venue.coinScale(row.feeCoin)),
    feeCoin: row.feeCoin,
    type: row.type,
    stopOrderType: row.stopOrderType,
    time: row.time,
    seq: row.id,
  };
}

/** Without zeros that say nothing: quantities are compared as text. */
function plain(text: string): string {
  return plainDecimal(Number(text));
}
