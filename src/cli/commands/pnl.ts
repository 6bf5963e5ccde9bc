import type { Command } from "commander";
import { parseTime } from "../../core/time.ts";
import { earningsOf } from "../../live/journal-trades.ts";
import { backtestReport, joined } from "../../report/backtest.ts";
import { equityCsv, tradesCsv } from "../../report/csv.ts";
import { count, percent, profit } from "../../report/format.ts";
import { reportWidth } from "../../report/input.ts";
import { heading, padEnd, padStart } from "../../report/layout.ts";
import { paint } from "../../report/paint.ts";
import { writeReport } from "../../report/write.ts";
import { type Io, jsonText } from "../io.ts";
import { pnlReport, type Share } from "../pnl-report.ts";
import { findBot, nameIn } from "../running-bot.ts";
import { usualBotTools } from "../usual-bot-tools.ts";

interface PnlFlags {
  readonly config?: string;
  readonly from?: string;
  readonly to?: string;
  readonly trades?: string;
  readonly equity?: string;
  readonly json?: boolean;
}

/** `grimoire pnl`: what a bot has earned, by its own books. */
export function define(command: Command, io: Io): void {
  command
    .argument("[journal]", "the bot's journal (default: the configuration's, else journal.sqlite or paper.sqlite)")
    .option("--config <file>", "configuration (default: grimoire.config.* in this folder)")
    .option("--from <time>", "trades that ended then or later (UTC)")
    .option("--to <time>", "and before then")
    .option("--trades <file>", "write the trades as CSV")
    .option("--equity <file>", "write the wallet, hour by hour, as CSV")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Running or not: trades are made of the executions in the journal, flat to flat;
profit is after fees and funding. The curve is the wallet at each hour's end:
what is unrealised is not in it, and ratios are of its hourly returns.

Examples:
  grimoire pnl
  grimoire pnl paper.sqlite --from 2025-01-01 --trades trades.csv
  grimoire pnl --json`,
    )
    .action((named: string | undefined, flags: PnlFlags) => run(named, flags, io));
}

async function run(named: string | undefined, flags: PnlFlags, io: Io): Promise<void> {
  const dir = process.cwd();
  const tools = usualBotTools();
  const span = {
    from: flags.from === undefined ? -Infinity : parseTime(flags.from),
    to: flags.to === undefined ? Infinity : parseTime(flags.to),
  };
  const { journal, status } = await findBot({ named, config: flags.config, dir }, tools);
  const { identity, events } = tools.readJournal(journal);
  const earnings = earningsOf(events);
  const account = `${identity.environment}/${identity.account}`;
  const report = pnlReport(earnings, span, account);
  const trades = report?.trades ?? [];
  if (flags.trades !== undefined) writeReport(flags.trades, tradesCsv(trades));
  if (flags.equity !== undefined) {
    const { time, equity } = report ?? { time: new Float64Array(0), equity: new Float64Array(0) };
    writeReport(flags.equity, equityCsv({ startEquity: report?.settings.cash ?? earnings.startBalance, time, equity }));
  }
  if (flags.json) {
    io.out(
      jsonText({
        ...{ journal: nameIn(dir)(journal), account, isRunning: status !== null },
        startBalance: report?.settings.cash ?? earnings.startBalance,
        from: report?.data.from ?? null,
        to: report?.data.to ?? null,
        metrics: report?.metrics ?? null,
        ...{ trades, symbols: report?.shares.symbols ?? [], lanes: report?.shares.lanes ?? [] },
        refusals: earnings.refusals,
      }),
    );
    return;
  }
  if (!report) {
    io.out(`${account}: nothing was traded${flags.from || flags.to ? " in that time" : " yet"}.`);
    return;
  }
  const width = reportWidth(io);
  const colors = paint(io.color);
  const { symbols, lanes } = report.shares;
  const today =
    status &&
    `Today ${percent(status.dailyLoss)} of the day's first equity lost, limit ${percent(status.maxDailyLoss)}.`;
  const blocks = [
    [heading(colors, "By symbol", width), ...shareLines(symbols)],
    [heading(colors, "By strategy", width), ...shareLines(lanes)],
    today ? [today] : [],
  ];
  io.out(`${backtestReport(report, io)}\n\n${joined(blocks)}`);
}

function shareLines(shares: readonly Share[]): string[] {
  const row = (cells: readonly string[]) => {
    return `  ${padEnd(cells[0]!, 28)}${cells
      .slice(1)
      .map((cell) => padStart(cell, 12))
      .join("")}`;
  };
  return [
    row(["", "trades", "net", "fees", "funding"]),
    ...shares.map(({ name, trades, wins, net, fees, funding }) =>
      row([name, `${count(trades)} (${count(wins)} won)`, profit(net), profit(-fees), profit(funding)]),
    ),
  ];
}
