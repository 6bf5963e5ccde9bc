import type { Random } from "../../src/core/random.ts";

/** The fault classes the simulation reaches, by their number in the catalogue of faults. */
export const FAULTS = {
  F01: "create lost before the exchange",
  F02: "answer lost after the effect",
  F03: "5xx after the effect",
  F04: "502 before the effect",
  F05: "answer truncated",
  F06: "answer 30 s late, after the timeout",
  F07: "no network at all for a while",
  F08: "stream half-open: nothing is read",
  F09: "stream stalls, public and private",
  F10: "reconnected, not subscribed",
  F11: "reconnect refused",
  F12: "execution told twice",
  F13: "news overtakes news",
  F14: "execution not told",
  F15: "order news lost or stale",
  F16: "quotes of one symbol stop",
  F17: "reconnect storm",
  F19: "403 from a proxy",
  F20: "too many visits",
  F21: "address banned, streams alive",
  F23: "clock fast",
  F24: "clock slow",
  F25: "clock jumps an hour",
  F26: "laptop sleeps",
  F27: "10002 on a create",
  F28: "exchange time goes back",
  F29: "crash before the intent is durable",
  F30: "crash after the intent, before the send",
  F31: "crash after the send, before the answer",
  F32: "crash after the answer",
  F33: "crash between partial fills",
  F34: "crash after the first fill",
  F35: "crash around a move of the stop",
  F37: "crash around an exit",
  F38: "crash during a kill",
  F39: "crash loop and crash in recovery",
  F40: "killed at any time",
  F41: "disk full",
  F42: "torn last record",
  F43: "bit flip in the journal",
  F44: "fsync lied: records gone",
  F45: "journal deleted",
  F46: "journal of another account",
  F47: "disk slow for seconds",
  F48: "event loop blocked",
  F52: "partial fill, rest canceled",
  F53: "cancel loses against a fill",
  F55: "acknowledged, then rejected",
  F56: "query behind the create",
  F58: "order gone from history",
  F59: "stop fires while it is moved",
  F60: "stop slips far",
  F61: "stop crossed at entry",
  F62: "110017 on an exit",
  F63: "10001 on an entry",
  F64: "instrument rules change",
  F65: "too small or too large",
  F66: "110007 on an entry",
  F70: "funding among executions",
  F71: "fee rate changes",
  F72: "auto-deleveraging",
  F73: "liquidation",
  F74: "symbol suspended",
  F75: "maintenance",
  F76: "price gap",
  F77: "bar missing, twice, or not closed",
  F78: "unknown words",
  F79: "a second bot with the same identity",
  F80: "a person trades by hand",
  F82: "key expired",
  F84: "strategy throws",
  F85: "kill at any time",
  F86: "midnight rolls over",
} as const;
export type Fault = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as Fault[];

/** Which faults a schedule may suffer, and how often each struck. A few of them per schedule, so that each is seen alone too. */
export class Faults {
  readonly hits: Partial<Record<Fault, number>> = {};
  /** The last phase has none. */
  isOn = true;
  private readonly enabled = new Set<Fault>();
  private readonly dice: Random;

  constructor(dice: Random) {
    this.dice = dice;
    const share = [0, 0.08, 0.25, 0.6][dice.below(4)]!;
    for (const name of FAULT_NAMES) if (dice.next() < share) this.enabled.add(name);
  }

  has(fault: Fault): boolean {
    return this.isOn && this.enabled.has(fault);
  }

  /** Whether the fault strikes now; it is counted when it does. */
  strikes(fault: Fault, chance: number): boolean {
    if (!this.isOn || !this.enabled.has(fault) || this.dice.next() >= chance) return false;
    this.hit(fault);
    return true;
  }

  /** Counts what happened by itself. */
  hit(fault: Fault): void {
    this.hits[fault] = (this.hits[fault] ?? 0) + 1;
  }
}
