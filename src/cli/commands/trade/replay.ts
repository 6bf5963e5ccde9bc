import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { backtestSettings } from "../../../backtest/settings.ts";
import { ArgumentError, DataError } from "../../../core/errors.ts";
import { parseTime } from "../../../core/time.ts";
import { barsBetween } from "../../../model/bar.ts";
import { backtestReport } from "../../../report/backtest.ts";
import { parseSizing } from "../../../risk/policy.ts";
import { resolveData } from "../../../store/resolve.ts";
import type { Io } from "../../io.ts";
import { replayRun } from "../../replay-backtest.ts";
import { nameIn } from "../../running-bot.ts";
import { followOf, number, type PlannedLane, type Setup } from "../../trader-setup.ts";
import { catalogueRoot } from "../data/shared.ts";
import { setAside } from "./set-aside.ts";
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
 * @throws ArgumentError `OPTION`; DataError `JOURNAL_EXISTS`, `NO_BARS_IN_RANGE`, and as `resolveData`
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
  const paths = lanes.map((lane) => journalOf(lane, plan));
  const there = flags.journal === undefined ? undefined : paths.find((path) => existsSync(path));
  if (there !== undefined) {
    throw new DataError("JOURNAL_EXISTS", `${there} is there already; name another file`, { path: there });
  }
  for (const [k, lane] of lanes.entries()) {
    const path = paths[k]!;
    const input = await inputOf(lane, plan);
    const result = await replayRun(input, lane.params, io);
    if (!result) return; // interrupted
    setAside(path);
    tools.saveJournal(path, { environment: "replay", account: ACCOUNT }, result.journal);
    const { strategy, params, data, settings, metrics, refusals, trades } = result;
    const journal = nameIn(process.cwd())(path);
    const document = { kind: "report", lane: lane.name, strategy, params, data, settings, metrics, refusals, trades };
    if (flags.json) io.out(JSON.stringify({ ...document, journal }));
    else io.out(`${backtestReport(result, io)}\n\njournal    ${journal}\n`);
  }
}

async function inputOf(
  { strategy, trader }: PlannedLane,
  { setup, flags }: { readonly setup: Setup; readonly flags: ReplayFlags },
) {
  const { symbol, interval } = trader;
  const name = flags.data ?? symbol;
  const dir = flags.dir ?? (setup.file === null ? undefined : resolve(setup.dir, setup.config.dataDir));
  const root = catalogueRoot(dir === undefined ? {} : { dir });
  const { bars: all, ...extras } = await resolveData({ data: name, root, interval });
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
  });
  const follow = followOf(trader);
  return { strategy, bars, history: null, settings, extras, limits: setup.config.limits, follow };
}

function journalOf({ name }: PlannedLane, { lanes, flags }: { lanes: readonly PlannedLane[]; flags: ReplayFlags }) {
  const path = resolve(flags.journal ?? "replay.sqlite");
  return lanes.length === 1 ? path : path.replace(/(\.\w+)?$/, (end) => `-${name}${end}`);
}
