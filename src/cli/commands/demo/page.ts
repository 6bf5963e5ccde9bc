import { join } from "node:path";
import type { ReplayResult } from "../../../backtest/replay/replay.ts";
import type { BacktestResult } from "../../../backtest/result.ts";
import { formatTime } from "../../../core/time.ts";
import type { JournalEvent } from "../../../engine/events.ts";
import { change, count, profit, ratio } from "../../../report/format.ts";
import { reportWidth } from "../../../report/input.ts";
import { heading, padEnd, padStart } from "../../../report/layout.ts";
import { type Paint, paint } from "../../../report/paint.ts";
import type { Io } from "../../io.ts";
import type { Agreement } from "./compare.ts";
import type { Found } from "./search.ts";

export interface DemoResult {
  readonly out: string;
  readonly seed: number;
  readonly market: { source: string; symbol: string; interval: string; bars: number; past: number };
  readonly found: readonly Found[];
  readonly strategy: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Out of sample, by both engines. */
  readonly fast: BacktestResult;
  readonly slow: ReplayResult;
  /** Of the bars the bot traded. */
  readonly replayed: ReplayResult;
  readonly events: readonly JournalEvent[];
  readonly killedAt: number;
  readonly bot: readonly Agreement[];
  readonly books: readonly Agreement[];
  readonly elapsedMs: number;
}

export function demoJson(result: DemoResult): unknown {
  const { out, seed, market, found, strategy, params, fast, slow, replayed, killedAt, bot, books, elapsedMs } = result;
  return {
    ...{ seed, market, strategy, params, elapsedMs, killedAt, files: filesOf(out) },
    searches: found.map(({ strategy: name, input }) => {
      const { best, trials, verdict } = input;
      return { strategy: name, trials, best, verdict: { grade: verdict.grade, line: verdict.line } };
    }),
    outOfSample: { fast: fast.metrics, replay: slow.metrics },
    live: { replay: replayed.metrics, events: result.events.length },
    agreements: { bot, books },
  };
}

export function demoPage(result: DemoResult, io: Io): string {
  const colors = paint(io.color);
  const width = reportWidth(io);
  const { found, strategy, fast, slow, replayed, killedAt, bot, books, out, elapsedMs } = result;
  const searches = found.map(({ strategy: name, input }) => {
    const best = `best in sample ${ratio(input.best.value)}`;
    const outside = `out of sample ${ratio(input.outOfSample?.metrics.sharpe ?? null)}`;
    return `  ${padEnd(name, 12)}${count(input.trials.total)} trials   Sharpe: ${best}, ${outside}`;
  });
  const engines = [["fast", fast] as const, ["replay", slow] as const].map(([name, { metrics }]) => {
    const { trades, totalReturn, netProfit } = metrics;
    return `  ${padEnd(name, 12)}${padStart(count(trades), 5)} trades   return ${change(totalReturn, 2)}   net ${profit(netProfit)}`;
  });
  const { metrics } = replayed;
  return [
    heading(colors, "What was found", width),
    ...searches,
    `  ${colors.dim(found.find((each) => each.strategy === strategy)!.input.verdict.line)}`,
    "",
    heading(colors, `Out of sample: ${strategy}, two engines`, width),
    ...engines,
    "",
    heading(colors, "The bot, over sockets", width),
    `  killed at ${formatTime(killedAt)} without warning, started again`,
    `  ${count(metrics.trades)} trades   return ${change(metrics.totalReturn, 2)}   net ${profit(metrics.netProfit)}`,
    "",
    heading(colors, "Side by side", width),
    ...table("bot", "replay", bot, colors),
    "",
    ...table("journal", "exchange", books, colors),
    "",
    heading(colors, "Where it lies", width),
    ...Object.entries(filesOf(out)).map(([what, path]) => `  ${padEnd(what, 12)}${path}`),
    "",
    `Done in ${(elapsedMs / 1_000).toFixed(0)} s. Next:`,
    `  grimoire journal ${join(out, "journal.sqlite")} --tail 20`,
    `  grimoire pnl ${join(out, "journal.sqlite")}`,
    `  grimoire backtest --study ${strategy} --storage ${join(out, "studies.sqlite")}`,
  ].join("\n");
}

const WHAT = 40;

function table(one: string, other: string, rows: readonly Agreement[], colors: Paint): string[] {
  const cell = (text: string) => padStart(text, 16);
  return [
    colors.dim(`  ${padEnd("", WHAT)}${cell(one)}${cell(other)}`),
    ...rows.map((row) => {
      const mark = row.isSame ? colors.good("same") : colors.bad("DIFFERENT");
      return `  ${padEnd(row.what, WHAT)}${cell(row.one)}${cell(row.other)}  ${mark}`;
    }),
  ];
}

function filesOf(out: string): Record<string, string> {
  return {
    bars: join(out, "*.csv.gz"),
    studies: join(out, "studies.sqlite"),
    trades: join(out, "trades.csv"),
    equity: join(out, "equity.csv"),
    config: join(out, "grimoire.config.json"),
    journal: join(out, "journal.sqlite"),
  };
}
