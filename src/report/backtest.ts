import type { Verdict } from "../metrics/verdict.ts";
import { equityChart } from "./chart.ts";
import { type ReportInput, type ReportStyle, reportWidth } from "./input.ts";
import { paint } from "./paint.ts";
import {
  calendar,
  exitsAndCosts,
  headline,
  metricTable,
  notes,
  titleLines,
  verdictBox,
  watermark,
} from "./sections.ts";

export interface BacktestReportInput extends ReportInput {
  /** Equity of buying at the start and holding, per bar; drawn behind the curve where it is given. */
  readonly benchmark?: Float64Array;
  readonly verdict?: Verdict;
}

const CHART_ROWS = 11;

/** A backtest on one screen and a half: numbers, curve, trades, costs, months, and what they are worth. */
export function backtestReport(input: BacktestReportInput, style: ReportStyle): string {
  const colors = paint(style.color);
  const width = reportWidth(style);
  const blocks: string[][] = [
    [...titleLines(input, width, colors), ...watermark(input, width, colors)],
    headline(input.metrics, input.data.bars, width, colors),
    equityChart(
      {
        curve: withStart(input.settings.cash, input.equity),
        from: input.data.from,
        to: input.data.to,
        ...(input.benchmark && { benchmark: withStart(input.settings.cash, input.benchmark) }),
      },
      { width, rows: CHART_ROWS },
      colors,
    ),
    metricTable(input, width, colors),
    exitsAndCosts(input, width, colors),
    calendar(input, width, colors),
    notes(input, width, colors),
    input.verdict ? verdictBox(input.verdict, width, colors) : [],
  ];
  return joined(blocks);
}

/** Blocks of lines with an empty line between them; empty blocks vanish. */
export function joined(blocks: readonly (readonly string[])[]): string {
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.map((line) => line.trimEnd()).join("\n"))
    .join("\n\n");
}

/** `startEquity`, then `equity`. */
export function withStart(startEquity: number, equity: Float64Array): Float64Array {
  const curve = new Float64Array(equity.length + 1);
  curve[0] = startEquity;
  curve.set(equity, 1);
  return curve;
}
