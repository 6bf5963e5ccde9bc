import type { OrderFact, Outcome } from "../../src/engine/facts.ts";
import type { BotInput } from "../../src/engine/inputs.ts";
import type { ApprovedRequest, BotQuery, BotRequest } from "../../src/engine/requests.ts";
import type { World } from "./world.ts";

/** An exchange takes no request that was signed longer ago than this, ms. */
const SIGNED_FOR_MS = 5_000;
const TIMEOUT_MS = 5_000;
const UNREACHABLE: Outcome = { kind: "notSent", reason: "no connection" };
const unknown = (reason: string): Outcome => ({ kind: "unknown", reason });

/** Everything between the bot and the exchange: what is asked may be lost, late, doubled or answered wrongly. */
export class Wire {
  private readonly world: World;
  /** Until when nothing gets out, by the fault that says so. */
  private readonly until = { outage: 0, ban: 0, maintenance: 0, expired: 0, suspended: 0, half: 0, deaf: 0 };
  /** Orders the exchange acknowledged and then rejected. */
  private readonly rejected = new Map<string, OrderFact>();
  private readonly createdAt = new Map<string, number>();
  private readonly inbox: BotInput[] = [];
  private lastNewsAt = 0;
  isUp = false;

  constructor(world: World) {
    this.world = world;
  }

  /** Starts what lasts a while. */
  weather(): void {
    const { faults, sched, dice } = this.world;
    const last = (name: keyof Wire["until"], ms: number) => {
      this.until[name] = sched.now + ms;
    };
    if (faults.strikes("F07", 0.02)) {
      last("outage", 20_000 + dice.below(100_000));
      this.drop();
    }
    if (faults.strikes("F19", 0.02)) last("ban", 30_000);
    if (faults.strikes("F21", 0.02)) last("ban", 60_000);
    if (faults.strikes("F75", 0.02)) last("maintenance", 10_000 + dice.below(40_000));
    if (faults.strikes("F82", 0.01)) last("expired", 60_000);
    if (faults.strikes("F74", 0.02)) last("suspended", 90_000);
    if (faults.strikes("F08", 0.03)) {
      last("half", 5_000 + dice.below(15_000));
      sched.in(20_000, () => this.drop());
    }
    if (faults.strikes("F17", 0.02)) for (let i = 1; i <= 6; i++) sched.in(i * 700, () => this.drop());
  }

  calm(): void {
    for (const name of Object.keys(this.until) as (keyof Wire["until"])[]) this.until[name] = 0;
    if (!this.isUp) this.connect();
  }

  /** When the exchange cannot be reached at all, or will not answer. */
  get isDown(): boolean {
    const { now } = this.world.sched;
    const { outage, ban, maintenance, expired } = this.until;
    return Math.max(outage, ban, maintenance, expired) > now;
  }

  /** Ends the private stream; the driver notices and connects again. */
  drop(): void {
    const { world } = this;
    if (!this.isUp) return;
    this.isUp = false;
    world.process.deliver({ type: "link", at: 0, isUp: false });
    world.sched.in(500 + world.dice.below(2_000), () => this.connect());
  }

  connect(): void {
    const { world } = this;
    const { sched, faults, dice } = world;
    if (this.isUp || !world.process.isAlive) return;
    if (this.until.outage > sched.now || faults.strikes("F11", 0.3)) {
      sched.in(1_000 + dice.below(4_000), () => this.connect());
      return;
    }
    this.isUp = true;
    if (faults.strikes("F10", 0.3)) {
      // Nothing comes: the driver waits for the subscription to be confirmed, in vain, and tries again.
      this.until.deaf = sched.now + 8_000;
      sched.in(8_000, () => {
        this.until.deaf = 0;
        this.isUp = false;
        this.connect();
      });
      return;
    }
    world.process.deliver({ type: "link", at: 0, isUp: true });
  }

  send(id: string, wanted: ApprovedRequest): void {
    const { world } = this;
    const { sched, dice, faults, until } = world.parts(this.until);
    const request = world.mutant.request?.(wanted, world) ?? wanted;
    world.watch.onSend(id, wanted.kind === "exit" ? wanted : request);
    const answer = (afterMs: number, outcome: Outcome) => {
      const told = world.mutant.outcome?.(outcome, request) ?? outcome;
      if (told.kind === "unknown" && world.mutant.onUnknown) world.mutant.onUnknown(request, world);
      world.later(afterMs, { type: "answer", at: 0, id, outcome: told });
    };
    const { kind } = request;
    if (until.outage > sched.now) return void answer(20, UNREACHABLE);
    if (until.ban > sched.now) return void answer(20, { kind: "notSent", reason: "403" });
    if (until.expired > sched.now)
      return void answer(20, { kind: "refused", code: 10003, reason: "API key is invalid" });
    if (until.maintenance > sched.now) return void answer(30, unknown("10016"));
    if (faults.strikes("F20", 0.1)) {
      return void answer(20, dice.next() < 0.5 ? { kind: "notSent", reason: "10006" } : unknown("10006"));
    }
    if (kind === "entry") {
      if (until.suspended > sched.now) return void answer(20, { kind: "refused", code: 110074, reason: "not trading" });
      if (faults.strikes("F63", 0.1)) return void answer(20, { kind: "refused", code: 10001, reason: "params error" });
      if (faults.strikes("F66", 0.1)) return void answer(20, { kind: "refused", code: 110007, reason: "not enough" });
      if (faults.strikes("F65", 0.1))
        return void answer(20, { kind: "refused", code: 110094, reason: "below the least" });
      if (faults.strikes("F27", 0.1)) return void answer(20, { kind: "notSent", reason: "10002" });
      if (faults.strikes("F55", 0.1)) return void this.acknowledgeAndReject(request, answer);
    }
    if (faults.strikes("F01", 0.1)) return void answer(TIMEOUT_MS, unknown("timeout"));
    if (faults.strikes("F04", 0.1)) return void answer(100, unknown("502"));
    const slow = faults.strikes("F06", 0.08);
    const delay = slow ? dice.below(SIGNED_FOR_MS - 500) : 5 + dice.below(60);
    sched.in(delay, () => this.arrive(request, answer, slow));
  }

