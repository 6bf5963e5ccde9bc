import { stripVTControlCharacters } from "node:util";
import type { Paint } from "./paint.ts";

/** Columns a text takes on the screen: colours take none. The reports use no wide glyphs. */
export function widthOf(text: string): number {
  const plain = stripVTControlCharacters(text);
  return [...plain].length;
}

/** `text` filled with spaces up to `width`. */
export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** `text` pushed to the right edge of `width`. */
export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - widthOf(text))) + text;
}

/** Uncoloured `text` cut to `width`, with an ellipsis where something is missing. */
export function cut(text: string, width: number): string {
  const glyphs = [...text];
  return glyphs.length <= width ? text : `${glyphs.slice(0, Math.max(0, width - 1)).join("")}…`;
}

/** Uncoloured `text` as lines of at most `width`, broken between words; a longer word is cut. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (widthOf(longer) > width && line !== "") {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  if (line !== "") lines.push(line);
  return lines.map((each) => cut(each, width));
}

/** `label ····· value`, exactly `width` wide; a label that leaves no room is cut. */
export function leader(colors: Paint, label: string, value: string, width: number): string {
  const shown = cut(label, width - widthOf(value) - 3);
  const dots = "·".repeat(Math.max(1, width - widthOf(shown) - widthOf(value) - 2));
  return `${shown} ${colors.dim(dots)} ${value}`;
}

/** A heading with a rule to the right edge. */
export function heading(colors: Paint, text: string, width: number): string {
  return `${colors.title(text)} ${colors.dim("─".repeat(Math.max(0, width - widthOf(text) - 1)))}`;
}

/** Two blocks of lines side by side, the left one `leftWidth` wide, `gap` columns apart. */
export function beside(
  left: readonly string[],
  right: readonly string[],
  { leftWidth, gap }: { leftWidth: number; gap: number },
): string[] {
  const lines: string[] = [];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const end = right[i] ?? "";
    lines.push(end === "" ? (left[i] ?? "") : padEnd(left[i] ?? "", leftWidth + gap) + end);
  }
  return lines;
}

/** Lines in a rounded frame `width` wide, with a title in its upper edge. */
export function box(
  lines: readonly string[],
  { title, width, edge }: { title: string; width: number; edge: (text: string) => string },
): string[] {
  const inner = width - 4;
  const rule = "─".repeat(Math.max(0, width - widthOf(title) - 5));
  return [
    `${edge("╭─")} ${title} ${edge(`${rule}╮`)}`,
    ...lines.map((line) => `${edge("│")} ${padEnd(line, inner)} ${edge("│")}`),
    edge(`╰${"─".repeat(width - 2)}╯`),
  ];
}

/** An uncoloured text and how it is coloured once it is known to fit. */
export interface Ink {
  readonly text: string;
  readonly paint: (text: string) => string;
}

/** A row of framed tiles, each a list of lines, together `width` wide; longer lines are cut. */
export function tiles(colors: Paint, cells: readonly (readonly Ink[])[], width: number): string[] {
  const inside = width - cells.length - 1;
  const edgeOf = (i: number) => Math.floor((inside * i) / cells.length);
  const widths = cells.map((_, i) => edgeOf(i + 1) - edgeOf(i));
  const rule = (left: string, middle: string, right: string) =>
    colors.dim(left + widths.map((each) => "─".repeat(each)).join(middle) + right);
  const bar = colors.dim("│");
  const lines = [rule("╭", "┬", "╮")];
  for (let row = 0; row < Math.max(...cells.map((cell) => cell.length)); row++) {
    const texts = cells.map((cell, i) => {
      const ink = cell[row];
      return padEnd(ink ? ` ${ink.paint(cut(ink.text, widths[i]! - 1))}` : "", widths[i]!);
    });
    lines.push(bar + texts.join(bar) + bar);
  }
  lines.push(rule("╰", "┴", "╯"));
  return lines;
}
