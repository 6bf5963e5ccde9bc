import type { Bars } from "../../model/bar.ts";
import type { FundingRates } from "../../model/funding.ts";
import type { Instrument } from "../../model/instrument.ts";
import type { FollowRules } from "../../risk/following.ts";
import type { GuardLimits } from "../../risk/guards.ts";
import type { Strategy } from "../../strategy/strategy.ts";
import type { BacktestSettings } from "../settings.ts";

/** A replay: the bot itself, on a virtual clock, against the venue that the local exchange serves. */
export interface ReplayInput {
  readonly strategy: Strategy;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly bars: Bars;
  readonly settings?: Partial<BacktestSettings>;
  /** Ticks, steps and margins: an exchange has them always. */
  readonly instrument: Instrument;
  readonly funding?: FundingRates;
  /** Mark-price bars of the same interval: they decide on liquidation and value funding. */
  readonly mark?: Bars;
  /** Bars just before `bars` that only warm the indicators up. */
  readonly history?: Bars | null;
  /** How stops move beside what strategy and settings say. The fast engine does not know such rules. */
  readonly follow?: FollowRules;
  /** What the bot may never do; without them only what a venue refuses is not done. */
  readonly limits?: GuardLimits;
}

/** A replay's input with nothing left open. */
export interface RunOptions extends ReplayInput {
  readonly settings: BacktestSettings;
  readonly params: Readonly<Record<string, unknown>>;
  readonly limits: GuardLimits;
}
