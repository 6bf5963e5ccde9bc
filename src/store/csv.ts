import { sharedColumn } from "../core/columns.ts";
import { eachChunk } from "./bytes.ts";
import { dataFault, shown } from "./faults.ts";

/** Numeric columns of a file by header name, all of one length. */
export interface Table {
  readonly rows: number;
  readonly columns: Readonly<Record<string, Float64Array>>;
}

export interface TableSchema {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const SEGMENT_ROWS = 1 << 16;
const NEWLINE = 10;
const RETURN = 13;
const COMMA = 44;
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
/** Plain decimals and exponents as programs write them. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

/**
 * The wanted columns of a CSV or CSV.gz file; columns it does not know are passed over.
 *
 * Every number has the bits of `Number(text)`. Rows end in LF or CR LF; blank lines may stand at the end only.
 *
 * @throws DataError `HEADER`, `NO_ROWS`, `EMPTY_FIELD`, `NOT_A_NUMBER`, `FIELD_COUNT`, `BLANK_ROW` and those of `eachChunk`
 */
export async function readCsv(file: string, format: "csv" | "csv.gz", schema: TableSchema): Promise<Table> {
  const parser = csvParser(file, schema);
  let rest = new Uint8Array(0);
  await eachChunk(file, format, (chunk) => {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      rest = joined(rest, chunk);
      return;
    }
    // Only the line that straddles the border is copied, the chunk is parsed where it lies.
    const first = rest.length > 0 ? chunk.indexOf(NEWLINE) + 1 : 0;
    if (first > 0) parser.lines(joined(rest, chunk.subarray(0, first)));
    if (end > first) parser.lines(chunk.subarray(first, end));
    rest = chunk.slice(end);
  });
  if (rest.length > 0) parser.lines(joined(rest, Uint8Array.of(NEWLINE)));
  return parser.finish();
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

interface CsvParser {
  /** Whole lines, the last one ended by LF. */
  lines(bytes: Uint8Array): void;
  finish(): Table;
}

function csvParser(file: string, schema: TableSchema): CsvParser {
  let header: string[] | undefined;
  /** Where field `f` goes in the current segment; fields nobody wants go to a scratch column. */
  let targets: Float64Array[] = [];
  const wanted: { name: string; field: number; segments: Float64Array[] }[] = [];
  let scratch = new Float64Array(0);
  let fill = 0; // rows in the current segment
  let full = 0; // rows in the full segments
  let line = 1; // 1-based, of the line being read
  let blankLine = 0;
  let slowEnd = 0;

  const startSegment = (): void => {
    targets = new Array<Float64Array>(header!.length).fill(scratch);
    for (const column of wanted) {
      const segment = new Float64Array(SEGMENT_ROWS);
      column.segments.push(segment);
      targets[column.field] = segment;
    }
    full += fill;
    fill = 0;
  };

  const readHeader = (bytes: Uint8Array): number => {
    const end = bytes.indexOf(NEWLINE);
    header = headerOf(file, latin1(bytes, 0, end), schema);
    for (const name of [...schema.required, ...schema.optional]) {
      const field = header.indexOf(name);
      if (field >= 0) wanted.push({ name, field, segments: [] });
    }
    scratch = new Float64Array(SEGMENT_ROWS);
    startSegment();
    line++;
    return end + 1;
  };

  /** Whatever the fast loop does not take: signs, exponents, more than 15 digits, CR LF, and everything wrong. */
  const slowField = (bytes: Uint8Array, start: number, field: number): number => {
    let end = start;
    while (bytes[end] !== COMMA && bytes[end] !== NEWLINE) end++;
    const last = field === header!.length - 1;
    const stop = bytes[end] === NEWLINE && bytes[end - 1] === RETURN && end > start ? end - 1 : end;
    const text = latin1(bytes, start, stop);
    const place = { file, row: line, field: header![field]!, value: text };
    if (last !== (bytes[end] === NEWLINE)) {
      const fields = latin1(bytes, lineStart(bytes, start), bytes.indexOf(NEWLINE, start)).trim();
      const fact = `has ${fields.split(",").length} fields, the header has ${header!.length}`;
      throw dataFault("FIELD_COUNT", { file, row: line, value: fields }, fact, "fix or remove the row");
    }
    if (targets[field] !== scratch) {
      if (text.trim() === "") throw dataFault("EMPTY_FIELD", place, "is empty", "fill it in or remove the row");
      if (!NUMBER.test(text)) {
        throw dataFault("NOT_A_NUMBER", place, `is not a number: ${shown(text)}`, "fix or remove the row");
      }
    }
    slowEnd = end + 1;
    return Number(text);
  };

  return {
    lines(bytes) {
      let i = header ? 0 : readHeader(bytes);
      const end = bytes.length;
      const fields = header!.length;
      while (i < end) {
        if (bytes[i] === NEWLINE || (bytes[i] === RETURN && bytes[i + 1] === NEWLINE)) {
          blankLine ||= line;
          i = bytes.indexOf(NEWLINE, i) + 1;
          line++;
          continue;
        }
        if (blankLine > 0) {
          throw dataFault("BLANK_ROW", { file, row: blankLine }, "is blank and rows follow", "remove the blank line");
        }
        for (let field = 0; field < fields; field++) {
          // An integer below 2^53 over a power of ten up to 22 is one exactly rounded division.
          const start = i;
          let mantissa = 0;
          let digit = bytes[i]! - 48;
          while (digit >= 0 && digit <= 9) {
            mantissa = mantissa * 10 + digit;
            digit = bytes[++i]! - 48;
          }
          let count = i - start;
          let scale = 0;
          if (digit === -2) {
            const point = i;
            digit = bytes[++i]! - 48;
            while (digit >= 0 && digit <= 9) {
              mantissa = mantissa * 10 + digit;
              digit = bytes[++i]! - 48;
            }
            scale = i - point - 1;
            count += scale;
          }
          const stop = field === fields - 1 ? NEWLINE : COMMA;
          if (bytes[i] === stop && count > 0 && mantissa < 9007199254740992 && scale < 23) {
            targets[field]![fill] = scale === 0 ? mantissa : mantissa / POWERS[scale]!;
            i++;
          } else {
            targets[field]![fill] = slowField(bytes, start, field);
            i = slowEnd;
          }
        }
        line++;
        if (++fill === SEGMENT_ROWS) startSegment();
      }
    },
    finish() {
      const rows = full + fill;
      if (rows === 0) throw dataFault("NO_ROWS", { file }, "has a header and no rows", "download or export it again");
      const columns: Record<string, Float64Array> = {};
      for (const { name, segments } of wanted) {
        const column = sharedColumn(rows);
        segments.forEach((segment, s) => {
          column.set(segment.subarray(0, Math.min(SEGMENT_ROWS, rows - s * SEGMENT_ROWS)), s * SEGMENT_ROWS);
        });
        segments.length = 0; // the next column may need the memory
        columns[name] = column;
      }
      return { rows, columns };
    },
  };
}

function headerOf(file: string, text: string, schema: TableSchema): string[] {
  const names = text
    .replace(/^\u00ef\u00bb\u00bf/, "") // a byte order mark, read as latin1
    .trim()
    .split(",")
    .map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
  const missing = schema.required.filter((name) => !names.includes(name));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (missing.length === 0 && twice === undefined) return names;
  const optional = schema.optional.map((name) => `[,${name}]`).join("");
  const place = { file, row: 1, value: text };
  const fact = missing.length > 0 ? `header lacks ${missing.join(", ")}` : `header has ${twice} twice`;
  throw dataFault("HEADER", place, `${fact}: ${shown(text)}`, `it must be ${schema.required.join(",")}${optional}`);
}

function lineStart(bytes: Uint8Array, at: number): number {
  return at === 0 ? 0 : bytes.lastIndexOf(NEWLINE, at - 1) + 1;
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, end - start)).toString("latin1");
}
