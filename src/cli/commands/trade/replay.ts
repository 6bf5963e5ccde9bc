import { resolve } from "node:path";
import { replay } from "../../../backtest/replay/replay.ts";
import { backtestSettings } from "../../../backtest/settings.ts";
import { ArgumentError, DataError } from "../../../core/errors.ts";
import { parseTime } from "../../../core/time.ts";
import { barsBetween } from "../../../model/bar.ts";
import { backtestReport } from "../../../report/backtest.ts";
import { parseSizing } from "../../../risk/policy.ts";
import { instrumentOf } from "../../../simulator/market/instruments.ts";
import { resolveData } from "../../../store/resolve.ts";
import type { Io } from "../../io.ts";
import { number, type PlannedLane, type Setup } from "../../trader-setup.ts";
import { catalogueRoot } from "../data/shared.ts";
import type { TradeTools } from "./tools.ts";

export interface ReplayFlags {
  readonly data?: string;
  readonly dir?: string;
  readonly start?: string;
  readonly until?: string;
  readonly cash?: string;
  readonly fee?: string;
  readonly slippageBps: string;
  readonly journal?: string;
  readonly json?: boolean;
}

const ACCOUNT = "replay";

/**
 * The bot itself on stored bars, each lane with an account of its own, and its journal as a running bot would have written it.
 *
 * @throws ArgumentError `OPTION`; DataError `NO_BARS_IN_RANGE`, and as `resolveData`
 */
export async function runReplay(
  plan: { readonly setup: Setup; readonly lanes: readonly PlannedLane[]; readonly flags: ReplayFlags },
  io: Io,
  tools: Pick<TradeTools, "saveJournal">,
): Promise<void> {
  const { lanes, flags } = plan;
  if (flags.data !== undefined && lanes.length > 1) {
    const message = `--data is one market, the configuration has ${lanes.length} traders; without it each takes its symbol`;
    throw new ArgumentError("OPTION", message);
  }
  for (const lane of lanes) {
    const { input, source } = await inputOf(lane, plan);
    const result = replay(input);
    const path = journalOf(lane, plan);
    tools.saveJournal(path, { environment: "replay", account: ACCOUNT }, result.journal);
    const { strategy, params, data, settings, metrics, refusals, trades } = result;
    const document = { kind: "report", lane: lane.name, strategy, params, data, settings, metrics, refusals, trades };
    if (flags.json) io.out(JSON.stringify({ ...document, journal: path }));
    else io.out(`${backtestReport(result, io)}\n\n${lane.name} on ${source}\njournal    ${path}\n`);
    if (io.signal.aborted) return;
  }
}

async function inputOf(
  { strategy, params, trader }: PlannedLane,
  { setup, flags }: { readonly setup: Setup; readonly flags: ReplayFlags },
) {
  const { symbol, interval } = trader;
  const name = flags.data ?? symbol;
  const dir = flags.dir ?? (setup.file === null ? undefined : resolve(setup.dir, setup.config.dataDir));
  const root = catalogueRoot(dir === undefined ? {} : { dir });
  const { bars: all, funding, instrument, source } = await resolveData({ data: name, root, interval });
  const from = flags.start === undefined ? -Infinity : parseTime(flags.start);
  const to = flags.until === undefined ? Infinity : parseTime(flags.until);
  const bars = barsBetween(all, from, to);
  if (bars.length === 0) throw new DataError("NO_BARS_IN_RANGE", `${name} has no bars there`, { from, to });
  const settings = backtestSettings({
    cash: flags.cash === undefined ? 10_000 : number("cash", flags.cash),
    ...(flags.fee !== undefined && { feeRate: number("fee", flags.fee) }),
    slippageBps: number("slippage-bps", flags.slippageBps),
    sizing: parseSizing(trader.sizing),
    leverage: trader.leverage,
    side: trader.side,
    stopLoss: trader.stopLossFraction ?? null,
    takeProfit: trader.takeProfitFraction ?? null,
    trailingStop: trader.trailingStop?.distanceFraction ?? null,
  });
  const rules = instrument ?? instrumentOf(bars.symbol || symbol, "linear", bars.close[bars.length - 1]!);
  const input = { strategy, params, bars, settings, instrument: rules, limits: setup.config.limits };
  return { input: { ...input, ...(funding && { funding }) }, source };
}

function journalOf({ name }: PlannedLane, { lanes, flags }: { lanes: readonly PlannedLane[]; flags: ReplayFlags }) {
  const path = resolve(flags.journal ?? "replay.sqlite");
  return lanes.length === 1 ? path : path.replace(/(\.\w+)?$/, (end) => `-${name}${end}`);
}
