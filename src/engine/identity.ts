import { createHash } from "node:crypto";
import type { Environment } from "../model/environment.ts";

/** Whose orders these are. Journal, ids and locks carry it; another one is another bot. */
export interface BotIdentity {
  readonly environment: Environment | "replay";
  readonly account: string;
}

/**
 * What an order is for. `stop`: the market was beyond the stop before it could be moved there; `flatten`: the position may not
 * stay.
 */
export type Purpose = "entry" | "exit" | "stop" | "flatten";

/** What makes an order the one it is: the same on every attempt and after every restart. */
export interface OrderReason {
  readonly lane: string;
  readonly symbol: string;
  /** Close of the bar that was decided on, epoch ms; of a flattening the time it was ordered. */
  readonly barTime: number;
  readonly purpose: Purpose;
  /** Counts orders of one purpose on one bar: a remainder that had to be closed again. */
  readonly leg: number;
}

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/**
 * The client order id of a reason: 34 of the 36 characters Bybit allows, the first 8 the bot's own mark.
 *
 * It is a hash, so that a repeated attempt has the same id and is refused as a duplicate and never filled twice.
 */
export function linkIdOf(identity: BotIdentity, reason: OrderReason): string {
  const { lane, symbol, barTime, purpose, leg } = reason;
  const { environment, account } = identity;
  const text = JSON.stringify([environment, account, lane, symbol, barTime, purpose, leg]);
  return `${markOf(identity)}${base32(text, 26)}`;
}

/** The first characters of every id of this bot. */
export function markOf({ environment, account }: BotIdentity): string {
  return `g${base32(JSON.stringify([environment, account]), 6)}-`;
}

/** Whether an order id was made by this bot, whenever that was. */
export function isOwnLinkId(identity: BotIdentity, linkId: string): boolean {
  return linkId.startsWith(markOf(identity));
}

function base32(text: string, length: number): string {
  const digest = createHash("sha256").update(text).digest();
  let out = "";
  let bits = 0;
  let held = 0;
  for (const byte of digest) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5 && out.length < length) {
      bits -= 5;
      out += ALPHABET[(held >>> bits) & 31];
    }
    held &= 255;
  }
  return out;
}
