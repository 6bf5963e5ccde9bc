import { DataError } from "../core/errors.ts";
import type { CamelName, FunctionName, ParamsOf, ResultOf } from "./catalogue.ts";
import type { CallOptions, Gateway } from "./gateway.ts";

type Listed = { readonly list: readonly unknown[]; readonly nextPageCursor?: string | null | undefined };
/** Functions whose answers are lists in pages. */
export type PagedName = {
  [N in FunctionName | CamelName]: ParamsOf<N> extends { cursor?: string | undefined }
    ? ResultOf<N> extends Listed
      ? N
      : never
    : never;
}[FunctionName | CamelName];
export type RowOf<N extends PagedName> = ResultOf<N> extends { list: readonly (infer R)[] } ? R : never;

/** More pages than any list of ours has; a cursor that leads in circles must end. */
const MOST_PAGES = 10_000;

/**
 * Every row of a list, page after page. One page at a time is asked for, when its first row is wanted.
 *
 * @throws DataError `CURSOR` when the pages do not end; and as `Gateway.call`
 */
export async function* rowsOf<N extends PagedName>(
  gateway: Gateway,
  name: N,
  params: ParamsOf<N>,
  options: CallOptions = {},
): AsyncGenerator<RowOf<N>, void, undefined> {
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const asked = { ...(params as Record<string, unknown>), ...(cursor !== undefined && { cursor }) };
    const answer = (await gateway.callNamed(name, asked, options)) as Listed;
    yield* answer.list as RowOf<N>[];
    if (!answer.nextPageCursor) return;
    cursor = answer.nextPageCursor;
    if (seen.has(cursor)) break;
    seen.add(cursor);
  }
  throw new DataError("CURSOR", `the pages of ${name} do not end; what was read may be there twice`, { name, cursor });
}
