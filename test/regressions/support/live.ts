import type { BotEffect, BotInput } from "../../../src/engine/inputs.ts";
import type { BotAtHand } from "./bot.ts";

/** Far more than any life here needs. */
const MOST_STEPS = 20_000;

export interface Done {
  /** When the bot wished it, epoch ms. */
  readonly at: number;
  readonly effect: BotEffect;
}

export interface Life extends Array<Done> {
  /** How often the bot was told the time. */
  wakes: number;
}

/**
 * Lets a bot live on a virtual clock: it is told the time when it wants to be, and `answer` says what comes of each of its
 * wishes, `latencyMs` (50 unless told) later. Returns the wishes.
 */
export function live(
  hand: BotAtHand,
  { from, to, latencyMs = 50 }: { readonly from: number; readonly to: number; readonly latencyMs?: number },
  answer: (effect: BotEffect, at: number) => BotInput | null,
): Life {
  const done: Life = Object.assign([], { wakes: 0 });
  const inbox: { at: number; input: BotInput }[] = [];
  let now = from;
  let steps = 0;
  for (;;) {
    // Never the same millisecond twice for the clock: a bot that asks for that would spin.
    const wakeAt = Math.max(hand.bot.wakeAt, now + 1);
    const next = inbox[0] && inbox[0].at <= wakeAt ? inbox.shift()! : null;
    now = next ? next.at : wakeAt;
    if (now > to) return done;
    if (++steps > MOST_STEPS) throw new Error(`the bot does not sleep: ${steps} steps by ${now - from} ms`);
    if (!next) done.wakes += 1;
    for (const effect of hand.tell(next ? next.input : { type: "time", at: now })) {
      done.push({ at: now, effect });
      const at = now + latencyMs;
      const input = answer(effect, at);
      if (input) inbox.push({ at, input });
    }
  }
}
