import { increment, plainDecimal } from "../../core/decimal.ts";
import { HOUR_MS } from "../../core/time.ts";
import type { Category, Instrument, RiskTier } from "../../model/instrument.ts";

/** A risk ladder's rows: value limit, greatest leverage, maintenance rate. */
type Ladder = readonly (readonly [limit: number, leverage: number, maintenanceRate: number])[];

/** Bybit's published ladder of BTCUSDT. */
const BTC_LADDER: Ladder = [
  [2_000_000, 100, 0.005],
  [2_600_000, 90, 0.0056],
  [3_200_000, 80, 0.0063],
  [3_800_000, 75, 0.0067],
  [4_400_000, 70, 0.0071],
  [5_000_000, 65, 0.0077],
  [5_600_000, 55, 0.0091],
  [8_500_000, 50, 0.01],
  [10_000_000, 45, 0.013],
  [14_000_000, 40, 0.015],
  [20_000_000, 35, 0.016],
  [28_000_000, 30, 0.02],
  [38_000_000, 25, 0.025],
  [50_000_000, 20, 0.029],
  [55_000_000, 19, 0.03],
  [80_000_000, 14, 0.045],
];
const MIDDLE_LADDER: Ladder = [
  [200_000, 75, 0.0075],
  [1_000_000, 50, 0.01],
  [3_000_000, 25, 0.02],
  [8_000_000, 10, 0.05],
  [20_000_000, 5, 0.1],
];
/** Values of inverse contracts are in coin. */
const INVERSE_LADDER: Ladder = [
  [150, 100, 0.005],
  [300, 50, 0.01],
  [600, 25, 0.02],
  [1_500, 10, 0.05],
];

/** Tiers with the deduction that keeps margin continuous: limit₋₁ × (rate − rate₋₁) + deduction₋₁. */
function tiers(ladder: Ladder): RiskTier[] {
  let deduction = 0;
  return ladder.map(([limit, leverage, rate], i) => {
    const before = ladder[i - 1];
    if (before) deduction += before[0] * (rate - before[2]);
    return {
      limitValue: plainDecimal(limit),
      initialMarginRate: plainDecimal(Math.round(1e8 / leverage) / 1e8),
      maintenanceMarginRate: plainDecimal(rate),
      maintenanceDeduction: plainDecimal(Math.round(deduction * 1e8) / 1e8),
      maxLeverage: `${leverage}.00`,
    };
  });
}

interface Rules {
  readonly tick: string;
  readonly step: string;
  readonly maxQty: string;
  readonly maxMarketQty: string;
  readonly ladder?: Ladder;
  readonly minNotional?: string;
}

/** Rules as Bybit states them for symbols that tests and users name most. */
const KNOWN: Readonly<Record<Category, Readonly<Record<string, Rules>>>> = {
  linear: {
    BTCUSDT: { tick: "0.10", step: "0.001", maxQty: "1190.000", maxMarketQty: "500.000", ladder: BTC_LADDER },
    ETHUSDT: { tick: "0.01", step: "0.01", maxQty: "7240.00", maxMarketQty: "3620.00", ladder: BTC_LADDER },
    SOLUSDT: { tick: "0.010", step: "0.1", maxQty: "79770.0", maxMarketQty: "15950.0" },
    BNBUSDT: { tick: "0.10", step: "0.01", maxQty: "9600.00", maxMarketQty: "960.00" },
    XRPUSDT: { tick: "0.0001", step: "0.1", maxQty: "1300000.0", maxMarketQty: "650000.0" },
    DOGEUSDT: { tick: "0.00001", step: "1", maxQty: "9000000", maxMarketQty: "3000000" },
    ADAUSDT: { tick: "0.0001", step: "1", maxQty: "1500000", maxMarketQty: "900000" },
    "1000BONKUSDT": { tick: "0.0000010", step: "100", maxQty: "50000000", maxMarketQty: "12500000" },
    "1000PEPEUSDT": { tick: "0.0000001", step: "10", maxQty: "50000000", maxMarketQty: "25000000" },
  },
  inverse: {
    BTCUSD: { tick: "0.50", step: "1", maxQty: "25000000", maxMarketQty: "5000000", ladder: INVERSE_LADDER },
    ETHUSD: { tick: "0.05", step: "1", maxQty: "10000000", maxMarketQty: "2000000", ladder: INVERSE_LADDER },
  },
  spot: {
    BTCUSDT: { tick: "0.1", step: "0.000001", maxQty: "83", maxMarketQty: "41.5" },
    ETHUSDT: { tick: "0.01", step: "0.00001", maxQty: "2800", maxMarketQty: "1400" },
    SOLUSDT: { tick: "0.01", step: "0.001", maxQty: "37000", maxMarketQty: "18500" },
  },
};

/**
 * The rules of a symbol: Bybit's own where they are known, else plain ones that fit a market trading near `price`.
 *
 * Unknown symbols get five significant digits of price and steps worth about one unit of quote.
 */
export function instrumentOf(symbol: string, category: Category, price: number): Instrument {
  const known = KNOWN[category];
  const rules = Object.hasOwn(known, symbol) ? known[symbol]! : rulesNear(price, category);
  const quoteCoin = quoteOf(symbol);
  const baseCoin = symbol.slice(0, symbol.length - quoteCoin.length);
  const isSpot = category === "spot";
  return {
    symbol,
    category,
    baseCoin,
    quoteCoin,
    settleCoin: category === "inverse" ? baseCoin : quoteCoin,
    tickSize: rules.tick,
    minPrice: rules.tick,
    maxPrice: increment(rules.tick).format(19_999_998),
    qtyStep: rules.step,
    minOrderQty: rules.step,
    maxOrderQty: rules.maxQty,
    maxMarketOrderQty: rules.maxMarketQty,
    minNotionalValue: rules.minNotional ?? (category === "inverse" ? "1" : "5"),
    maxLeverage: isSpot ? "1" : (tiers(rules.ladder ?? MIDDLE_LADDER)[0]?.maxLeverage ?? "1"),
    leverageStep: "0.01",
    fundingIntervalMs: isSpot ? 0 : 8 * HOUR_MS,
    riskTiers: isSpot ? [] : tiers(rules.ladder ?? MIDDLE_LADDER),
  };
}

function quoteOf(symbol: string): string {
  return (
    ["USDT", "USDC", "USD"].find((coin) => symbol.endsWith(coin) && symbol.length > coin.length) ?? symbol.slice(-3)
  );
}

function rulesNear(price: number, category: Category): Rules {
  const magnitude = Math.floor(Math.log10(price > 0 ? price : 1));
  const tick = plainDecimal(Number(`1e${Math.min(0, magnitude - 4)}`));
  const step = category === "inverse" ? "1" : plainDecimal(Number(`1e${Math.min(1, Math.max(-6, -magnitude))}`));
  const most = increment(step);
  return { tick, step, maxQty: most.format(10_000_000), maxMarketQty: most.format(5_000_000) };
}
