import { drawdownColumn } from "../metrics/drawdown.ts";
import { type DotStyle, dotCanvas } from "./braille.ts";
import { change, day, grouped, percent } from "./format.ts";
import { padStart } from "./layout.ts";
import type { Paint } from "./paint.ts";
import { spans } from "./sample.ts";

/** A curve to draw: values evenly spread from the first time to the last. */
export interface ChartInput {
  /** The start equity, then the equity of each bar. */
  readonly curve: Float64Array;
  /** Opening of the first bar and close of the last one, epoch ms. */
  readonly from: number;
  readonly to: number;
  /** What buying at the start and holding made, as long as `curve`; drawn behind it. */
  readonly benchmark?: Float64Array;
  /** Index into `curve` where data begin that the search never saw; a line is drawn there. */
  readonly splitAt?: number;
}

export interface ChartSize {
  /** Of the whole picture with its labels, in characters. */
  readonly width: number;
  /** Of the curve alone. */
  readonly rows: number;
}

const UP = { line: 71, fill: 65 } as const;
const DOWN = { line: 167, fill: 95 } as const;
const BENCHMARK = 245;
const DRAWDOWN_ROWS = 2;
/** From this ratio of highest to lowest on, equal distances are equal ratios. */
const LOG_FROM = 6;

/** The equity curve over its drawdown, with axes. */
export function equityChart(input: ChartInput, size: ChartSize, colors: Paint): string[] {
  const scale = scaleOf(input, size.rows);
  const depths = drawdownColumn(input.curve);
  const deepest = depths.reduce((max, depth) => Math.max(max, depth), 0);
  const floorLabel = deepest > 0 ? percent(-deepest, 1) : "";
  const labelWidth = Math.max(...scale.labels.map((label) => label.length), "drawdown".length);
  const columns = size.width - labelWidth - 2;
  const split = input.splitAt === undefined ? -1 : Math.round((input.splitAt / input.curve.length) * columns);
  const depthLines = drawdownLines(depths, deepest, columns, colors);
  const lines = curveLines(input, { rows: size.rows, columns, split }, scale, colors);
  const axis = lines.map((line, row) => {
    const label = padStart(scale.labels[row]!, labelWidth);
    const tick = scale.labels[row] === "" ? "│" : row === scale.startRow ? "┼" : "┤";
    return `${colors.dim(`${label} ${tick}`)}${line}`;
  });
  const under = ["drawdown", "", floorLabel].map((label, row) => {
    const line = row === 0 ? "" : depthLines[row - 1]!;
    return `${colors.dim(`${padStart(label, labelWidth)} ${row === 0 ? "├" : "│"}`)}${line}`;
  });
  const indent = " ".repeat(labelWidth + 2);
  return [
    ...(input.benchmark ? [`${indent}${legend(input.curve, input.benchmark, colors)}`] : []),
    ...(split > 0 ? [`${indent}${splitLine(split, columns, colors)}`] : []),
    ...axis,
    ...(deepest > 0 ? under : []),
    `${" ".repeat(labelWidth + 1)}${colors.dim(`└${"─".repeat(columns)}`)}`,
    `${indent}${colors.dim(dates(input.from, input.to, columns))}`,
  ];
}

function legend(curve: Float64Array, benchmark: Float64Array, colors: Paint): string {
  const gain = (values: Float64Array) => values.at(-1)! / values[0]! - 1;
  const own = colors.shade(gain(curve) >= 0 ? UP.line : DOWN.line, "━━");
  const hold = colors.shade(BENCHMARK, "┅┅");
  return `${own} strategy ${change(gain(curve), 1)}   ${hold} ${colors.dim(`buy and hold ${change(gain(benchmark), 1)}`)}`;
}

interface Scale {
  /** Dot row of a value; 0 is the top. */
  y(value: number): number;
  /** One per row of characters, "" for none. */
  readonly labels: readonly string[];
  readonly startRow: number;
}

