/** Colours of the reports: each function wraps a text, or gives it back unchanged where there is no colour. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  title(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  accent(text: string): string;
  /** Colour `code` of the terminal's 256. */
  shade(code: number, text: string): string;
  /** White on a background of colour `code`, which is a dark one. */
  onTint(code: number, text: string): string;
}

const ESC = "\x1b[";

/** The reports' colours, chosen to read on dark and on light terminals. */
export function paint(color: boolean): Paint {
  const wrap = (open: string, close: string) => (text: string) =>
    color && text !== "" ? `${ESC}${open}m${text}${ESC}${close}m` : text;
  return {
    bold: wrap("1", "22"),
    dim: wrap("38;5;244", "39"),
    title: wrap("1;38;5;75", "22;39"),
    good: wrap("38;5;71", "39"),
    bad: wrap("38;5;167", "39"),
    warn: wrap("38;5;172", "39"),
    accent: wrap("38;5;75", "39"),
    shade: (code, text) => wrap(`38;5;${code}`, "39")(text),
    onTint: (code, text) => wrap(`38;5;231;48;5;${code}`, "39;49")(text),
  };
}

/** `text` as good news if `value` is above 0, as bad news if it is below. */
export function signed(colors: Paint, value: number | null, text: string): string {
  if (value === null || value === 0) return text;
  return value > 0 ? colors.good(text) : colors.bad(text);
}
