import { describe, expect, it } from "vitest";
import { ExchangeClock } from "../../src/bybit/exchange-clock.ts";

/** A clock whose machine can be told what time it is. */
function machine(options: { mayHaveOwnTime?: boolean; isFast?: boolean } = {}) {
  const state = { mono: 1_000, wall: 1_700_000_000_000 };
  const clock = new ExchangeClock({ monotonic: () => state.mono, wall: () => state.wall, ...options });
  const pass = (ms: number) => {
    state.mono += ms;
    state.wall += ms;
  };
  return { state, clock, pass };
}

describe("the exchange's clock", () => {
  it("is this machine's until the exchange has spoken", () => {
    const { clock, state } = machine();
    expect([clock.isKnown, clock.now(), clock.offsetMs]).toEqual([false, state.wall, 0]);
  });

  it("takes the middle of the round trip, and a quicker look over a slower one", () => {
    const { clock, state } = machine();
    clock.sample(state.wall + 5_000, 1_000, 1_200);
    expect(clock.uncertaintyMs).toBe(100);
    expect(clock.offsetMs).toBe(5_000 - 100);
    clock.sample(state.wall + 5_000 - 90, 990, 1_020);
    expect(clock.uncertaintyMs).toBe(15);
    const before = clock.offsetMs;
    clock.sample(state.wall + 5_000, 900, 1_900); // slower, and it fits: nothing learnt
    expect(clock.offsetMs).toBe(before);
  });

  it.each([3_600_000, -3_600_000, 7_200_000])("is not moved by a jump of %i ms of this machine's clock", (jump) => {
    const { clock, state, pass } = machine();
    clock.sample(state.wall, 1_000, 1_000);
    pass(60_000);
    const before = clock.now();
    state.wall += jump;
    expect(clock.now()).toBe(before);
    expect(clock.stamp()).toBe(before);
  });

  it("follows the exchange when that goes back two seconds", () => {
    const { clock, state } = machine();
    clock.sample(state.wall, 1_000, 1_010);
    clock.sample(state.wall - 2_000, 1_010, 1_040);
    expect(Math.abs(clock.now() - (state.wall - 2_000))).toBeLessThan(50);
  });

  it("wakes from a sleep that the monotonic clock slept through: one refused stamp and it is right", () => {
    const { clock, state } = machine();
    clock.sample(state.wall, 1_000, 1_000);
    state.wall += 3 * 3_600_000;
    clock.correct(state.wall, 1_000, 1_020);
    expect(Math.abs(clock.stamp() - state.wall)).toBeLessThanOrEqual(10);
  });

  it("stamps by this machine's time for a local exchange that runs faster, also while it is near", () => {
    const { clock, state, pass } = machine({ mayHaveOwnTime: true, isFast: true });
    clock.sample(state.wall + 60_000, 1_000, 1_010);
    pass(500);
    expect(clock.stamp()).toBe(state.wall);
    clock.correct(state.wall + 40, 1_500, 1_510);
    expect(clock.stamp()).toBe(state.wall + 40);
  });

  it("stamps by this machine's time for a local exchange that plays the past", () => {
    const { clock, state, pass } = machine({ mayHaveOwnTime: true });
    clock.sample(1_600_000_000_000, 1_000, 1_010);
    expect(clock.stamp()).toBe(state.wall);
    pass(5_000);
    clock.correct(state.wall + 10_000, 6_000, 6_010);
    expect(clock.stamp()).toBe(state.wall + 10_000);
    const real = machine();
    real.clock.sample(1_600_000_000_000, 1_000, 1_000);
    expect(real.clock.stamp()).toBe(1_600_000_000_000);
  });
});
