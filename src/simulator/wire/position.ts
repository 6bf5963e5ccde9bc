import type { Category } from "../../model/instrument.ts";

/** A position as the exchange shows it; numbers already printed, "" where there is none. */
export interface PositionFacts {
  readonly category: Category;
  readonly symbol: string;
  readonly positionIdx: 0 | 1 | 2;
  readonly riskId: number;
  readonly riskLimitValue: string;
  readonly side: "" | "Buy" | "Sell";
  readonly size: string;
  readonly entryPrice: string;
  readonly positionValue: string;
  readonly autoAddMargin: 0 | 1;
  readonly positionStatus: "Normal" | "Liq" | "Adl";
  readonly leverage: string;
  readonly breakEvenPrice: string;
  readonly markPrice: string;
  readonly liqPrice: string;
  readonly positionIM: string;
  readonly positionMM: string;
  readonly takeProfit: string;
  readonly stopLoss: string;
  readonly trailingStop: string;
  readonly unrealisedPnl: string;
  readonly curRealisedPnl: string;
  readonly cumRealisedPnl: string;
  readonly adlRankIndicator: number;
  /** Epoch ms. */
  readonly createdTime: number;
  readonly updatedTime: number;
  /** Epoch ms; 0 while flat. */
  readonly openTime: number;
  /** −1 when it never traded. */
  readonly seq: number;
}

function common(position: PositionFacts): Record<string, unknown> {
  return {
    positionIdx: position.positionIdx,
    riskId: position.riskId,
    riskLimitValue: position.riskLimitValue,
    symbol: position.symbol,
    side: position.side,
    size: position.size,
    positionValue: position.positionValue,
    tradeMode: 0,
    positionStatus: position.positionStatus,
    autoAddMargin: position.autoAddMargin,
    adlRankIndicator: position.adlRankIndicator,
    leverage: position.leverage,
    positionBalance: "0",
    breakEvenPrice: position.breakEvenPrice,
    markPrice: position.markPrice,
    liqPrice: position.liqPrice,
    bustPrice: "",
    positionIM: position.positionIM,
    positionMM: position.positionMM,
    positionIMByMp: position.positionIM,
    positionMMByMp: position.positionMM,
    tpslMode: "Full",
    takeProfit: position.takeProfit,
    stopLoss: position.stopLoss,
    trailingStop: position.trailingStop,
    sessionAvgPrice: "",
    delta: "",
    gamma: "",
    vega: "",
    theta: "",
    unrealisedPnl: position.unrealisedPnl,
    curRealisedPnl: position.curRealisedPnl,
    cumRealisedPnl: position.cumRealisedPnl,
    createdTime: String(position.createdTime),
    updatedTime: String(position.updatedTime),
    openTime: position.openTime,
    seq: position.seq,
    isReduceOnly: false,
    mmrSysUpdatedTime: "",
    leverageSysUpdatedTime: "",
  };
}

/** An entry of `/v5/position/list`. */
export function positionRow(position: PositionFacts): Record<string, unknown> {
  return { ...common(position), avgPrice: position.entryPrice };
}

/** The data element of a `position` push: it says `entryPrice` where REST says `avgPrice`. */
export function positionPush(position: PositionFacts): Record<string, unknown> {
  return { ...common(position), entryPrice: position.entryPrice, category: position.category };
}
