import { widthOf } from "./layout.ts";

/** Size of one character cell, in pixels. */
const CELL = { width: 8.4, height: 18 } as const;
const MARGIN = 20;
const LOOK = { background: "#16181d", text: "#d8dee9" } as const;
/** Strokes from the middle of a cell: left, right, up, down. */
const STROKES: Readonly<Record<string, string>> = {
  "─": "lr",
  "│": "ud",
  "╭": "rd",
  "╮": "ld",
  "╰": "ru",
  "╯": "lu",
  "┬": "lrd",
  "┴": "lru",
  "├": "rud",
  "┤": "lud",
  "┼": "lrud",
  "└": "ru",
};
/** Bars: the share of a cell's width they fill, from the left. */
const BARS: Readonly<Record<string, number>> = { "━": 1, "╸": 0.5 };
const BLOCKS = " ▁▂▃▄▅▆▇█";

interface Pen {
  fill: string;
  background: string | null;
  bold: boolean;
}

/**
 * A coloured report as an SVG picture of a dark terminal, for pages that cannot show colours.
 *
 * Lines, bars and dots are drawn, not written, so that they join whatever font the reader has.
 */
export function reportPicture(report: string): string {
  const lines = report.split("\n");
  const columns = Math.max(...lines.map(widthOf));
  const width = Math.ceil(columns * CELL.width + 2 * MARGIN);
  const height = Math.ceil(lines.length * CELL.height + 2 * MARGIN);
  const body = lines.map((line, row) => drawLine(line, MARGIN + row * CELL.height)).join("");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`,
    ` font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14">`,
    `<rect width="${width}" height="${height}" rx="10" fill="${LOOK.background}"/>`,
    body,
    "</svg>\n",
  ].join("");
}

function drawLine(line: string, y: number): string {
  const pen: Pen = { fill: LOOK.text, background: null, bold: false };
  let column = 0;
  let drawn = "";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with the escape character
  for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
    if (part.startsWith("\x1b")) {
      turn(pen, part.slice(2, -1).split(";").map(Number));
      continue;
    }
    const x = MARGIN + column * CELL.width;
    const glyphs = [...part];
    column += glyphs.length;
    if (pen.background !== null && part !== "") {
      const size = `width="${px(glyphs.length * CELL.width)}" height="${CELL.height}"`;
      drawn += `<rect x="${px(x)}" y="${px(y)}" ${size} fill="${pen.background}"/>`;
    }
    drawn += drawGlyphs(glyphs, x, y, pen);
  }
  return drawn;
}

function turn(pen: Pen, codes: readonly number[]): void {
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 1) pen.bold = true;
    else if (code === 22) pen.bold = false;
    else if (code === 39) pen.fill = LOOK.text;
    else if (code === 49) pen.background = null;
    else if (code === 38 || code === 48) {
      const color = colorOf(codes[i + 2]!);
      if (code === 38) pen.fill = color;
      else pen.background = color;
      i += 2;
    }
  }
}

/** Colour 16…255 of the terminal's palette: a cube of six levels, then greys. */
function colorOf(code: number): string {
  const hex = (value: number) => value.toString(16).padStart(2, "0");
  if (code >= 232) return `#${hex(8 + 10 * (code - 232)).repeat(3)}`;
  const level = (value: number) => hex(value === 0 ? 0 : 55 + 40 * value);
  const cube = code - 16;
  return `#${level(Math.floor(cube / 36))}${level(Math.floor(cube / 6) % 6)}${level(cube % 6)}`;
}

function drawGlyphs(glyphs: readonly string[], left: number, y: number, pen: Pen): string {
  let text = "";
  let strokes = "";
  let shapes = "";
  glyphs.forEach((glyph, i) => {
    const x = left + i * CELL.width;
    const dots = glyph.codePointAt(0)! - 0x2800;
    if (dots >= 0 && dots < 256) shapes += drawDots(dots, x, y);
    else if (STROKES[glyph]) strokes += drawStrokes(STROKES[glyph], x, y);
    else if (BARS[glyph]) shapes += drawBar(BARS[glyph], x, y);
    else if (BLOCKS.indexOf(glyph) > 0) shapes += drawBlock(BLOCKS.indexOf(glyph) / 8, x, y);
    else {
      text += glyph;
      return;
    }
    text += "\u00a0";
  });
  const weight = pen.bold ? ' font-weight="bold"' : "";
  const at = `x="${px(left)}" y="${px(y + 13.5)}" textLength="${px(glyphs.length * CELL.width)}"`;
  const words =
    text.trim() === "" ? "" : `<text ${at} xml:space="preserve" fill="${pen.fill}"${weight}>${escaped(text)}</text>`;
  const paths = strokes === "" ? "" : `<path d="${strokes}" stroke="${pen.fill}" fill="none" stroke-width="1.2"/>`;
  return words + paths + (shapes === "" ? "" : `<path d="${shapes}" fill="${pen.fill}"/>`);
}

const DOT_BITS = [0x01, 0x02, 0x04, 0x40, 0x08, 0x10, 0x20, 0x80];

function drawDots(mask: number, x: number, y: number): string {
  let path = "";
  DOT_BITS.forEach((bit, i) => {
    if ((mask & bit) === 0) return;
    const [cx, cy] = [x + (i < 4 ? 2.1 : 6.3), y + 2.25 + 4.5 * (i % 4)];
    path += `M${px(cx - 1.4)} ${px(cy)}a1.4 1.4 0 1 0 2.8 0a1.4 1.4 0 1 0-2.8 0`;
  });
  return path;
}

function drawStrokes(strokes: string, x: number, y: number): string {
  const [cx, cy] = [x + CELL.width / 2, y + CELL.height / 2];
  const ends: Readonly<Record<string, string>> = {
    l: `H${px(x)}`,
    r: `H${px(x + CELL.width)}`,
    u: `V${px(y)}`,
    d: `V${px(y + CELL.height)}`,
  };
  return [...strokes].map((stroke) => `M${px(cx)} ${px(cy)}${ends[stroke]}`).join("");
}

function drawBar(share: number, x: number, y: number): string {
  return `M${px(x)} ${px(y + CELL.height / 2 - 1.5)}h${px(CELL.width * share)}v3h${px(-CELL.width * share)}z`;
}

function drawBlock(share: number, x: number, y: number): string {
  const height = CELL.height * share;
  return `M${px(x)} ${px(y + CELL.height - height)}h${px(CELL.width)}v${px(height)}h${px(-CELL.width)}z`;
}

function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
