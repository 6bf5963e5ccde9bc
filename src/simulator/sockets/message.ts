import { isRecord, type RawParams } from "../gateway/params.ts";

/** A client's WebSocket message, as far as it can be read. */
export interface ClientMessage {
  readonly op: string;
  readonly args: readonly unknown[];
  /** `req_id` in the type it came, to be echoed. */
  readonly reqId: unknown;
  readonly raw: RawParams;
}

/** The message in `data`; `undefined` when it is not a JSON object. */
export function clientMessage(data: string): ClientMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { op, args, req_id: reqId } = value;
  return { op: typeof op === "string" ? op : "", args: Array.isArray(args) ? args : [], reqId, raw: value };
}

/** `{ req_id }` when the client sent one. */
export function echo(message: ClientMessage): { req_id?: unknown } {
  return message.reqId === undefined ? {} : { req_id: message.reqId };
}

/** The topics a subscribe request names, or the words to refuse it with. */
export function topicsOf(message: ClientMessage): { topics: string[] } | { error: string } {
  const topics = message.args.filter((arg): arg is string => typeof arg === "string" && arg !== "");
  if (topics.length === 0 || topics.length !== message.args.length) return { error: "Params Error" };
  return { topics: [...new Set(topics)] };
}
