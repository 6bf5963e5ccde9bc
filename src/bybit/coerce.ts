import { ArgumentError } from "../core/errors.ts";
import { parseTime } from "../core/time.ts";
import type { ApiFunction } from "./catalogue/entry.ts";
import { demandText, type ParamInfo, paramsOf } from "./describe.ts";

/**
 * Parameters from words such as `symbol=BTCUSDT`, each as its function wants it: numbers, truth values, times (a day will
 * do), lists as JSON. What is wrong stays as it is written, for `checkParams` to tell of.
 *
 * @throws ArgumentError `PARAM` for a word that is not name=value, a name that comes twice, a list that is not JSON
 */
export function paramsFromWords(
  fn: Pick<ApiFunction, "params" | "example">,
  words: readonly string[],
): Record<string, unknown> {
  const infos = new Map(paramsOf(fn).map((info) => [info.name, info]));
  const params: Record<string, unknown> = {};
  for (const word of words) {
    const cut = word.indexOf("=");
    if (cut < 1) {
      throw new ArgumentError("PARAM", `parameters are written name=value, was ${JSON.stringify(word)}`, { word });
    }
    const [name, text] = [word.slice(0, cut), word.slice(cut + 1)];
    if (Object.hasOwn(params, name)) throw new ArgumentError("PARAM", `${name} is there twice`, { name });
    const info = infos.get(name);
    params[name] = info ? typed(text, info) : text;
  }
  return params;
}

function typed(text: string, info: ParamInfo): unknown {
  switch (info.kind) {
    case "integer":
      return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
    case "boolean":
      return text === "true" ? true : text === "false" ? false : text;
    case "time":
      return /^\d+$/.test(text) ? Number(text) : parseTime(text);
    case "list":
      return listOf(text, info);
    default:
      return text;
  }
}

function listOf(text: string, info: ParamInfo): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ArgumentError("PARAM", `${info.name} must be ${demandText(info)}, written as JSON`, { name: info.name });
  }
}
