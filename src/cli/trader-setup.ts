import { dirname, resolve } from "node:path";
import { exchangeLeverage } from "../backtest/replay/venue.ts";
import { ExchangeRefused } from "../bybit/errors.ts";
import type { Gateway } from "../bybit/gateway.ts";
import { fetchInstrument } from "../bybit/instruments.ts";
import { checkConfig, loadConfig } from "../config/load.ts";
import type { Config, LimitsConfig, TraderConfig } from "../config/schema.ts";
import { ArgumentError, ConfigError, DataError } from "../core/errors.ts";
import type { TraderLane } from "../live/trader-types.ts";
import type { Instrument } from "../model/instrument.ts";
import type { FollowRules } from "../risk/following.ts";
import type { GuardLimits } from "../risk/guards.ts";
import { parseSizing } from "../risk/policy.ts";
import { loadStrategy } from "../strategies/load.ts";
import { isStrategyFile } from "../strategy/load.ts";
import { resolveParams } from "../strategy/resolve.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { parseParams } from "./commands/strategy/params.ts";

/** What is to be traded without a configuration. */
export interface LaneFlags {
  readonly strategy?: string;
  readonly symbol?: string;
  readonly interval?: string;
  readonly param?: readonly string[];
  readonly size?: string;
  readonly leverage?: string;
  readonly side?: string;
  readonly stopLoss?: string;
  readonly takeProfit?: string;
  readonly maxPosition?: string;
  readonly account?: string;
}

export interface SetupFlags extends LaneFlags {
  readonly config?: string;
}

/** What a bot is to be, and where it was written. */
export interface Setup {
  readonly config: Config;
  /** `null` when it was put together from options. */
  readonly file: string | null;
  /** What relative paths in it are relative to. */
  readonly dir: string;
}

/** A trader of the configuration with its strategy, loaded and checked. */
export interface PlannedLane {
  readonly name: string;
  readonly strategy: Strategy;
  readonly params: Readonly<Record<string, unknown>>;
  readonly trader: TraderConfig;
}

const LANE_FLAGS = ["symbol", "interval", "param", "size", "leverage", "side", "stopLoss", "takeProfit"] as const;

/**
 * The configuration of the options: a file's, or one made of `--strategy` and what goes with it.
 *
 * @throws ArgumentError `OPTION`; ConfigError as `loadConfig`
 */
