import type { z } from "zod";
import { ArgumentError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { ACCOUNT } from "./catalogue/account.ts";
import { ASSET } from "./catalogue/asset.ts";
import type { ApiFunction } from "./catalogue/entry.ts";
import { MARKET } from "./catalogue/market.ts";
import { POSITION } from "./catalogue/position.ts";
import { REMOVED } from "./catalogue/removed.ts";
import { TRADE } from "./catalogue/trade.ts";
import { USER } from "./catalogue/user.ts";

/** Every function of the exchange that can be called, by its name; names are pybit's. */
export const FUNCTIONS = { ...MARKET, ...TRADE, ...POSITION, ...ACCOUNT, ...ASSET, ...USER };

export type FunctionName = keyof typeof FUNCTIONS;
type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S;
/** The same names the way JavaScript writes them: `getKline`. */
export type CamelName = Camel<FunctionName>;
type SnakeOf<N extends FunctionName | CamelName> = N extends FunctionName
  ? N
  : { [K in FunctionName]: Camel<K> extends N ? K : never }[FunctionName];

/** Parameters and result of a function. */
export type ParamsOf<N extends FunctionName | CamelName> = z.input<(typeof FUNCTIONS)[SnakeOf<N>]["params"]>;
export type ResultOf<N extends FunctionName | CamelName> = z.output<(typeof FUNCTIONS)[SnakeOf<N>]["result"]>;

/** A function and the name it goes by here. */
export interface NamedFunction {
  readonly name: FunctionName;
  readonly fn: ApiFunction;
}

export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as readonly FunctionName[];

/** Functions pybit has no method for; the names are ours. */
const NOT_IN_PYBIT: ReadonlySet<string> = new Set([
  "get_full_orderbook",
  "get_position_symbol_info",
  "get_option_asset_info",
  "get_pay_info",
  "get_trade_info_for_analysis",
]);

/** pybit's name of a function; `null` when it has none. */
export function pybitNameOf(name: FunctionName): string | null {
  return NOT_IN_PYBIT.has(name) ? null : name;
}

const BY_NAME: ReadonlyMap<string, FunctionName> = new Map(
  FUNCTION_NAMES.flatMap((name) => {
    const fn: ApiFunction = FUNCTIONS[name];
    return [name, ...(fn.aliases ?? [])].flatMap((known): [string, FunctionName][] => [
      [known, name],
      [camelName(known), name],
    ]);
  }),
);

/** `get_kline` as `getKline`. */
export function camelName(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** `getKline` as `get_kline`. */
export function snakeName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * The function called `name`: snake case, camel case, or a name it has elsewhere.
 *
 * @throws ArgumentError `FUNCTION_REMOVED` naming what to call instead; `FUNCTION` with the nearest names
 */
export function functionOf(name: string): NamedFunction {
  const found = BY_NAME.get(name);
  if (found !== undefined) return { name: found, fn: FUNCTIONS[found] };
  const removed = Object.hasOwn(REMOVED, name) ? REMOVED[name] : REMOVED[snakeName(name)];
  if (removed && Object.hasOwn(REMOVED, snakeName(name))) {
    throw new ArgumentError("FUNCTION_REMOVED", `${name} ${removed.fate}; instead: ${removed.instead}`, {
      name,
      instead: removed.instead,
    });
  }
  const known = [...BY_NAME.keys()].filter((other) => /[A-Z]/.test(name) === /[A-Z]/.test(other));
  throw new ArgumentError("FUNCTION", `no function ${name}; nearest: ${nearest(name, known).join(", ")}`, { name });
}
