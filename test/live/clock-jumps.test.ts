import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ClockJumps } from "../../src/live/clock-jumps.ts";

describe("clock jumps", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance", "Date"], now: 1_700_000_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("are none while both clocks go on alike", () => {
    const jumps = new ClockJumps();
    vi.advanceTimersByTime(3_600_000);
    expect(jumps.look()).toBe(0);
  });

  it("are told once, with their size and direction", () => {
    const jumps = new ClockJumps();
    vi.setSystemTime(Date.now() + 90_000);
    expect(jumps.look()).toBeCloseTo(90_000, 0);
    expect(jumps.look()).toBe(0);
    vi.setSystemTime(Date.now() - 7_200_000);
    expect(jumps.look()).toBeCloseTo(-7_200_000, 0);
  });

  it("add up from small corrections that alone are none", () => {
    const jumps = new ClockJumps();
    vi.setSystemTime(Date.now() + 700);
    expect(jumps.look()).toBe(0);
    vi.setSystemTime(Date.now() + 700);
    expect(jumps.look()).toBeCloseTo(1_400, 0);
  });
});
