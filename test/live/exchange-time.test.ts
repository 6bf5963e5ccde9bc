import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ExchangeClock } from "../../src/bybit/exchange-clock.ts";
import { ExchangeTime } from "../../src/live/exchange-time.ts";

describe("exchange time", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["performance", "Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("in real pace is the clock's, and never goes back with it", () => {
    let reading = 1_000;
    const clock = new ExchangeClock({ monotonic: () => reading, wall: () => reading });
    const time = new ExchangeTime(clock, "real");
    expect(time.now()).toBe(1_000);
    reading = 400;
    expect(time.now()).toBe(1_000);
    reading = 1_200;
    expect(time.now()).toBe(1_200);
    expect(time.realMs(500)).toBe(500);
  });

  it("is never behind what the exchange was heard to say", () => {
    const time = new ExchangeTime(new ExchangeClock({ wall: () => 1_000 }), "real");
    time.hear(5_000);
    expect(time.now()).toBe(5_000);
    time.hear(2_000);
    expect(time.now()).toBe(5_000);
  });

  it("at a number runs so many times as fast as this machine", () => {
    const time = new ExchangeTime(new ExchangeClock(), 60);
    time.hear(1_000_000);
    vi.advanceTimersByTime(500);
    expect(time.now()).toBe(1_030_000);
    expect(time.realMs(60_000)).toBe(1_000);
  });

  it("at a number does not go back when it hears of an earlier time", () => {
    const time = new ExchangeTime(new ExchangeClock(), 10);
    time.hear(1_000_000);
    vi.advanceTimersByTime(100);
    time.hear(1_000_400);
    expect(time.now()).toBe(1_001_000);
  });

  it("in steps stands still until it is told", () => {
    const time = new ExchangeTime(new ExchangeClock(), "step");
    time.hear(7_000);
    vi.advanceTimersByTime(60_000);
    expect(time.now()).toBe(7_000);
  });
});
