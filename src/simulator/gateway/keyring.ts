import { random } from "../../core/random.ts";
import { type Credential, rsaCredential } from "./signature.ts";

/** What a key may do, by Bybit's own words. Reading needs none of them. */
export type Permission = "Order" | "Position" | "SpotTrade" | "AccountTransfer";
export const PERMISSIONS: readonly Permission[] = ["Order", "Position", "SpotTrade", "AccountTransfer"];

/** A key as the exchange keeps it. Permissions, expiry and life change while it runs (faults, control). */
export interface ApiKey {
  readonly apiKey: string;
  readonly credential: Credential;
  /** The account it trades on. */
  readonly account: string;
  readOnly: boolean;
  permissions: ReadonlySet<Permission>;
  /** Epoch ms; from then on the key answers 33004. */
  expiresAt: number;
  /** Remote addresses it may come from; empty: any. */
  ips: readonly string[];
}

/** A key as a caller asks for it: one of `apiSecret` (HMAC) and `rsaPublicKey` (PEM). */
export interface KeyRequest {
  readonly apiKey: string;
  readonly apiSecret?: string;
  readonly rsaPublicKey?: string;
  readonly account?: string;
  readonly readOnly?: boolean;
  readonly permissions?: readonly Permission[];
  readonly expiresAt?: number;
  readonly ips?: readonly string[];
}

/** The name of the account of a key that asks for none. */
export const DEMO_ACCOUNT = "demo";

/** The demo key of a seed: the same pair on every run. It opens nothing but this exchange. */
export function demoKey(seed: number | string): { apiKey: string; apiSecret: string } {
  const source = random(`${seed}/key`);
  const word = (length: number) =>
    Array.from({ length }, () => "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789"[source.below(56)]).join("");
  return { apiKey: word(18), apiSecret: word(36) };
}

/** The exchange's form of a key request; it never expires unless told. */
export function keyOf(request: KeyRequest): ApiKey {
  return {
    apiKey: request.apiKey,
    credential: request.rsaPublicKey
      ? rsaCredential(request.rsaPublicKey)
      : { kind: "hmac", secret: request.apiSecret ?? "" },
    account: request.account ?? DEMO_ACCOUNT,
    readOnly: request.readOnly ?? false,
    permissions: new Set(request.permissions ?? PERMISSIONS),
    expiresAt: request.expiresAt ?? Number.POSITIVE_INFINITY,
    ips: request.ips ?? [],
  };
}
