import { formatDuration } from "../core/time.ts";
import { metricOf } from "../metrics/catalogue.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { joined, withStart } from "./backtest.ts";
import { equityChart } from "./chart.ts";
import { change, count, metricText, percent, ratio, UNDEFINED } from "./format.ts";
import { type OptimizationInput, type ReportStyle, reportWidth } from "./input.ts";
import { cut, tiles, widthOf } from "./layout.ts";
import { type Paint, paint } from "./paint.ts";
import { big, spanText, tile, verdictBox, watermark, wrapItems } from "./sections.ts";
import { bestParameters, inAndOut, topTrials, trialScatter } from "./trials.ts";

const CHART_ROWS = 9;
const SHOWN_TRIALS = 10;

/** An optimization on one screen and a half: what was found, on how much searching, and what it is worth. */
export function optimizationReport(input: OptimizationInput, style: ReportStyle): string {
  const colors = paint(style.color);
  const width = reportWidth(style);
  return joined([
    [...titleLines(input, width, colors), ...watermark(input.inSample, width, colors)],
    headline(input, width, colors),
    curve(input, width, colors),
    trialScatter(input, width, colors),
    bestParameters(input, width, colors),
    topTrials(input, SHOWN_TRIALS, width, colors),
    inAndOut(input, width, colors),
    verdictBox(input.verdict, width, colors),
  ]);
}

function titleLines(input: OptimizationInput, width: number, colors: Paint): string[] {
  const { trials } = input;
  const name = cut(input.strategy, 24);
  const span = cut(spanText(input.inSample.data), width - widthOf(name) - 4);
  const states = [
    `${count(trials.complete)} complete`,
    ...(trials.pruned > 0 ? [`${count(trials.pruned)} pruned`] : []),
    ...(trials.failed > 0 ? [`${count(trials.failed)} failed`] : []),
  ];
  const items = [
    `study ${input.study}`,
    `${input.sampler}, seed ${input.seed}`,
    `${count(trials.total)} trials: ${states.join(", ")}`,
    formatDuration(input.elapsedMs),
  ];
  return [
    `${colors.title(`◆ ${name}`)}  ${span}`,
    ...wrapItems(items, width - 2).map((line) => `  ${colors.dim(line)}`),
  ];
}

/** What was aimed at, what was not seen, what luck does, and what remains. */
function headline(input: OptimizationInput, width: number, colors: Paint): string[] {
  const { inSample, outOfSample, verdict, best } = input;
  const aim = metricOf(input.objective);
  const outside = outOfSample?.metrics ?? null;
  const value = outside === null ? null : outside[aim.name];
  const remark = (metrics: Metrics | null) =>
    metrics === null ? "nothing held out" : `${change(metrics.totalReturn, 1)} return`;
  const dsr = verdict.dsr === null ? UNDEFINED : percent(verdict.dsr, 1);
  const held = big(colors, metricText(aim.unit, value), aim.better === "higher" ? value : null);
  return tiles(
    colors,
    [
      tile(colors, `${aim.title} found`, big(colors, metricText(aim.unit, best.value), null), remark(inSample.metrics)),
      tile(colors, "Out of sample", held, remark(outside)),
      tile(
        colors,
        "Sharpe by luck",
        big(colors, ratio(verdict.sharpeThreshold), null),
        `in ${count(verdict.trials)} trials`,
      ),
      tile(colors, "Chance of skill", big(colors, dsr, null), "deflated Sharpe"),
    ],
    width,
  );
}

/** The curve of the best parameters; what was held out follows on, as if it were the same account. */
function curve(input: OptimizationInput, width: number, colors: Paint): string[] {
  const { inSample, outOfSample } = input;
  const found = withStart(inSample.settings.cash, inSample.equity);
  const held = outOfSample?.equity ?? new Float64Array(0);
  const scale = outOfSample ? found.at(-1)! / outOfSample.settings.cash : 1;
  const whole = new Float64Array(found.length + held.length);
  whole.set(found);
  held.forEach((value, i) => {
    whole[found.length + i] = value * scale;
  });
  return equityChart(
    {
      curve: whole,
      from: inSample.data.from,
      to: (outOfSample ?? inSample).data.to,
      ...(held.length > 0 && { splitAt: found.length }),
    },
    { width, rows: CHART_ROWS },
    colors,
  );
}
