import type { BacktestSettings } from "../../src/backtest/settings.ts";
import type { Bits } from "../../src/core/bits.ts";
import { increment } from "../../src/core/decimal.ts";
import { intervalMs, YEAR_MS } from "../../src/core/time.ts";
import type { Bars } from "../../src/model/bar.ts";
import type { FundingRates } from "../../src/model/funding.ts";
import type { Instrument } from "../../src/model/instrument.ts";
import type { ExitReason, Trade } from "../../src/model/trade.ts";
import type { Level, SignalColumns } from "../../src/strategy/signals.ts";

/**
 * The rules of docs/guide/backtest.md once more, slow and obvious: one bar at a time, every rule in the order it is
 * written there, and no code of src/backtest or src/risk. It rounds in the same places, so results agree to the bit.
 */
export function referenceBacktest(
  signals: SignalColumns,
  bars: Bars,
  settings: BacktestSettings,
  extras: { instrument?: Instrument; funding?: FundingRates; mark?: Bars; detail?: Bars } = {},
): {
  trades: Trade[];
  equity: number[];
  barsInMarket: number;
  ambiguousBars: number;
  refusals: Record<string, number>;
} {
  const { instrument, funding, mark, detail } = extras;
  const tick = instrument ? increment(instrument.tickSize) : null;
  const step = intervalMs(bars.interval);
  const slippage = settings.slippageBps / 10_000;
  /** A market fill lies on the grid: the next tick that is no better. */
  const slipped = (base: number, dir: 1 | -1): number => {
    const worse = base * (1 + dir * slippage);
    if (!tick || slippage === 0) return worse;
    const near = tick.count(worse, "nearest");
    const isOn = Math.abs(near - worse / tick.step) < 1e-6;
    return tick.value(isOn ? near : Math.max(1, Math.floor(worse / tick.step) + (dir === 1 ? 1 : 0)));
  };
  const trades: Trade[] = [];
  const equity: number[] = [];
  const refusals: Record<string, number> = {};
  let balance = settings.cash;
  let position: Position | null = null;
  let pending: Pending | null = null;
  let barsInMarket = 0;
  let ambiguousBars = 0;

  const refuse = (reason: string): null => {
    refusals[reason] = (refusals[reason] ?? 0) + 1;
    return null;
  };

  const finish = (
    p: Position,
    i: number,
    exit: { price: number; reason: ExitReason; rate: number; both?: boolean },
  ) => {
    const gross = p.dir * p.quantity * (exit.price - p.entry);
    const exitFee = exit.price * p.quantity * exit.rate;
    if (exit.reason === "liquidation") balance = 0;
    else if (exit.reason !== "open") balance = balance + gross - exitFee;
    const seen = [...p.seen, exit.price];
    const down = Math.min(...seen) / p.entry - 1;
    const up = Math.max(...seen) / p.entry - 1;
    if (exit.both) ambiguousBars++;
    trades.push({
      id: trades.length + 1,
      symbol: bars.symbol,
      side: p.dir === 1 ? "buy" : "sell",
      entryTime: bars.time[p.entryBar]!,
      entryPrice: p.entry,
      exitTime: bars.time[i]!,
      exitPrice: exit.price,
      quantity: p.quantity,
      realizedPnl: gross - (p.entryFee + exitFee) + p.funding,
      grossPnl: gross,
      fees: p.entryFee + exitFee,
      funding: p.funding,
      exitReason: exit.reason,
      barsHeld: i - p.entryBar,
      maxAdverseFraction: Math.min(0, p.dir === 1 ? down : -up),
      maxFavorableFraction: Math.max(0, p.dir === 1 ? up : -down),
      initialRisk: p.initialRisk,
      ambiguous: exit.both ?? false,
    });
    position = null;
  };

  const open = (dir: 1 | -1, signalBar: number, i: number): Position | null => {
    const base = settings.fill === "close" ? bars.close[i]! : bars.open[i]!;
    const price = slipped(base, dir);
    const stopLoss = levelOf(signals.stopLoss, settings.stopLoss);
    const trailing = levelOf(signals.trailingStop, settings.trailingStop);
    const takeProfit = levelOf(signals.takeProfit, settings.takeProfit);
    const rawStop = stopLoss && priceOf(stopLoss, signalBar, price, -dir);
    const rawTrail = trailing && priceOf(trailing, signalBar, price, -dir);
    const rawTarget = takeProfit && priceOf(takeProfit, signalBar, price, dir);
    if ([rawStop, rawTrail, rawTarget].some((level) => level !== null && Number.isNaN(level)))
      return refuse("levelUnknown");
    const target = rawTarget === null ? null : toTick(rawTarget, dir === 1 ? "floor" : "ceil");
    if (target !== null && dir * (target - price) <= 0) return refuse("targetWrongSide");
    const stop = rawStop === null ? null : toTick(rawStop, dir === 1 ? "ceil" : "floor");
    const trail = rawTrail === null ? null : toTick(rawTrail, dir === 1 ? "ceil" : "floor");
    const nearest = nearer(dir, stop, trail);
    const quantity = sizeOf(dir, signalBar, i, price, nearest);
    if (quantity === null) return null;
    const entryFee = price * quantity * settings.feeRate;
    balance -= entryFee;
    return {
      dir,
      quantity,
      entry: price,
      entryBar: i,
      signalBar,
      entryFee,
      stop,
      target,
      trailing,
      trail,
      best: price,
      funding: 0,
      seen: [price],
      initialRisk: nearest === null ? null : quantity * Math.abs(price - nearest),
    };
  };

  const sizeOf = (dir: 1 | -1, signalBar: number, i: number, price: number, stop: number | null): number | null => {
    const fee = settings.feeRate;
    const multiplier = signals.size ? signals.size[signalBar]! : 1;
    if (!(balance > 0)) return refuse("noEquity");
    if (!(multiplier > 0)) return refuse("noSize");
    if (stop !== null && dir * (price - stop) <= 0) return refuse("stopWrongSide");
    const policy = settings.sizing;
    let quantity: number;
    if (policy.kind === "all-in") quantity = balance / (price * (1 + fee));
    else if (policy.kind === "quote") quantity = policy.quote / price;
    else if (policy.kind === "qty") quantity = policy.qty;
    else if (policy.kind === "fraction") quantity = (balance * policy.fraction) / price;
    else if (policy.kind === "risk") {
      if (stop === null) return refuse("noStop");
      quantity = (balance * policy.fraction) / (Math.abs(price - stop) + price * fee + stop * fee);
    } else {
      const volatility = volatilityAt(signalBar, policy.bars);
      if (!(volatility > 0)) return refuse("volatilityUnknown");
      quantity = (balance * (policy.target / volatility)) / price;
    }
    const leverage = instrument ? Math.min(settings.leverage, Number(instrument.maxLeverage)) : settings.leverage;
    quantity = Math.min(quantity * multiplier, balance / (price * (1 / leverage + fee)));
    if (settings.participation !== null) quantity = Math.min(quantity, bars.volume[i]! * settings.participation);
    if (instrument) {
      const grid = increment(instrument.qtyStep);
      quantity = grid.value(grid.count(Math.min(quantity, Number(instrument.maxMarketOrderQty)), "floor"));
      if (quantity < Number(instrument.minOrderQty)) return refuse("belowMinQty");
      if (quantity * price < Number(instrument.minNotionalValue)) return refuse("belowMinNotional");
    }
    return quantity > 0 ? quantity : refuse("noSize");
  };

  const volatilityAt = (at: number, count: number): number => {
    if (at < count) return NaN;
    const returns: number[] = [];
    for (let i = at - count + 1; i <= at; i++) returns.push(bars.close[i]! / bars.close[i - 1]! - 1);
    const mean = returns.reduce((sum, r) => sum + r, 0) / count;
    const squares = returns.reduce((sum, r) => sum + (r - mean) * (r - mean), 0);
    return Math.sqrt((squares / (count - 1)) * (YEAR_MS / step));
  };

  const toTick = (price: number, way: "floor" | "ceil") => (tick ? tick.value(tick.count(price, way)) : price);

  const liquidationOf = (p: Position): number => {
    if (instrument?.category === "spot") return -p.dir * Infinity;
    const value = p.quantity * p.entry;
    const tiers = instrument?.riskTiers ?? [];
    const tier = tiers.find((one) => p.entry * p.quantity <= Number(one.limitValue)) ?? tiers.at(-1);
    const rate = tier ? Number(tier.maintenanceMarginRate) : 0.005;
    const deduction = tier ? Number(tier.maintenanceDeduction) : 0;
    if (p.dir === 1) return (value - balance - deduction) / (p.quantity * (1 - rate));
    return (value + balance + deduction) / (p.quantity * (1 + rate));
  };

  /** Settlements due at the open of bar `i` (or in the gap before it), or later in it. */
  const payFunding = (p: Position, i: number, when: "atOpen" | "later") => {
    if (!funding || !settings.funding || instrument?.category === "spot") return;
    const opens = bars.time[i]!;
    const before = i === 0 ? opens : bars.time[i - 1]! + step;
    const price = markAt(i).open;
    funding.time.forEach((stamp, k) => {
      const due = when === "atOpen" ? stamp >= before && stamp <= opens : stamp > opens && stamp < opens + step;
      if (!due) return;
      const cash = -(p.dir * p.quantity) * price * funding.rate[k]!;
      balance += cash;
      p.funding += cash;
    });
  };

  const markAt = (i: number): Prices => {
    const m = mark ? mark.time.indexOf(bars.time[i]!) : -1;
    return m >= 0 ? pricesOf(mark!, m) : pricesOf(bars, i);
  };

  /** What bar `i` does to stop, target and margin; true when it ends the position. */
  const protect = (p: Position, i: number): boolean => {
    const bar = pricesOf(bars, i);
    const markBar = markAt(i);
    const stop = nearer(p.dir, p.stop, p.trail);
    const liquidation = liquidationOf(p);
    const lost = (price: number, level: number | null) => level !== null && p.dir * (price - level) <= 0;
    const trigger = p.target === null ? null : tick ? tick.value(tick.count(p.target, "nearest") + p.dir) : p.target;
    const won = (price: number) => trigger !== null && p.dir * (price - trigger) >= 0;
    const worst = p.dir === 1 ? bar.low : bar.high;
    const best = p.dir === 1 ? bar.high : bar.low;
    const tradesHere = bars.volume[i] !== 0;
    const targetGaps = tradesHere && won(bar.open);
    const stopped = tradesHere && (lost(bar.open, stop) || (!targetGaps && lost(worst, stop)));
    const stopNearer = stopped && stop !== null && p.dir * (stop - liquidation) > 0;
    const liquidated =
      lost(markBar.open, liquidation) || (!stopNearer && lost(p.dir === 1 ? markBar.low : markBar.high, liquidation));
    if (liquidated) {
      p.seen.push(bar.open);
      finish(p, i, { price: p.entry - (p.dir * balance) / p.quantity, reason: "liquidation", rate: 0 });
      return true;
    }
    if (!tradesHere) return false;
    const sell = (price: number) => slipped(price, p.dir === 1 ? -1 : 1);
    const stopReason: ExitReason =
      p.trail !== null && (p.stop === null || p.dir * (p.trail - p.stop) > 0) ? "trailingStop" : "stopLoss";
    const stopOut = (price: number, both = false) =>
      finish(p, i, { price: sell(price), reason: stopReason, rate: settings.feeRate, both });
    const takeOut = (price: number) =>
      finish(p, i, { price, reason: "takeProfit", rate: settings.makerFeeRate ?? settings.feeRate });
    const gapPrice = (price: number) => (settings.targetGap === "open" ? price : p.target!);
    p.seen.push(bar.open);
    if (lost(bar.open, stop)) stopOut(bar.open);
    else if (won(bar.open)) takeOut(gapPrice(bar.open));
    else if (lost(worst, stop) && won(best)) {
      const inside: Prices[] = [];
      if (detail) {
        for (let k = 0; k < detail.length; k++) {
          const time = detail.time[k]!;
          const within = time >= bars.time[i]! && time < bars.time[i]! + step;
          if (within && detail.volume[k] !== 0) inside.push(pricesOf(detail, k));
        }
      }
      const first = inside.find((d) => lost(p.dir === 1 ? d.low : d.high, stop) || won(p.dir === 1 ? d.high : d.low));
      if (first && lost(first.open, stop)) stopOut(first.open);
      else if (first && won(first.open)) takeOut(gapPrice(first.open));
      else if (first && !won(p.dir === 1 ? first.high : first.low)) stopOut(stop!);
      else if (first && !lost(p.dir === 1 ? first.low : first.high, stop)) takeOut(p.target!);
      else stopOut(stop!, true);
    } else if (lost(worst, stop)) stopOut(stop!);
    else if (won(best)) takeOut(p.target!);
    else {
      p.seen.pop();
      return false;
    }
    return true;
  };

  const follow = (p: Position, i: number) => {
    p.best = p.dir === 1 ? Math.max(p.best, bars.high[i]!) : Math.min(p.best, bars.low[i]!);
    if (!p.trailing) return;
    const level = priceOf(p.trailing, p.trailing.kind === "price" ? i : p.signalBar, p.best, -p.dir);
    if (Number.isNaN(level)) return;
    const moved = toTick(level, p.dir === 1 ? "ceil" : "floor");
    if (p.dir * (moved - p.trail!) > 0) p.trail = moved;
  };

  const fillPending = (i: number) => {
    if (!pending || bars.volume[i] === 0) return;
    const order: Pending = pending;
    pending = null;
    if (position && order.exit) {
      const price = settings.fill === "close" ? bars.close[i]! : bars.open[i]!;
      const sold = slipped(price, position.dir === 1 ? -1 : 1);
      barsInMarket += i - position.entryBar;
      finish(position, i, { price: sold, reason: order.exit, rate: settings.feeRate });
    }
    if (order.enter && balance > 0) position = open(order.enter, order.signalBar, i);
  };

  const listen = (i: number): Pending | null => {
    const long = settings.side !== "short" && instrumentAllows("long") && has(signals.enterLong, i);
    const short = settings.side !== "long" && instrumentAllows("short") && has(signals.enterShort, i);
    const conflict = long && short;
    if (!position) {
      if (conflict) refuse("conflict");
      return long !== short ? { enter: long ? 1 : -1, signalBar: i } : null;
    }
    const held = position as Position;
    const other = held.dir === 1 ? short : long;
    if (other && !conflict) return { exit: "reverse", enter: -held.dir as 1 | -1, signalBar: i };
    const exit = held.dir === 1 ? signals.exitLong : signals.exitShort;
    const view = {
      barsHeld: i - held.entryBar,
      entryPrice: held.entry,
      unrealizedFraction: held.dir * (bars.close[i]! / held.entry - 1),
    };
    const says = typeof exit === "function" ? exit(i, view) : has(exit, i);
    return says ? { exit: "signal", signalBar: i } : null;
  };
  const instrumentAllows = (side: "long" | "short") => side === "long" || instrument?.category !== "spot";

  for (let i = 0; i < bars.length; i++) {
    const atClose = settings.fill === "close";
    if (position) payFunding(position, i, "atOpen");
    if (!atClose) fillPending(i);
    let wasFilled = false;
    if (position) {
      const p: Position = position;
      if (protect(p, i)) {
        barsInMarket += i - p.entryBar + (atClose ? 0 : 1);
        pending = null; // an exit that still waited has nothing left to close
        wasFilled = atClose; // one fill per bar
      } else {
        p.seen.push(bars.high[i]!, bars.low[i]!);
        follow(p, i);
        payFunding(p, i, "later");
      }
    }
    if (atClose && pending) {
      const before = pending;
      fillPending(i);
      wasFilled = pending !== before;
    }
    if (!pending && !wasFilled && i >= signals.warmup && (position || balance > 0)) {
      pending = listen(i);
      if (atClose) fillPending(i);
    }
    const p = position as Position | null;
    equity.push(p ? balance + p.dir * p.quantity * (bars.close[i]! - p.entry) : balance);
  }
  const last = bars.length - 1;
  if (position) {
    const p: Position = position;
    barsInMarket += last - p.entryBar + (settings.fill === "close" ? 0 : 1);
    finish(p, last, { price: bars.close[last]!, reason: "open", rate: 0 });
  }
  return { trades, equity, barsInMarket, ambiguousBars, refusals };
}

