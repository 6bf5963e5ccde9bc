import { type GatewayClock, knownKey } from "../gateway/authenticate.ts";
import type { ApiKey } from "../gateway/keyring.ts";
import { refusal } from "../gateway/retcodes.ts";
import { isSignedBy } from "../gateway/signature.ts";

/**
 * The key behind an `auth` request's `[apiKey, expires, signature]`; `expires` may come as number or text.
 *
 * @throws VenueRejection 10001, 10003, 10004, 33004
 */
export function login(
  args: readonly unknown[],
  keys: ReadonlyMap<string, ApiKey>,
  address: string,
  clock: GatewayClock,
): ApiKey {
  const [name, expires, signature] = args;
  const stamp = typeof expires === "number" || typeof expires === "string" ? String(expires) : "";
  if (typeof name !== "string" || typeof signature !== "string" || !/^\d{1,16}$/.test(stamp)) {
    throw refusal(10001, "Params Error");
  }
  const key = knownKey(name, keys, address, clock);
  if (Number(stamp) <= Math.min(clock.wall(), clock.now())) throw refusal(10004, "Request expired");
  if (!isSignedBy(key.credential, signature, `GET/realtime${stamp}`, "")) throw refusal(10004, "Error sign");
  return key;
}