  private arrive(request: ApprovedRequest, answer: (ms: number, outcome: Outcome) => void, isSlow: boolean): void {
    const { world } = this;
    const { faults, dice } = world;
    const outcome = world.carryOut(request);
    if (request.kind === "entry" && outcome.kind === "accepted") this.createdAt.set(request.linkId, world.sched.now);
    this.pump();
    const back = 5 + dice.below(60);
    if (isSlow) {
      answer(TIMEOUT_MS, unknown("timeout"));
      answer(30_000, outcome);
    } else if (faults.strikes("F02", 0.1)) answer(TIMEOUT_MS, unknown("timeout"));
    else if (faults.strikes("F03", 0.1)) answer(back, unknown("503"));
    else if (faults.strikes("F05", 0.1)) answer(back, unknown("not JSON"));
    else answer(back, outcome);
  }

  private acknowledgeAndReject(
    request: Extract<BotRequest, { kind: "entry" }>,
    answer: (ms: number, outcome: Outcome) => void,
  ): void {
    const { world } = this;
    const orderId = `rejected-${this.rejected.size}`;
    const { linkId, symbol, qty } = request;
    const fact: OrderFact = {
      ...{ symbol, orderId, orderLinkId: linkId, status: "Rejected", cumExecQty: "0", qty, reduceOnly: false },
      ...{ stopOrderType: "", rejectReason: "EC_NoImmediateQtyToFill", updatedTime: world.sched.now },
    };
    this.rejected.set(linkId, fact);
    answer(20, { kind: "accepted", orderId });
    this.news({ type: "order", at: world.sched.now, fact });
  }

  query(query: BotQuery): void {
    const { world } = this;
    const { sched, dice } = world;
    world.watch.onQuery();
    const fail = (ms: number) => world.later(ms, { type: "queryFailed", at: 0, query });
    const altered = world.mutant.query?.(query, world);
    if (altered) return void world.later(40, altered);
    if (this.isDown) return void fail(50);
    if (world.faults.strikes("F01", 0.05) || world.faults.strikes("F02", 0.05)) return void fail(TIMEOUT_MS);
    sched.in(5 + dice.below(50), () => {
      world.venue.advanceTo(sched.now);
      this.pump();
      world.port.ask(query);
      const replies: BotInput[] = [];
      world.port.drain(replies);
      for (const reply of replies) world.later(5 + dice.below(50), this.seenLate(reply));
    });
  }

  /** What a list shows of what just happened: nothing yet. */
  private seenLate(reply: BotInput): BotInput {
    const { world } = this;
    const { sched, faults, dice } = world;
    const lag = faults.has("F56") ? dice.below(2_500) : 0;
    const isNew = (linkId: string) => (this.createdAt.get(linkId) ?? 0) > sched.now - lag;
    if (reply.type === "found") {
      const rejected = this.rejected.get(reply.linkId);
      if (rejected) return { ...reply, order: rejected };
      if (lag > 0 && isNew(reply.linkId)) {
        faults.hit("F56");
        return { ...reply, order: null, executions: [] };
      }
      if (reply.order && reply.executions.length > 0 && faults.strikes("F58", 0.2)) return { ...reply, order: null };
      return reply;
    }
    if (reply.type !== "report" || lag === 0) return reply;
    const { report } = reply;
    const executions = report.executions.filter(({ time }) => time <= sched.now - lag);
    if (executions.length < report.executions.length) faults.hit("F56");
    return {
      ...reply,
      report: { ...report, executions, openOrders: report.openOrders.filter((o) => !isNew(o.orderLinkId)) },
    };
  }

  /** Takes what has happened at the exchange and tells it on the stream. */
  pump(): void {
    this.world.port.drain(this.inbox);
    if (this.inbox.length > 0) this.hear(this.inbox.splice(0));
  }

  /** Facts that came with the answer to a request. */
  hear(inputs: readonly BotInput[]): void {
    for (const input of inputs) {
      this.world.watch.onFact(input);
      this.news(input);
    }
  }

  private news(input: BotInput): void {
    const { world } = this;
    const { sched, faults, dice, until } = world.parts(this.until);
    if (!this.isUp || until.half > sched.now || until.deaf > sched.now) return;
    const isExecution = input.type === "execution";
    if (isExecution && faults.strikes("F14", 0.25)) return;
    if (input.type === "order" && faults.strikes("F15", 0.2)) {
      if (dice.next() < 0.5) world.later(3_000 + dice.below(20_000), input);
      return;
    }
    // One after another, unless something makes them overtake each other.
    let at = Math.max(sched.now + 3 + dice.below(30), this.lastNewsAt);
    if (faults.strikes("F13", 0.3)) at = sched.now + dice.below(4_000);
    else this.lastNewsAt = at;
    const told =
      input.type === "order" && faults.strikes("F78", 0.2)
        ? { ...input, fact: { ...input.fact, status: "Contemplating" } }
        : input;
    world.later(at - sched.now, told);
    if (isExecution && faults.strikes("F12", 0.3)) world.later(at - sched.now + dice.below(9_000), told);
  }
}