interface Prices {
  open: number;
  high: number;
  low: number;
}

interface Position {
  dir: 1 | -1;
  quantity: number;
  entry: number;
  entryBar: number;
  signalBar: number;
  entryFee: number;
  stop: number | null;
  target: number | null;
  trailing: Level | null;
  trail: number | null;
  best: number;
  funding: number;
  seen: number[];
  initialRisk: number | null;
}

interface Pending {
  exit?: "signal" | "reverse";
  enter?: 1 | -1;
  signalBar: number;
}

const has = (words: Bits | undefined, i: number) => words !== undefined && ((words[i >> 5]! >> (i % 32)) & 1) === 1;

const pricesOf = (bars: Bars, i: number): Prices => ({ open: bars.open[i]!, high: bars.high[i]!, low: bars.low[i]! });

const levelOf = (level: Level | undefined, fraction: number | null): Level | null =>
  fraction === null ? (level ?? null) : { kind: "fraction", fraction };

function priceOf(level: Level, at: number, base: number, way: number): number {
  if (level.kind === "fraction") return base * (1 + way * level.fraction);
  return level.kind === "distance" ? base + way * level.distance[at]! : level.price[at]!;
}

function nearer(dir: number, a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return dir === 1 ? Math.max(a, b) : Math.min(a, b);
}
