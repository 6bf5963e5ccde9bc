import type { Params } from "./params.ts";
import { refusal } from "./retcodes.ts";

/** One page of a list and where the next begins ("" on the last). */
export interface Page<T> {
  readonly list: readonly T[];
  readonly nextPageCursor: string;
}

/**
 * The page of `items` that `cursor` points to.
 *
 * `keyOf` gives each item a whole number that falls along the list and never changes, so that a page stays put while
 * newer items arrive in front. Cursors use letters and digits only: clients encode them twice, once, or not at all.
 *
 * @throws VenueRejection 10001 when the cursor is none of ours
 */
export function page<T>(items: Iterable<T>, limit: number, cursor: string, keyOf: (item: T) => number): Page<T> {
  const below = cursor === "" ? Number.POSITIVE_INFINITY : keyIn(cursor);
  const list: T[] = [];
  for (const item of items) {
    if (keyOf(item) >= below) continue;
    if (list.length === limit) return { list, nextPageCursor: `p${keyOf(list[limit - 1]!).toString(36)}` };
    list.push(item);
  }
  return { list, nextPageCursor: "" };
}

function keyIn(cursor: string): number {
  if (!/^p[0-9a-z]{1,11}$/.test(cursor)) throw refusal(10001, "params error: cursor invalid");
  return Number.parseInt(cursor.slice(1), 36);
}

/** A span of time, both ends included, epoch ms. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * The window rule of history lists: neither end → the last `defaultMs`; one end → `defaultMs` from it; both → at most
 * `maxMs` apart.
 *
 * @throws VenueRejection 10001
 */
export function timeWindow(params: Params, now: number, maxMs: number, defaultMs = maxMs): TimeSpan {
  const start = params.time("startTime");
  const end = params.time("endTime");
  if (start === undefined && end === undefined) return { from: now - defaultMs, to: Number.POSITIVE_INFINITY };
  if (start === undefined) return { from: end! - defaultMs, to: end! };
  if (end === undefined) return { from: start, to: start + defaultMs };
  if (end < start) throw refusal(10001, "params error: startTime must be less than endTime");
  if (end - start > maxMs)
    throw refusal(10001, `params error: the time range must not exceed ${maxMs / 86_400_000} days`);
  return { from: start, to: end };
}
