/** Bit of each of the 2 × 4 dots of a braille glyph, by column, from the top. */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/** A picture of dots, two across and four down per character, where each character has one style. */
export interface DotCanvas {
  /** Width and height in dots. */
  readonly width: number;
  readonly height: number;
  /** Sets a dot. A character takes the style of its highest `rank` dot, of the later one among equals. */
  set(x: number, y: number, style: DotStyle): void;
  /** The picture, `lines` of characters; empty ones are spaces. */
  lines(blank?: (column: number, row: number) => string): string[];
}

export interface DotStyle {
  /** Dots of a lower rank vanish from a character that has a higher one. */
  readonly rank: number;
  paint(text: string): string;
}

/** An empty canvas of `columns` × `rows` characters. */
export function dotCanvas(columns: number, rows: number): DotCanvas {
  const masks = new Uint8Array(columns * rows);
  const styles = new Array<DotStyle | undefined>(columns * rows);
  return {
    width: columns * 2,
    height: rows * 4,
    set(x, y, style) {
      if (!(x >= 0 && x < columns * 2 && y >= 0 && y < rows * 4)) return;
      const cell = (y >> 2) * columns + (x >> 1);
      const before = styles[cell];
      if (before && before.rank > style.rank) return;
      if (before && before.rank < style.rank) masks[cell] = 0;
      masks[cell]! |= DOTS[(x & 1) as 0 | 1][(y & 3) as 0 | 1 | 2 | 3];
      styles[cell] = style;
    },
    lines(blank = () => " ") {
      return Array.from({ length: rows }, (_, row) =>
        runs(columns, (column) => {
          const cell = row * columns + column;
          const style = styles[cell];
          return style
            ? { text: String.fromCharCode(0x2800 + masks[cell]!), style }
            : { text: blank(column, row), style: undefined };
        }),
      );
    },
  };
}

/** Characters of one row, painted run by run so that a line is not mostly escape codes. */
function runs(columns: number, at: (column: number) => { text: string; style: DotStyle | undefined }): string {
  let line = "";
  let run = "";
  let style: DotStyle | undefined;
  const flush = () => {
    line += style ? style.paint(run) : run;
    run = "";
  };
  for (let column = 0; column < columns; column++) {
    const next = at(column);
    if (next.style !== style) flush();
    style = next.style;
    run += next.text;
  }
  flush();
  return line;
}
