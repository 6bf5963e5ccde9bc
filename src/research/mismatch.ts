import { ConfigError } from "../core/errors.ts";
import type { Json } from "../optimize/trial.ts";

/** What a study keeps of the search it is: how its trials are run again, on which bars, for what. */
export type SearchAbout = {
  /** Flags of the command by their names in code; `null` for a search that is no command. */
  readonly options: Json;
  /** Key of the bars the trials saw. */
  readonly data: string;
  readonly objective: string;
  readonly minTrades: number;
};

/** Flags that say where the bars come from: another path to the same bars is the same search. */
const SOURCE = new Set(["data", "interval", "symbol", "dir", "from", "to"]);

/** The refusal to go on with the study `name`, naming what was other when it was begun. */
export function otherSearch(name: string, stored: Json, wanted: SearchAbout, cause: unknown): ConfigError {
  const differences = stored === null ? [] : differencesOf(stored as unknown as SearchAbout, wanted);
  const what = differences.length > 0 ? differences.join(", ") : "its rules or parameters have changed since";
  const message = `study ${name} is of another search: ${what}; choose another name, or repeat what it was begun with`;
  return new ConfigError("STUDY_MISMATCH", message, { study: name, differences }, cause);
}

function differencesOf(stored: SearchAbout, wanted: SearchAbout): string[] {
  const otherBars = stored.data !== wanted.data;
  const before = plain(stored.options);
  const now = plain(wanted.options);
  const flags = [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((flag) => otherBars || !SOURCE.has(flag))
    .filter((flag) => before[flag] !== now[flag])
    .map((flag) => difference(flag, before[flag], now[flag]));
  const aims = (["objective", "minTrades"] as const)
    .filter((aim) => stored[aim] !== undefined && stored[aim] !== wanted[aim])
    .map((aim) => difference(aim, stored[aim], wanted[aim]));
  const bars = otherBars && ![...SOURCE].some((flag) => before[flag] !== now[flag]) ? [barsDiffer(stored, wanted)] : [];
  return [...flags, ...aims, ...bars];
}

/** `slippage-bps 0, now 5`. */
function difference(name: string, before: unknown, now: unknown): string {
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return `${flag} ${before ?? "not given"}, now ${now ?? "not given"}`;
}

/** Another holdout, or a file whose content has changed. */
function barsDiffer(stored: SearchAbout, wanted: SearchAbout): string {
  const span = (key: string) => key.split("/").slice(0, 3).join("/");
  const [before, now] = [span(stored.data), span(wanted.data)];
  return before === now ? `the bars of ${now} have changed` : `searched bars ${before}, now ${now}`;
}

function plain(options: Json): Readonly<Record<string, unknown>> {
  return typeof options === "object" && options !== null ? (options as Readonly<Record<string, unknown>>) : {};
}
