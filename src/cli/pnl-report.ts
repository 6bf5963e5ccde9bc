import { HOUR_MS } from "../core/time.ts";
import type { BalancePoint, BotTrade, Earnings } from "../live/journal-trades.ts";
import { computeMetrics, type Metrics } from "../metrics/metrics.ts";
import type { ReportInput } from "../report/input.ts";

/** A part of what was earned: of a symbol, of a lane. */
export interface Share {
  readonly name: string;
  readonly trades: number;
  readonly wins: number;
  /** Of closed trades and of what open ones have paid, quote. */
  readonly net: number;
  readonly fees: number;
  readonly funding: number;
}

/** The wallet hour by hour: at each hour's end, without unrealised profit. */
export interface HourlyCurve {
  readonly time: Float64Array;
  readonly equity: Float64Array;
  /** Hours during which there was a position. */
  readonly hoursOpen: number;
}

/** Within a span of time, epoch ms: `from` inclusive, `to` exclusive. */
export interface PnlSpan {
  readonly from: number;
  readonly to: number;
}

/** What was earned within a span, as the reports of backtests have it; `null` when nothing happened. */
export function pnlReport(
  { startBalance, trades, points, refusals }: Earnings,
  { from, to }: PnlSpan,
  account: string,
): (ReportInput & { readonly shares: { readonly symbols: Share[]; readonly lanes: Share[] } }) | null {
  const inside = points.filter(({ time }) => time >= from && time < to);
  const first = inside[0];
  if (!first) return null;
  const before = points[points.indexOf(first) - 1];
  const cash = before?.balance ?? startBalance;
  const own = trades.filter(({ exitTime }) => exitTime >= from && exitTime < to);
  const { time, equity, hoursOpen } = hourly(inside, { balance: cash, isOpen: before?.isOpen ?? false });
  const curve = { startEquity: cash, time, equity, intervalMs: HOUR_MS };
  const metrics: Metrics = computeMetrics({ ...curve, trades: own, barsInMarket: hoursOpen, ambiguousBars: 0 });
  const symbols = [...new Set(own.map(({ symbol }) => symbol))];
  return {
    strategy: account,
    params: {},
    data: {
      symbol: symbols.join(" ") || "no trade",
      interval: "60",
      from: time[0]!,
      to: time[time.length - 1]!,
      bars: time.length,
    },
    settings: { cash, fill: "next-open", slippageBps: 0 },
    ...{ metrics, trades: own, equity, time, refusals },
    shares: {
      symbols: sharesBy(own, ({ symbol }) => symbol),
      lanes: sharesBy(own, ({ lane, isForeign }) =>
        lane === "" ? "by hand" : isForeign ? `${lane}, by hand too` : lane,
      ),
    },
  };
}

function hourly(points: readonly BalancePoint[], start: { balance: number; isOpen: boolean }): HourlyCurve {
  const begin = Math.floor(points[0]!.time / HOUR_MS) * HOUR_MS;
  const hours = Math.floor((points.at(-1)!.time - begin) / HOUR_MS) + 1;
  const time = Float64Array.from({ length: hours }, (_, i) => begin + i * HOUR_MS);
  const equity = new Float64Array(hours);
  let { balance, isOpen } = start;
  let hoursOpen = 0;
  let k = 0;
  for (let i = 0; i < hours; i++) {
    let wasOpen = isOpen;
    for (; k < points.length && points[k]!.time < begin + (i + 1) * HOUR_MS; k++) {
      ({ balance, isOpen } = points[k]!);
      wasOpen ||= isOpen;
    }
    if (wasOpen) hoursOpen += 1;
    equity[i] = balance;
  }
  return { time, equity, hoursOpen };
}

function sharesBy(trades: readonly BotTrade[], nameOf: (trade: BotTrade) => string): Share[] {
  const shares = new Map<string, Share>();
  for (const trade of trades) {
    const name = nameOf(trade);
    const share = shares.get(name) ?? { name, trades: 0, wins: 0, net: 0, fees: 0, funding: 0 };
    shares.set(name, {
      name,
      trades: share.trades + 1,
      wins: share.wins + (trade.exitReason !== "open" && trade.realizedPnl > 0 ? 1 : 0),
      net: share.net + trade.realizedPnl,
      fees: share.fees + trade.fees,
      funding: share.funding + trade.funding,
    });
  }
  return [...shares.values()].sort((a, b) => b.net - a.net);
}
