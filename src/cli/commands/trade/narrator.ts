import { exactNumber, exactText } from "../../../core/exact.ts";
import type { JournalEvent, RefusalReason } from "../../../engine/events.ts";
import { isProtection } from "../../../engine/facts.ts";
import type { BotInput } from "../../../engine/inputs.ts";
import type { BotState } from "../../../engine/state.ts";
import type { TraderEvent } from "../../../live/trader-types.ts";
import { money, percent, profit } from "../../../report/format.ts";

export type Level = "error" | "warn" | "info" | "debug";

/** One thing that happened, for people. */
export interface Line {
  /** Epoch ms of the exchange. */
  readonly time: number;
  readonly level: Level;
  /** One word: entry exit fill stop refused latch release order link note bar. */
  readonly kind: string;
  readonly symbol: string;
  readonly text: string;
}

/** What was traded since the start. */
export interface Tally {
  /** Flat to flat. */
  trades: number;
  wins: number;
  /** Of those trades, fees and funding in it, quote. */
  net: number;
  entries: number;
  refusals: number;
}

/** Tells what a bot does, line by line, and keeps count. It keeps the books of its own accord, to say what a trade brought. */
export class Narrator {
  readonly state: BotState;
  readonly tally: Tally = { trades: 0, wins: 0, net: 0, entries: 0, refusals: 0 };
  private readonly symbolOf: ReadonlyMap<string, string>;
  private now: number;
  /** What each lane was last refused for: the same again is no news. */
  private readonly refused = new Map<string, string>();

  /** `state` is what the journal told before; it is taken over. `lanes`: symbols by the lanes' names. */
  constructor(state: BotState, lanes: ReadonlyMap<string, string>, now: number) {
    this.state = state;
    this.symbolOf = lanes;
    this.now = now;
  }

  /** What there is to say of an event; `null` for nothing. */
  tell(event: TraderEvent): Line | null {
    switch (event.type) {
      case "note":
        return { time: this.now, level: event.level, kind: "note", symbol: "", text: event.text };
      case "input":
        return this.heard(event.input);
      case "journal":
        return this.remembered(event.event);
    }
  }

  private heard(input: BotInput): Line | null {
    this.now = Math.max(this.now, input.at);
    if (input.type === "bar") {
      const text = `close ${input.bar.close}`;
      return { time: input.at, level: "debug", kind: "bar", symbol: this.symbolOf.get(input.lane) ?? "", text };
    }
    if (input.type === "command") {
      return { time: input.at, level: "info", kind: "command", symbol: "", text: `${input.command}: ${input.reason}` };
    }
    return null;
  }

  private remembered(event: JournalEvent): Line | null {
    this.now = Math.max(this.now, event.at);
    const { state, tally } = this;
    const before = event.type === "execution" ? state.ledger.size(event.fact.symbol) : 0n;
    const isNew = event.type === "execution" && !state.ledger.has(event.fact.execId);
    state.apply(event);
    const line = (level: Level, kind: string, symbol: string, text: string): Line => {
      return { time: event.at, level, kind, symbol, text };
    };
    switch (event.type) {
      case "opened":
        return line("info", "journal", "", `begun with a balance of ${money(Number(event.balance))}`);
      case "intent": {
        const { purpose, side, qty, symbol, stopLoss, takeProfit } = event.order;
        const levels = [stopLoss && `stop ${stopLoss}`, takeProfit && `target ${takeProfit}`].filter(Boolean);
        if (purpose === "entry") tally.entries += 1;
        this.refused.delete(event.order.lane);
        return line("info", purpose, symbol, [`${side} ${qty}`, ...levels].join(", "));
      }
      case "outcome": {
        const { outcome, linkId } = event;
        if (outcome.kind === "accepted") return line("debug", "order", this.symbolOfOrder(linkId), "accepted");
        const code = outcome.kind === "refused" ? ` ${outcome.code}` : "";
        const text = `${outcome.kind === "notSent" ? "not sent" : outcome.kind}${code}: ${outcome.reason}`;
        return line("warn", "order", this.symbolOfOrder(linkId), text);
      }
      case "execution":
        return isNew ? line("info", ...this.filled(event, before)) : null;
      case "stop":
        return line("info", "stop", event.symbol, `to ${event.price} (${event.why})`);
      case "refusal":
        tally.refusals += 1;
        return line(
          this.isNews(event.lane, event.why) ? "info" : "debug",
          "refused",
          this.symbolOf.get(event.lane) ?? "",
          refusalText(event.why, state.latches.keys()),
        );
      case "latched":
        return line("warn", "latch", "", `${event.latch}: ${shortNumbers(event.reason)}; no entries`);
      case "released":
        return line("info", "release", "", event.latch);
      case "adjusted": {
        const { symbol, from, to } = event;
        return line(
          "warn",
          "books",
          symbol,
          `the exchange says ${to}, the books said ${from}; the exchange is believed`,
        );
      }
      case "day":
        return line("debug", "day", "", `equity ${money(event.equity)}`);
      default:
        return null;
    }
  }

  private filled(
    { fact }: Extract<JournalEvent, { type: "execution" }>,
    before: bigint,
  ): [kind: string, symbol: string, text: string] {
    const { state, tally } = this;
    const { symbol, side, qty, price, type, stopOrderType } = fact;
    const after = state.ledger.size(symbol);
    if (before === after) return [type.toLowerCase(), symbol, `${profit(-Number(fact.fee))} ${fact.feeCoin}`];
    const what = isProtection(fact) ? stopOrderType : type === "Trade" ? "" : type;
    const cause = what === "" ? "" : ` by ${what}`;
    const text = `${side === "buy" ? "bought" : "sold"} ${qty} at ${price}${cause}`;
    if (after !== 0n) return ["fill", symbol, `${text}, position ${exactText(after)}`];
    const net = exactNumber(state.position(symbol).net);
    tally.trades += 1;
    tally.net += net;
    if (net > 0) tally.wins += 1;
    return ["fill", symbol, `${text}, trade ${profit(net)}`];
  }

  private isNews(lane: string, why: RefusalReason): boolean {
    const name = "guard" in why ? why.guard : why.reason;
    const isNews = this.refused.get(lane) !== name;
    this.refused.set(lane, name);
    return isNews;
  }

  private symbolOfOrder(linkId: string): string {
    return this.state.orders.get(linkId)?.symbol ?? "";
  }
}

const FRACTIONS = new Set(["dailyLoss", "drawdown", "tradeRisk", "fatFinger"]);

/** Why an entry was not made, with its numbers. */
export function refusalText(why: RefusalReason, latches: Iterable<string>): string {
  if (!("guard" in why)) return why.text === undefined ? why.reason : `${why.reason}: ${why.text}`;
  const { guard, value, limit } = why;
  if (guard === "killed") return `latched: ${[...latches].join(", ")}`;
  const text = (number: number) => (FRACTIONS.has(guard) ? percent(number) : String(Number(number.toPrecision(6))));
  return `${guard}: ${text(value)}, limit ${text(limit)}`;
}

/** `0.0503474010` as `0.05035`. */
function shortNumbers(text: string): string {
  return text.replace(/\d+\.\d{5,}/g, (digits) => String(Number(Number(digits).toPrecision(4))));
}