function scaleOf({ curve, benchmark }: ChartInput, rows: number): Scale {
  const start = curve[0]!;
  let low = start;
  let high = start;
  for (const column of benchmark ? [curve, benchmark] : [curve]) {
    for (const value of column) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (high - low <= 1e-9 * Math.abs(high)) {
    low -= Math.abs(low) * 0.01;
    high += Math.abs(high) * 0.01;
  }
  const logarithmic = low > 0 && high / low > LOG_FROM;
  const flatten = logarithmic ? Math.log : (value: number) => value;
  const [bottom, top] = [flatten(low), flatten(high)];
  const dots = rows * 4 - 1;
  const y = (value: number) => Math.round((dots * (top - flatten(value))) / (top - bottom));
  const valueAt = (row: number) => {
    const level = top - ((row * 4 + 1.5) / dots) * (top - bottom);
    return logarithmic ? Math.exp(level) : level;
  };
  const startRow = y(start) >> 2;
  const digits = Math.min(8, Math.max(0, 1 - Math.floor(Math.log10((high - low) / rows))));
  const labels = Array.from({ length: rows }, (_, row) => {
    if (row === startRow) return grouped(start, start >= 1000 && digits > 0 ? Math.min(digits, 1) : digits);
    const far = Math.abs(row - startRow) >= 2;
    return far && (row % 3 === 0 || row === rows - 1) && !(row === rows - 2) ? grouped(valueAt(row), digits) : "";
  });
  return { y, labels, startRow };
}

function curveLines(
  { curve, benchmark }: ChartInput,
  { rows, columns, split }: { rows: number; columns: number; split: number },
  scale: Scale,
  colors: Paint,
): string[] {
  const canvas = dotCanvas(columns, rows);
  const start = curve[0]!;
  const style = (rank: number, code: number): DotStyle => ({ rank, paint: (text) => colors.shade(code, text) });
  const styles = {
    up: { line: style(2, UP.line), fill: style(0, UP.fill) },
    down: { line: style(2, DOWN.line), fill: style(0, DOWN.fill) },
    benchmark: style(1, BENCHMARK),
  };
  const base = scale.y(start);
  trace(curve, canvas.width, scale, (x, top, bottom, last) => {
    const { line, fill } = last >= start ? styles.up : styles.down;
    for (let y = top; y <= bottom; y++) canvas.set(x, y, line);
    if (x % 2 === 1) return;
    for (let y = Math.min(bottom, base); y <= Math.max(top, base); y++) if (y % 2 === 0) canvas.set(x, y, fill);
  });
  if (benchmark) {
    trace(benchmark, canvas.width, scale, (x, top, bottom) => {
      for (let y = top; y <= bottom; y++) canvas.set(x, y, styles.benchmark);
    });
  }
  return canvas.lines((column, row) => {
    if (column === split) return colors.accent("┊");
    return row === scale.startRow ? colors.dim("┄") : " ";
  });
}

/** The dots of a line through the last value of each column: from `top` to `bottom` it joins the column before. */
function trace(
  values: Float64Array,
  width: number,
  scale: Scale,
  dot: (x: number, top: number, bottom: number, last: number) => void,
): void {
  let before = Number.NaN;
  spans(values, width).forEach(({ last }, x) => {
    const y = scale.y(last);
    if (Number.isNaN(before) || y === before) dot(x, y, y, last);
    else if (y < before) dot(x, y, before - 1, last);
    else dot(x, before + 1, y, last);
    before = y;
  });
}

function drawdownLines(depths: Float64Array, deepest: number, columns: number, colors: Paint): string[] {
  const canvas = dotCanvas(columns, DRAWDOWN_ROWS);
  const style: DotStyle = { rank: 0, paint: (text) => colors.shade(DOWN.line, text) };
  spans(depths, canvas.width).forEach(({ high }, x) => {
    const dots = high > 0 ? Math.max(1, Math.round((canvas.height * high) / deepest)) : 0;
    for (let y = 0; y < dots; y++) canvas.set(x, y, style);
  });
  return canvas.lines();
}

function splitLine(split: number, columns: number, colors: Paint): string {
  const left = "in sample ";
  const right = " out of sample";
  const before = split >= left.length ? " ".repeat(split - left.length) + colors.dim(left) : " ".repeat(split);
  return before + colors.accent(`┊${split + 1 + right.length <= columns ? right : ""}`);
}

function dates(from: number, to: number, columns: number): string {
  const [first, last] = [day(from), day(to)];
  const middle = day((from + to) / 2);
  const room = columns - first.length - last.length;
  if (room < middle.length + 4) return first + " ".repeat(Math.max(1, room)) + last;
  const left = Math.floor((room - middle.length) / 2);
  return first + " ".repeat(left) + middle + " ".repeat(room - middle.length - left) + last;
}
