import { linkIdOf } from "../../src/engine/identity.ts";
import { ACCOUNT, type SimMarket } from "./market.ts";
import { IDENTITY } from "./process.ts";
import type { World } from "./world.ts";

/** Everybody else: the person at the keyboard, a second bot, the exchange's own doings, the machine the bot runs on. */
export class Actors {
  private readonly world: World;
  private made = 0;
  private killAsked = false;

  constructor(world: World) {
    this.world = world;
  }

  act(): void {
    this.machine();
    this.exchange();
    this.people();
  }

  private machine(): void {
    const { world } = this;
    const { faults, process, disk, sched, dice } = world;
    if (process.isAlive && process.crashes < 12 && faults.strikes("F40", 0.03)) process.crash("F40");
    if (faults.strikes("F28", 0.02)) process.backwards = sched.now + 3_000;
    if (faults.strikes("F48", 0.02)) process.freeze(10_000);
    if (faults.strikes("F26", 0.008)) process.freeze(180_000);
    if (!disk.isFull && faults.strikes("F41", 0.02)) {
      disk.isFull = true;
      sched.in(5_000 + dice.below(60_000), () => {
        disk.isFull = false;
      });
    }
    if (faults.strikes("F23", 0.02)) this.clock(1_200);
    if (faults.strikes("F24", 0.02)) this.clock(-6_000);
    if (faults.strikes("F25", 0.02)) this.clock(3_600_000 * (dice.next() < 0.5 ? 1 : -1));
    if (faults.strikes("F84", 0.01)) {
      const lane = process.lanes[dice.below(process.lanes.length)];
      if (lane && dice.next() < 0.5) {
        lane.push = () => {
          throw new Error("a strategy of no quality");
        };
      } else if (lane) {
        const push = lane.push.bind(lane);
        lane.push = (bar) => {
          const row = push(bar);
          const exit = () => {
            throw new Error("an exit of no quality");
          };
          lane.row = { ...row, exitLong: exit, exitShort: exit };
          return lane.row;
        };
      }
    }
  }

  private clock(offset: number): void {
    const { world } = this;
    world.setClock(offset);
    world.sched.in(20_000, () => world.setClock(0));
  }

  private exchange(): void {
    const { world } = this;
    const { faults, venue, dice, sched } = world;
    const market = world.markets[dice.below(world.markets.length)]!;
    venue.advanceTo(sched.now);
    const size = venue.positions(ACCOUNT, market.key)[0]!.size;
    if (faults.strikes("F70", 0.02)) venue.onFunding(market.key, (dice.next() - 0.5) * 0.002);
    if (faults.strikes("F71", 0.02))
      venue.setFees(ACCOUNT, "linear", { taker: 0.0003 + 0.0004 * dice.next(), maker: 0.0002 });
    if (faults.strikes("F64", 0.01)) {
      const { instrument, steps } = market;
      const changed = { ...instrument, minNotionalValue: dice.next() < 0.5 ? "5000" : "50" };
      venue.setInstrument(market.key, changed);
      sched.in(60_000, () => venue.setInstrument(market.key, instrument));
      // The bot hears of it later, and of a tick ten times as large too: prices on that are on the venue's grid as well.
      const tickSize = steps.price.format(10);
      world.later(5_000, { type: "rules", at: 0, instrument: { ...changed, tickSize } });
      world.later(65_000, { type: "rules", at: 0, instrument });
    }
    if (size !== 0 && faults.strikes("F72", 0.02))
      venue.deleverage(ACCOUNT, market.key, 1 + dice.below(Math.abs(size)));
    if (size !== 0 && faults.strikes("F73", 0.01)) venue.liquidate(ACCOUNT, market.key);
    world.wire.pump();
  }

