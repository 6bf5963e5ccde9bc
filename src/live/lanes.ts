import type { Subscription } from "../bybit/streams.ts";
import { ArgumentError } from "../core/errors.ts";
import { intervalMs } from "../core/time.ts";
import { DEFAULT_WAITS, type Waits } from "../engine/inputs.ts";
import { graphOf } from "../strategy/graph.ts";
import { graphWarmup } from "../strategy/warmup.ts";
import type { TraderLane, TraderOptions } from "./trader-types.ts";

/** In steps nothing is missed between bars: looking at the account now and then only proves it. */
const STEP_RECONCILE_MS = 7 * 86_400_000;

/** Bars of history a lane wants at least. */
export function warmupOf({ strategy, params, interval, warmupBars }: TraderLane): number {
  return Math.max(warmupBars, graphWarmup(graphOf(strategy, params), interval) + 1);
}

/** What has to be heard to trade `lanes`. */
export function topicsOf(lanes: readonly TraderLane[]): Subscription[] {
  return [
    ...["order", "execution", "position"].map((topic) => ({ topic, kind: "private" as const })),
    ...lanes.flatMap(({ instrument: { symbol }, interval }) => [
      { topic: `tickers.${symbol}`, kind: "linear" as const },
      { topic: `kline.${interval}.${symbol}`, kind: "linear" as const },
    ]),
  ];
}

/** @throws ArgumentError `LANES` unless lanes are of one settle coin, linear, with names and symbols of their own */
export function settleCoinOf(lanes: readonly TraderLane[]): string {
  const refuse = (text: string) => new ArgumentError("LANES", text, {});
  if (lanes.length === 0) throw refuse("a bot needs something to trade");
  const coins = new Set(lanes.map(({ instrument }) => instrument.settleCoin));
  if (coins.size > 1) throw refuse(`a bot keeps its books in one coin, these settle in ${[...coins].join(" and ")}`);
  const other = lanes.find(({ instrument }) => instrument.category !== "linear");
  if (other) throw refuse(`a bot trades linear contracts, ${other.instrument.symbol} is ${other.instrument.category}`);
  for (const key of ["name", "symbol"] as const) {
    const names = lanes.map((lane) => (key === "name" ? lane.name : lane.instrument.symbol));
    if (new Set(names).size < names.length) throw refuse(`two lanes have one ${key}: ${names.join(" ")}`);
  }
  return [...coins][0]!;
}

/** How long after its end a bar may still change in a list, ms of the exchange: of a fast one it is less certain how late it is. */
export function settleMsOf(pace: "real" | number | "step"): number {
  if (pace === "step") return 0;
  return 1_000 * (pace === "real" ? 1 : Math.max(1, pace));
}

/** Waits are about this machine and the line: where the exchange runs faster, they are longer in its time. */
export function waitsOf(pace: "real" | number | "step", { waits, lanes }: TraderOptions): Partial<Waits> {
  if (pace === "real") return waits ?? {};
  if (pace === "step") return { reconcileMs: STEP_RECONCILE_MS, ...waits };
  const shortest = Math.min(...lanes.map(({ interval }) => intervalMs(interval)));
  const scaled = Object.fromEntries(
    Object.entries(DEFAULT_WAITS).map(([name, ms]) => [name, Math.max(ms, ms * pace)]),
  ) as unknown as Waits;
  return { ...scaled, freshMs: Math.min(scaled.freshMs, shortest / 2), ...waits };
}
