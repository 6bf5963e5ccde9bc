import { define, perSecond } from "./entry.ts";
import * as f from "./fields.ts";
import * as rows from "./rows.ts";

/** The key itself. Making, changing and deleting keys is left to the exchange's own pages. */
export const USER = {
  get_api_key_information: define({
    group: "user",
    method: "GET",
    auth: "key",
    effect: "reads",
    idempotency: "read",
    path: "/v5/user/query-api",
    summary: "what this key may do, from where, until when",
    rate: perSecond(10),
    params: f.none,
    result: rows.keyInfo,
    example: {},
  }),
};