  private people(): void {
    const { world } = this;
    const { faults, dice, process, sched } = world;
    const market = world.markets[dice.below(world.markets.length)]!;
    const isKilled = world.watch.killedAt !== Infinity;
    if (!isKilled && faults.strikes("F80", 0.02)) this.trade(market);
    if (!isKilled && faults.strikes("F79", 0.02)) this.second(market);
    if (!this.killAsked && faults.strikes("F85", 0.015)) {
      this.killAsked = true;
      this.kill();
    }
    const latches = process.bot?.state.latches;
    if (latches && latches.size > 0 && !latches.has("killed") && dice.next() < 0.05) {
      world.rearmed = true;
      world.later(1, { type: "command", at: 0, command: "rearm", reason: "looked at" });
    }
    if (latches?.has("killed") && dice.next() < 0.005 && process.bot?.isClosing === false) {
      world.watch.killedAt = Infinity;
      this.killAsked = false;
      world.later(0, { type: "command", at: 0, command: "rearm", reason: "go on" });
    }
    if (dice.next() < 0.002) {
      const command = process.bot?.state.latches.has("paused") ? "resume" : "pause";
      world.later(sched.now % 7, { type: "command", at: 0, command, reason: "wait" });
    }
  }

  /** Kills, and asks again until it is known to be remembered. */
  private kill(): void {
    const { world } = this;
    if (!this.killAsked || this.isKillKept()) return;
    if (world.process.isAlive) {
      world.process.deliver({ type: "command", at: 0, command: "kill", reason: "enough" });
      // On a full disk it holds for this life only, and the owner is told so.
      if (this.isKillKept()) world.watch.killedAt = world.sched.now;
    }
    world.sched.in(2_000, () => this.kill());
  }

  /** Whether the bot is killed, and will know it after a crash. */
  private isKillKept(): boolean {
    const { world } = this;
    const told = world.disk.durable.findLast(({ event }) => "latch" in event && event.latch === "killed");
    // What waits for a full disk may say otherwise.
    if (world.disk.unsynced > 0) return false;
    return told?.event.type === "latched" && world.process.bot?.state.latches.has("killed") === true;
  }

  private trade(market: SimMarket): void {
    const { world } = this;
    const { venue, dice, sched } = world;
    const { key, instrument } = market;
    venue.advanceTo(sched.now);
    const { size } = venue.positions(ACCOUNT, key)[0]!;
    this.made += 1;
    const linkId = dice.next() < 0.5 ? "" : `hand-${this.made}`;
    const link = linkId === "" ? {} : { orderLinkId: linkId };
    const choice = dice.below(5);
    const side = size > 0 ? "sell" : "buy";
    if (choice === 0 && size !== 0) {
      venue.placeOrder(ACCOUNT, { market: key, side, type: "Market", qty: Math.abs(size), reduceOnly: true, ...link });
    } else if (choice === 1 && size !== 0) {
      const qty = 1 + dice.below(Math.abs(size));
      venue.placeOrder(ACCOUNT, { market: key, side, type: "Market", qty, reduceOnly: true, ...link });
    } else if (choice === 2) {
      venue.placeOrder(ACCOUNT, {
        market: key,
        side: dice.next() < 0.5 ? "buy" : "sell",
        type: "Market",
        qty: 5,
        ...link,
      });
    } else if (choice === 3 && size !== 0) {
      venue.setTradingStop(ACCOUNT, { market: key, positionIdx: 0, tpslMode: "Full", stopLoss: { price: 0 } });
    } else {
      const price = Math.round(market.last * 0.97);
      const trigger =
        dice.next() < 0.5 ? {} : { trigger: { price: Math.round(market.last * 1.2), direction: 1 as const } };
      venue.placeOrder(ACCOUNT, { market: key, side: "buy", type: "Limit", qty: 5, price, ...trigger, ...link });
    }
    world.note({ hand: choice, symbol: instrument.symbol, size });
    world.wire.pump();
  }

  /** An order with this bot's mark that its journal has never seen. */
  private second({ key, instrument, last }: SimMarket): void {
    const { world } = this;
    const { venue, sched, dice } = world;
    venue.advanceTo(sched.now);
    this.made += 1;
    const reason = { lane: "twin", symbol: instrument.symbol, barTime: this.made, purpose: "entry", leg: 0 } as const;
    const orderLinkId = linkIdOf(IDENTITY, reason);
    const resting = { type: "Limit", price: Math.round(last * 0.98) } as const;
    venue.placeOrder(ACCOUNT, {
      ...{ market: key, side: "buy", qty: 5, orderLinkId },
      ...(dice.next() < 0.5 ? resting : { type: "Market" as const, stopLoss: { price: Math.round(last * 0.99) } }),
    });
    world.wire.pump();
  }
}
