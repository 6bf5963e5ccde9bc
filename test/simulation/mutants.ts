import { exactText } from "../../src/core/exact.ts";
import type { JournalEvent } from "../../src/engine/events.ts";
import type { ExecutionFact, Outcome } from "../../src/engine/facts.ts";
import type { BotInput } from "../../src/engine/inputs.ts";
import type { ApprovedRequest, BotQuery } from "../../src/engine/requests.ts";
import type { World } from "./world.ts";

/** A driver with a mistake: what it does otherwise than the right one. Absent: it does the right thing. */
export interface Mutant {
  /** The request that is really sent. */
  readonly request?: (request: ApprovedRequest, world: World) => ApprovedRequest;
  /** The outcome that is really told. */
  readonly outcome?: (outcome: Outcome, request: ApprovedRequest) => Outcome;
  readonly onUnknown?: (request: ApprovedRequest, world: World) => void;
  /** The fact that is really told; `null` for none. */
  readonly input?: (input: BotInput, world: World) => BotInput | null;
  /** An answer of its own to a query. */
  readonly query?: (query: BotQuery, world: World) => BotInput | null;
  /** Whether an event is journalled. */
  readonly keeps?: (event: JournalEvent) => boolean;
  /** What is read of the journal at a start. */
  readonly recover?: (events: JournalEvent[]) => JournalEvent[];
  /** Sends without waiting for the disk. */
  readonly isUnsynced?: boolean;
}

/** Answers every look with what is in the books already. */
function agreeing(query: BotQuery, world: World): BotInput | null {
  const { bot } = world.process;
  if (query.kind !== "account" || !bot || bot.state.identity === null) return null;
  const positions = world.markets.map(({ instrument: { symbol } }) => ({
    ...{ symbol, size: exactText(bot.state.ledger.size(symbol)), entryPrice: 0, takeProfit: null, trailingStop: null },
    ...{ stopLoss: bot.state.position(symbol).stop, liquidationPrice: null },
  }));
  const report = { askedAt: world.sched.now, openOrders: [], executions: [], positions, walletBalance: "0" };
  return { type: "report", at: 0, report };
}

/** The mistakes that the simulation must notice, by name. */
export const MUTANTS: Readonly<Record<string, () => Mutant>> = {
  "a retry has a new id": () => {
    let attempts = 0;
    return {
      onUnknown(request, world) {
        if (request.kind !== "entry") return;
        attempts += 1;
        const again = { ...request, linkId: `${request.linkId.slice(0, 30)}-${attempts}` };
        world.watch.onRetry(request.linkId, again.linkId);
        world.sched.in(50, () => world.carryOut(again));
      },
    };
  },
  "the stop does not travel with the entry": () => ({
    request: (request) => (request.kind === "entry" ? { ...request, stopLoss: null } : request),
  }),
  "executions are not told apart by their id": () => {
    let told = 0;
    return {
      input(input) {
        if (input.type !== "execution") return input;
        told += 1;
        return { ...input, fact: { ...input.fact, execId: `${input.fact.execId}#${told}` } };
      },
    };
  },
  "the account is never looked at again": () => ({ query: agreeing }),
  "executions are marked as seen before they are journalled": () => {
    const seen = new Set<string>();
    const isNew = ({ execId }: { readonly execId: string }) => !seen.has(execId) && seen.add(execId) !== undefined;
    return {
      input(input) {
        if (input.type === "execution") return isNew(input.fact) ? input : null;
        if (input.type === "found") return { ...input, executions: input.executions.filter(isNew) };
        if (input.type !== "report") return input;
        return { ...input, report: { ...input.report, executions: input.report.executions.filter(isNew) } };
      },
    };
  },
  "what was seen is forgotten at a restart": () => ({
    recover: (events) =>
      events.map((event) =>
        event.type === "execution" ? { ...event, fact: { ...event.fact, execId: `old ${event.fact.execId}` } } : event,
      ),
  }),
  "intents are not journalled": () => ({ keeps: (event) => event.type !== "intent" }),
  "orders are sent before the journal is durable": () => ({ isUnsynced: true }),
  "an unknown outcome is taken for a failure": () => ({
    outcome: (outcome) => (outcome.kind === "unknown" ? { kind: "notSent", reason: outcome.reason } : outcome),
    query: (query, world) =>
      query.kind === "order"
        ? { type: "found", at: 0, linkId: query.linkId, order: null, executions: [] }
        : agreeing(query, world),
  }),
  "exits are not reduce-only": () => ({
    request(request) {
      if (request.kind !== "exit") return request;
      return { ...request, kind: "entry", stopLoss: null, takeProfit: null } as unknown as ApprovedRequest;
    },
  }),
  "latches are not journalled": () => ({ keeps: (event) => event.type !== "latched" }),
  "a trailing stop may move back": () => {
    let moves = 0;
    return {
      request(request, world) {
        if (request.kind !== "protect" || request.stopLoss === null) return request;
        moves += 1;
        if (moves % 2 === 1) return request;
        const market = world.marketOf(request.symbol);
        const { price } = market.steps;
        const away = Number(request.stopLoss) < price.value(market.last) ? 0.99 : 1.01;
        return { ...request, stopLoss: price.format(price.count(Number(request.stopLoss) * away, "nearest")) };
      },
    };
  },
  "foreign executions are taken for the bot's own": () => ({
    input(input) {
      if (input.type === "execution" && input.fact.type === "Trade") return adopted(input);
      if (input.type !== "report") return input;
      const executions = input.report.executions.map((fact) => adopted({ fact }).fact);
      return { ...input, report: { ...input.report, executions, openOrders: [] } };
    },
  }),
  "the kill is not told to the bot after a restart": () => ({
    recover: (events) => events.filter((event) => event.type !== "latched"),
  }),
};

/** The execution as if the position's own stop had made it. */
function adopted<T extends { readonly fact: ExecutionFact }>(input: T): T {
  return { ...input, fact: { ...input.fact, stopOrderType: "StopLoss" } };
}