export function readSetup(flags: SetupFlags, dir: string): Setup {
  if (flags.strategy !== undefined) {
    if (flags.config === undefined) return { config: configOfFlags(flags), file: null, dir };
    throw new ArgumentError("OPTION", "--strategy is for trading without a configuration; leave --config or it out");
  }
  const stray = [...LANE_FLAGS, "maxPosition", "account"].find((name) => flags[name as keyof LaneFlags] !== undefined);
  if (stray !== undefined) {
    const option = `--${stray.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new ArgumentError("OPTION", `${option} goes with --strategy; with a configuration it is written there`);
  }
  const { config, file } = loadConfig(dir, flags.config);
  return { config, file, dir: dirname(file) };
}

function configOfFlags(flags: LaneFlags): Config {
  const { strategy, symbol, interval, param, size, leverage, side, stopLoss, takeProfit, maxPosition } = flags;
  const most = maxPosition === undefined ? null : number("max-position", maxPosition);
  const written = {
    ...(flags.account !== undefined && { account: flags.account }),
    traders: [
      {
        strategy,
        params: parseParams(param ?? []),
        sizing: size ?? "all-in",
        ...(symbol !== undefined && { symbol }),
        ...(interval !== undefined && { interval }),
        ...(leverage !== undefined && { leverage: number("leverage", leverage) }),
        ...(side !== undefined && { side }),
        ...(stopLoss !== undefined && { stopLossFraction: number("stop-loss", stopLoss) }),
        ...(takeProfit !== undefined && { takeProfitFraction: number("take-profit", takeProfit) }),
      },
    ],
    ...(most !== null && { limits: { maxPositionQuote: most, maxTotalQuote: most } }),
  };
  try {
    return checkConfig(written, "the options");
  } catch (error) {
    if (error instanceof ConfigError) throw new ArgumentError("OPTION", error.message, {}, error);
    throw error;
  }
}

/**
 * The traders of a configuration with their strategies.
 *
 * @throws ConfigError `TRADER_NAME`, `CATEGORY`; those of strategies and their parameters
 */
export function planLanes({ config, dir }: Pick<Setup, "config" | "dir">): PlannedLane[] {
  const lanes = config.traders.map((trader): PlannedLane => {
    const { strategy: named, symbol, category, params } = trader;
    if (category !== "linear") {
      throw new ConfigError("CATEGORY", `a bot trades linear contracts, ${symbol} is configured as ${category}`);
    }
    const strategy = loadStrategy(isStrategyFile(named) ? resolve(dir, named) : named);
    const name = trader.name ?? `${strategy.name}-${symbol.toLowerCase()}`;
    return { name, strategy, params: resolveParams(strategy, params), trader };
  });
  const names = lanes.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return lanes;
  throw new ConfigError("TRADER_NAME", `two traders are called ${twice}; give them names of their own`, { twice });
}

/** A lane as the bot takes it. */
export function laneOf(
  { name, strategy, params, trader }: PlannedLane,
  { instrument, feeRate, slippage }: { instrument: Instrument; feeRate: number; slippage: number },
): TraderLane {
  return {
    ...{ name, strategy, params, instrument, feeRate, slippage },
    interval: trader.interval,
    sizing: parseSizing(trader.sizing),
    leverage: trader.leverage,
    side: trader.side,
    stopLoss: trader.stopLossFraction ?? null,
    takeProfit: trader.takeProfitFraction ?? null,
    trailingStop: null,
    follow: followOf(trader),
    warmupBars: trader.warmupBars,
  };
}

/** How the stops of a trader move. */
export function followOf({ trailingStop, breakEven }: TraderConfig): FollowRules {
  return {
    trailing: trailingStop
      ? { activation: trailingStop.activationFraction, distance: trailingStop.distanceFraction, by: trailingStop.by }
      : null,
    breakEven: breakEven ? { activation: breakEven.activationFraction, offset: breakEven.offsetFraction } : null,
  };
}

/** The lanes with the exchange's rules and this account's fees, as it states them now. @throws as `Gateway.call` */
export async function fetchLanes(
  planned: readonly PlannedLane[],
  { gateway, slippage, signal }: { gateway: Gateway; slippage: number; signal: AbortSignal },
): Promise<TraderLane[]> {
  const lanes: TraderLane[] = [];
  for (const each of planned) {
    const { symbol } = each.trader;
    const { instrument } = await fetchInstrument(gateway, { category: "linear", symbol }, signal);
    const { list } = await gateway.call("get_fee_rates", { category: "linear", symbol }, { signal });
    const fees = list.find((row) => row.symbol === symbol) ?? list[0];
    if (!fees) throw new DataError("FEE_RATE", `the exchange does not say what ${symbol} costs to trade`, { symbol });
    lanes.push(laneOf(each, { instrument, feeRate: Number(fees.takerFeeRate), slippage }));
  }
  return lanes;
}

/** Bybit's word for: it is that already. */
const NOT_MODIFIED = 110043;

/** Sets each symbol to the leverage its lane needs room for. @throws as `Gateway.call` */
export async function setLeverages(
  gateway: Gateway,
  lanes: readonly Pick<TraderLane, "instrument" | "leverage">[],
  signal: AbortSignal,
): Promise<void> {
  for (const { instrument, leverage } of lanes) {
    const most = String(exchangeLeverage(leverage, instrument));
    const params = { category: "linear", symbol: instrument.symbol, buyLeverage: most, sellLeverage: most } as const;
    try {
      await gateway.call("set_leverage", params, { signal });
    } catch (error) {
      if (!(error instanceof ExchangeRefused && error.retCode === NOT_MODIFIED)) throw error;
    }
  }
}

/** The limits of an exchange that runs `pace` times as fast as this machine: what is about the line lasts longer in its time. */
export function limitsAt(limits: LimitsConfig, pace: "real" | number | "step"): GuardLimits {
  const scale = typeof pace === "number" ? Math.max(1, pace) : 1;
  return { ...limits, maxDataAgeMs: limits.maxDataAgeMs * scale };
}

/** @throws ArgumentError `NUMBER` */
export function number(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new ArgumentError("NUMBER", `--${name} must be a number, was ${JSON.stringify(text)}`, { name, text });
}
