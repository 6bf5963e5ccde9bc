import Table from "cli-table3";
import { type MetricName, metricOf } from "../metrics/catalogue.ts";
import { type DotStyle, dotCanvas } from "./braille.ts";
import { count, metricText, parameter, percent, ratio } from "./format.ts";
import type { OptimizationInput, TrialRow } from "./input.ts";
import { cut, heading, padStart, widthOf } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { horizontalBar } from "./sparkline.ts";

const SCATTER_ROWS = 5;

/** Every trial's value as a dot, in the order they were made, under the line of the best so far. */
export function trialScatter(
  { values, objective, best }: Pick<OptimizationInput, "values" | "objective" | "best">,
  width: number,
  colors: Paint,
): string[] {
  const finite = (values ?? []).filter((value): value is number => value !== null && Number.isFinite(value));
  if (values === undefined || finite.length < 2) return [];
  const { better, title, unit } = metricOf(objective);
  const sign = better === "higher" ? 1 : -1;
  const sorted = finite.map((value) => sign * value).sort((a, b) => a - b);
  const top = sorted.at(-1)!;
  // The worst trials say little and would flatten the rest: the lowest twentieth lies on the bottom line.
  const bottom = sorted[Math.floor(sorted.length / 20)]!;
  const labels = [metricText(unit, sign * top), ...Array(SCATTER_ROWS - 2).fill(""), metricText(unit, sign * bottom)];
  const labelWidth = Math.max(8, ...labels.map(widthOf));
  const canvas = dotCanvas(width - labelWidth - 2, SCATTER_ROWS);
  const dot: DotStyle = { rank: 0, paint: (text) => colors.shade(245, text) };
  const line: DotStyle = { rank: 1, paint: (text) => colors.accent(text) };
  const y = (value: number) => {
    const depth = top > bottom ? (top - Math.max(bottom, sign * value)) / (top - bottom) : 0;
    return Math.round((canvas.height - 1) * depth);
  };
  const x = (index: number) => Math.floor((index * (canvas.width - 1)) / Math.max(1, values.length - 1));
  let bestSoFar = Number.NEGATIVE_INFINITY;
  let lineX = 0;
  let lineY = canvas.height - 1;
  values.forEach((value, i) => {
    if (value === null || !Number.isFinite(value)) return;
    canvas.set(x(i), y(value), dot);
    if (sign * value <= bestSoFar) return;
    const next = y(value);
    if (bestSoFar > Number.NEGATIVE_INFINITY) for (; lineX < x(i); lineX++) canvas.set(lineX, lineY, line);
    lineX = x(i);
    if (bestSoFar > Number.NEGATIVE_INFINITY) for (let at = next; at < lineY; at++) canvas.set(lineX, at, line);
    bestSoFar = sign * value;
    lineY = next;
  });
  for (; lineX < canvas.width; lineX++) canvas.set(lineX, lineY, line);
  const rows = canvas
    .lines()
    .map(
      (text, row) => `${colors.dim(`${padStart(labels[row]!, labelWidth)} ${labels[row] === "" ? "│" : "┤"}`)}${text}`,
    );
  const found = `best ${title.toLowerCase()} at trial ${count(best.number)} of ${count(values.length)}`;
  return [
    heading(colors, `Search for ${title}`, width),
    ...rows,
    `${" ".repeat(labelWidth + 1)}${colors.dim(`└${"─".repeat(width - labelWidth - 2)}`)}`,
    `${" ".repeat(labelWidth + 2)}${colors.accent("━")} ${colors.dim(cut(found, width - labelWidth - 4))}`,
  ];
}

const NO_FRAME = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};
const BESIDE: readonly MetricName[] = ["totalReturn", "maxDrawdown", "trades"];
const SHORT: Partial<Record<MetricName, string>> = { totalReturn: "return", maxDrawdown: "drawdown", trades: "trades" };

