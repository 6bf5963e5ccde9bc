import type { Books } from "./books.ts";
import { checkIdx, checkLegs, isCount } from "./check.ts";
import { addPair, isSameLeg, setFullLeg } from "./legs.ts";
import { cancel, flushBook } from "./life.ts";
import { refuse, unknownMarket } from "./refusal.ts";
import { flushTouched } from "./settle.ts";
import type { Account, Holding, Position } from "./state.ts";
import { startTrailing } from "./trailing.ts";
import type { ProtectionLeg, Refusal, Reply, TradingStopRequest } from "./types.ts";

/** Pairs of Partial TP/SL a position may have. */
const MOST_PAIRS = 20;

/** Sets, moves or removes what protects a position. Full changes its pair, Partial adds one. */
export function setTradingStop(books: Books, account: Account, request: TradingStopRequest): Reply<object> {
  const market = books.markets.get(request.market);
  if (!market) return unknownMarket(request.market);
  if (market.contract.isSpot) return refuse(10001, "spot has no positions to protect");
  const holding = account.at(market);
  const badIdx = checkIdx(holding, request.positionIdx);
  if (badIdx) return badIdx;
  const position = holding.positions[request.positionIdx];
  if (position.size === 0) return refuse(10001, "can not set tp/sl/ts for zero position");
  const at = { holding, position };
  const refusal = checkStop(at, request);
  if (refusal) return refusal;
  if (request.tpslMode === "Full") setFull(books, at, request);
  else setPartial(books, at, request);
  trail(books, at, request);
  flushTouched(books, account);
  flushBook(books, market);
  return { ok: true };
}

interface At {
  readonly holding: Holding;
  readonly position: Position;
}

function checkStop({ holding, position }: At, request: TradingStopRequest): Refusal | undefined {
  const { market } = holding;
  const { takeProfit, stopLoss, trailingStop, activePrice = 0, tpslMode, size } = request;
  const sign = Math.sign(position.size);
  const legs = checkLegs(market, { sign }, request);
  if (legs) return legs;
  const hasLimit = takeProfit?.limitPrice || stopLoss?.limitPrice;
  if (tpslMode === "Full" && hasLimit) return refuse(10001, "limit TP/SL need tpslMode Partial");
  if (trailingStop !== undefined && (!isCount(trailingStop) || !isCount(activePrice))) {
    return refuse(10001, "params error: trailingStop is invalid");
  }
  if (trailingStop !== undefined && trailingStop >= market.last) {
    return refuse(10001, `trailing distance ${trailingStop} is not below the price ${market.last}`);
  }
  if (tpslMode === "Partial" && newLegs(request)) {
    const qty = size ?? Math.abs(position.size);
    if (!isCount(qty) || qty < market.contract.minQty)
      return refuse(10001, "params error: tpSize and slSize are invalid");
    if (qty > Math.abs(position.size)) return refuse(110058, "TP/SL refused: remaining position size insufficient");
    if (pairs(position) >= MOST_PAIRS) return refuse(110061);
  }
  return changes(position, request) ? undefined : refuse(34040);
}

/** The legs of a Partial pair that are not 0; undefined when none is. */
function newLegs(request: TradingStopRequest): Pick<TradingStopRequest, "takeProfit" | "stopLoss"> | undefined {
  const real = (leg: ProtectionLeg | undefined) => (leg && leg.price !== 0 ? leg : undefined);
  const legs = { takeProfit: real(request.takeProfit), stopLoss: real(request.stopLoss) };
  return legs.takeProfit || legs.stopLoss ? legs : undefined;
}

function pairs(position: Position): number {
  return position.partials.reduce((sum, leg) => sum + (leg.pair ? 0.5 : 1), 0);
}

function changes(position: Position, request: TradingStopRequest): boolean {
  const { takeProfit, stopLoss } = request;
  if (!isSameTrail(position, request)) return true;
  if (request.tpslMode === "Partial") return newLegs(request) !== undefined;
  const moves = (leg: ProtectionLeg | undefined, kind: "takeProfit" | "stopLoss") =>
    leg !== undefined && !isSameLeg(position[kind], leg);
  return moves(takeProfit, "takeProfit") || moves(stopLoss, "stopLoss");
}

/** Whether nothing is asked of the trailing stop that it is not. An active price alone changes nothing. */
function isSameTrail({ trailing }: Position, { trailingStop, activePrice }: TradingStopRequest): boolean {
  if (trailingStop === undefined) return true;
  if (trailingStop === 0 || !trailing) return trailingStop === (trailing?.distance ?? 0);
  return trailing.distance === trailingStop && (activePrice ?? 0) === trailing.triggerPrice;
}

function setFull(books: Books, at: At, { takeProfit, stopLoss }: TradingStopRequest): void {
  if (takeProfit) setFullLeg(books, at, { kind: "takeProfit", leg: takeProfit, parentOrderLinkId: "" });
  if (stopLoss) setFullLeg(books, at, { kind: "stopLoss", leg: stopLoss, parentOrderLinkId: "" });
}

function setPartial(books: Books, { holding, position }: At, request: TradingStopRequest): void {
  const legs = newLegs(request);
  if (!legs) return;
  const sign = position.size > 0 ? -1 : 1;
  const qty = request.size ?? Math.abs(position.size);
  addPair(books, holding, position, { mode: "Partial", sign, qty, parentOrderLinkId: "", ...legs });
}

function trail(books: Books, at: At, request: TradingStopRequest): void {
  const { position } = at;
  const { trailingStop, activePrice = 0 } = request;
  if (trailingStop === undefined || isSameTrail(position, request)) return;
  if (position.trailing) {
    cancel(books, position.trailing, { cancelType: "CancelByUser", rejectReason: "EC_PerCancelRequest" });
  }
  if (trailingStop > 0) startTrailing(books, at, { distance: trailingStop, activePrice });
}
