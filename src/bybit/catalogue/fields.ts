import { z } from "zod";
import type { ApiCategory } from "./entry.ts";

// What a parameter may be, in words that help, errors and the handbook share. `limits` is for people, the schema for us.

interface About {
  /** What a value looks like; the type when there is nothing better to say. */
  readonly kind: string;
  readonly limits?: string;
  readonly example: string | number | boolean;
}

const meta = (description: string, about: About) => ({ description, ...about });

/** One of `words`. */
export function oneOf<const W extends readonly [string, ...string[]]>(words: W, description: string) {
  return z.enum(words).meta(meta(description, { kind: "word", limits: words.join(" "), example: words[0] }));
}

export function category<const C extends readonly [ApiCategory, ...ApiCategory[]]>(...of: C) {
  return z.enum(of).meta(meta("kind of market", { kind: "word", limits: of.join(" "), example: of[0] }));
}

export const symbol = z
  .string()
  .regex(/^[A-Z0-9]{2,}(-[A-Z0-9]+)*$/, "upper-case letters and digits")
  .meta(meta("market", { kind: "text", limits: "upper case", example: "BTCUSDT" }));

export const coin = (description = "coin") =>
  z
    .string()
    .regex(/^[A-Z0-9]+$/, "upper-case letters and digits")
    .meta(meta(description, { kind: "text", limits: "upper case", example: "USDT" }));

export const coins = (most: number) =>
  z
    .string()
    .regex(new RegExp(`^[A-Z0-9]+(,[A-Z0-9]+){0,${most - 1}}$`), `1 to ${most} coins, comma between`)
    .meta(meta("coins", { kind: "text", limits: `1 to ${most}, comma between`, example: "BTC,USDT" }));

/** Free text. */
export const text = (description: string, example = "text") =>
  z
    .string()
    .min(1)
    .meta(meta(description, { kind: "text", example }));

const DECIMAL = String.raw`\d{1,20}(\.\d{1,18})?`;

/** A decimal above 0, as text: never a float on the wire. */
export const positive = (description: string, example = "0.01") =>
  z
    .string()
    .regex(new RegExp(`^(?=.*[1-9])${DECIMAL}$`), "a plain decimal above 0, as text")
    .meta(meta(description, { kind: "decimal", limits: "> 0", example }));

/** A decimal from 0, as text. */
export const decimal = (description: string, example = "0") =>
  z
    .string()
    .regex(new RegExp(`^${DECIMAL}$`), "a plain decimal, 0 or more, as text")
    .meta(meta(description, { kind: "decimal", limits: "≥ 0", example }));

export const signed = (description: string, example = "-10") =>
  z
    .string()
    .regex(new RegExp(`^-?${DECIMAL}$`), "a plain decimal, as text")
    .meta(meta(description, { kind: "decimal", limits: "may be negative", example }));

/** Epoch ms. */
export const time = (description: string) =>
  z
    .int()
    .min(1_000_000_000_000, "epoch milliseconds, 13 digits")
    .max(9_999_999_999_999, "epoch milliseconds, 13 digits")
    .meta(meta(description, { kind: "time", limits: "epoch ms, UTC", example: 1735689600000 }));

export const startTime = time("first moment asked for");
export const endTime = time("last moment asked for");

/** Rows per answer. */
export const limit = (most: number, usual: number) =>
  z
    .int()
    .min(1)
    .max(most)
    .meta(meta("rows per answer", { kind: "integer", limits: `1 to ${most}, usually ${usual}`, example: usual }));

export const whole = (description: string, { least, most }: { least: number; most: number }) =>
  z
    .int()
    .min(least)
    .max(most)
    .meta(meta(description, { kind: "integer", limits: `${least} to ${most}`, example: least }));

export const flag = (description: string) =>
  z.boolean().meta(meta(description, { kind: "boolean", limits: "true false", example: true }));

export const cursor = z.string().meta(
  meta("`nextPageCursor` of the page before, unchanged; keep the rest of the parameters", {
    kind: "text",
    example: "",
  }),
);

export const orderId = text("the exchange's name of the order", "fd4300ae-7847-404e-b947-b46980a4d140");

/** Letters, digits, dash and underscore, at most 36: the caller's own name of an order, used once. */
export const orderLinkId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,36}$/, "1 to 36 letters, digits, dashes and underscores")
  .meta(
    meta("your own name of the order, used once", {
      kind: "text",
      limits: "1 to 36 of A-Z a-z 0-9 - _",
      example: "entry-1",
    }),
  );

export const side = oneOf(["Buy", "Sell"], "side");
export const triggerBy = (what: string) =>
  oneOf(["LastPrice", "IndexPrice", "MarkPrice"], `price that triggers ${what}`);

export const positionIdx = z
  .literal([0, 1, 2])
  .meta(meta("0 one-way, 1 long side, 2 short side of hedge mode", { kind: "integer", limits: "0 1 2", example: 0 }));

export const INTERVALS = ["1", "3", "5", "15", "30", "60", "120", "240", "360", "720", "D", "W", "M"] as const;
export const interval = oneOf(INTERVALS, "length of a bar: minutes, or D W M");
export const PERIODS = ["5min", "15min", "30min", "1h", "4h", "1d"] as const;

/** Functions that take nothing. */
export const none = z.strictObject({});
