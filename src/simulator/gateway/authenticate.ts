import type { IncomingHttpHeaders } from "node:http";
import type { ApiKey } from "./keyring.ts";
import { refusal, words } from "./retcodes.ts";
import { isSignedBy } from "./signature.ts";

/** A signed request as it came over the wire. */
export interface SignedRequest {
  readonly headers: IncomingHttpHeaders;
  /** GET: the raw query without `?`. POST: the raw body. */
  readonly payload: string | Buffer;
  readonly address: string;
}

/** Time as the gateway knows it, epoch ms. A stamp that fits either clock is in time. */
export interface GatewayClock {
  /** The exchange's own time, which a simulation may run at any speed. */
  now(): number;
  /** The machine's time, by which unmodified clients stamp their requests; shifted by a skew fault. */
  wall(): number;
}

const DEFAULT_RECV_WINDOW_MS = 5_000;
/** A client's clock may run ahead of the server's by this much. */
const AHEAD_MS = 1_000;

/**
 * The key that signed `request`.
 *
 * @throws VenueRejection 10003, 33004, 10010, 10002, 10004; `HTTP_401` when the headers are not there
 */
export function authenticate(request: SignedRequest, keys: ReadonlyMap<string, ApiKey>, clock: GatewayClock): ApiKey {
  const name = header(request.headers, "x-bapi-api-key");
  const stamp = header(request.headers, "x-bapi-timestamp");
  const sign = header(request.headers, "x-bapi-sign");
  const recvWindow = header(request.headers, "x-bapi-recv-window");
  if (name === "" || stamp === "" || sign === "")
    throw refusal(10003, "API key, timestamp and sign headers are required.");
  const key = knownKey(name, keys, request.address, clock);
  checkStamp(stamp, recvWindow, clock);
  if (!isSignedBy(key.credential, sign, stamp + name + recvWindow, request.payload)) {
    throw refusal(10004, `${words(10004)} origin_string[${stamp}${name}${recvWindow}...]`);
  }
  return key;
}

/**
 * The live key called `name`, coming from `address`.
 *
 * @throws VenueRejection 10003, 33004, 10010
 */
export function knownKey(
  name: string,
  keys: ReadonlyMap<string, ApiKey>,
  address: string,
  clock: GatewayClock,
): ApiKey {
  const key = keys.get(name);
  if (!key) throw refusal(10003);
  if (clock.now() >= key.expiresAt) throw refusal(33004);
  if (key.ips.length > 0 && !key.ips.includes(address.replace(/^::ffff:/, ""))) throw refusal(10010);
  return key;
}

/**
 * Refuses a stamp outside `server − window ≤ stamp < server + 1000` of both clocks.
 *
 * @throws VenueRejection 10001, 10002
 */
export function checkStamp(stamp: string, recvWindow: string, clock: GatewayClock): void {
  const sent = Number(stamp);
  const window = recvWindow === "" ? DEFAULT_RECV_WINDOW_MS : Number(recvWindow);
  if (!/^\d{1,16}$/.test(stamp) || !Number.isInteger(window) || window < 0) {
    throw refusal(10001, "X-BAPI-TIMESTAMP and X-BAPI-RECV-WINDOW must be whole milliseconds.");
  }
  const fits = (server: number) => server - window <= sent && sent < server + AHEAD_MS;
  if (fits(clock.wall()) || fits(clock.now())) return;
  throw refusal(
    10002,
    `${words(10002)} req_timestamp[${stamp}],server_timestamp[${clock.wall()}],recv_window[${window}]`,
  );
}

function header(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value : "";
}