/** The best trials with their parameters; as many parameters as fit, the rest as `…`. */
export function topTrials(input: OptimizationInput, limit: number, width: number, colors: Paint): string[] {
  const rows = input.top.slice(0, limit);
  if (rows.length === 0) return [];
  const { title, unit } = metricOf(input.objective);
  const metrics = BESIDE.filter(
    (name) => name !== input.objective && rows.some((row) => row.metrics?.[name] !== undefined),
  );
  const names = Object.keys(rows[0]!.params);
  const cells = (row: TrialRow, params: readonly string[]) => [
    `#${row.number}`,
    metricText(unit, row.value),
    ...metrics.map((name) => metricText(metricOf(name).unit, row.metrics?.[name] ?? null)),
    ...params.map((name) => (row.params[name] === undefined ? "" : cut(parameter(row.params[name]), 12))),
  ];
  const head = (params: readonly string[]) => [
    "trial",
    title.toLowerCase(),
    ...metrics.map((name) => SHORT[name]!),
    ...params.map((name) => cut(name, 12)),
  ];
  const widthWith = (params: readonly string[]) =>
    [head(params), ...rows.map((row) => cells(row, params))]
      .reduce((widest, line) => line.map((text, i) => Math.max(widest[i] ?? 0, widthOf(text))), [] as number[])
      .reduce((sum, each) => sum + each + 2, -2);
  let shown = names.length;
  while (shown > 0 && widthWith(names.slice(0, shown)) > width - (shown < names.length ? 3 : 0)) shown--;
  const params = names.slice(0, shown);
  const more = shown < names.length ? ["…"] : [];
  const table = new Table({
    chars: NO_FRAME,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: ["left", ...new Array<"right">(head(params).length - 1).fill("right")],
  });
  table.push([...head(params), ...more].map((text) => colors.dim(text)));
  rows.forEach((row, i) => {
    const line = [...cells(row, params), ...more];
    table.push(i === 0 ? line.map((text) => colors.bold(text)) : line);
  });
  return [
    heading(colors, `Best ${rows.length} of ${count(input.trials.total)} trials`, width),
    ...table.toString().split("\n"),
  ];
}

/** The best parameters, each with a bar for its share in how much the result varied. */
export function bestParameters(input: OptimizationInput, width: number, colors: Paint): string[] {
  const entries = Object.entries(input.best.params);
  if (entries.length === 0) return [];
  const importance = input.importance ?? {};
  const order = entries.toSorted(([a], [b]) => (importance[b] ?? 0) - (importance[a] ?? 0));
  const nameWidth = Math.min(24, Math.max(...entries.map(([name]) => name.length)));
  const valueWidth = Math.min(14, Math.max(...entries.map(([, value]) => parameter(value).length)));
  const room = width - nameWidth - valueWidth - 12;
  const most = Math.max(1e-9, ...Object.values(importance));
  const lines = order.map(([name, value]) => {
    const share = importance[name];
    const text = `${cut(name, nameWidth).padEnd(nameWidth)}  ${colors.bold(padStart(cut(parameter(value), valueWidth), valueWidth))}`;
    if (share === undefined) return text;
    const bar = horizontalBar((room * share) / most);
    return `${text}   ${padStart(percent(share, 0), 4)} ${colors.accent(bar)}`;
  });
  const title = input.importance ? "Best parameters, and how much each mattered" : "Best parameters";
  return [heading(colors, title, width), ...lines];
}

const COMPARED: readonly MetricName[] = [
  "totalReturn",
  "cagr",
  "sharpe",
  "sortino",
  "calmar",
  "maxDrawdown",
  "volatility",
  "trades",
  "winRate",
  "profitFactor",
  "expectancy",
  "exposure",
];

const JUDGED: readonly MetricName[] = ["cagr", "sharpe", "sortino", "calmar"];

/** Red for what lost, amber for what kept less than half, green for the rest. */
function judged(colors: Paint, value: number | null, kept: number | null): (text: string) => string {
  if (value === null) return (text) => text;
  if (value < 0) return colors.bad;
  return kept !== null && kept < 0.5 ? colors.warn : colors.good;
}

/** The best parameters where they were found beside where they were not, metric by metric. */
export function inAndOut(input: OptimizationInput, width: number, colors: Paint): string[] {
  const inside = input.inSample.metrics;
  const outside = input.outOfSample?.metrics;
  const cell = Math.min(16, Math.floor((width - 14) / 3));
  const line = (label: string, first: string, second: string, third: string) =>
    `${label.padEnd(width - 3 * cell)}${padStart(first, cell)}${padStart(second, cell)}${padStart(third, cell)}`;
  const rows = COMPARED.map((name) => {
    const { title, unit } = metricOf(name);
    const [a, b] = [inside[name], outside?.[name] ?? null];
    const kept = unit !== "count" && a !== null && b !== null && a > 0 ? b / a : null;
    const text = outside ? metricText(unit, b) : "";
    const told = JUDGED.includes(name) ? judged(colors, b, kept)(text) : text;
    return line(title, metricText(unit, a), told, kept === null ? "" : colors.dim(`${ratio(kept)}×`));
  });
  const head = line("", "in sample", outside ? "out of sample" : "nothing held out", outside ? "out ÷ in" : "");
  return [heading(colors, "Where it was found, and where it was not", width), colors.dim(head), ...rows];
}
