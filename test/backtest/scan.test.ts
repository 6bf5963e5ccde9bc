import { describe, expect, it } from "vitest";
import { signalScan } from "../../src/backtest/scan.ts";
import { bitsAt } from "../support/small-market.ts";

const LENGTH = 100;
const at = (...bars: number[]) => bitsAt(LENGTH, ...bars);
const none = () => {
  throw new Error("no conflict here");
};

describe("signalScan", () => {
  const signals = {
    length: LENGTH,
    warmup: 0,
    enterLong: at(3, 40, 70),
    exitLong: at(5, 90),
    enterShort: at(20, 70, 80),
  };

  it("finds entries of both sides in order, and skips bars with both", () => {
    const scan = signalScan(signals, "both");
    expect([0, 3, 4, 20, 21, 40].map((from) => scan.nextEntry(from, none))).toEqual([3, 3, 20, 20, 40, 40]);
    expect([scan.directionAt(3), scan.directionAt(20)]).toEqual([1, -1]);
    let conflicts = 0;
    expect(scan.nextEntry(41, () => conflicts++)).toBe(80);
    expect(conflicts).toBe(1);
    expect(scan.nextEntry(81, none)).toBe(-1);
  });

  it("ends a position by its exit or by the other side alone", () => {
    const scan = signalScan(signals, "both");
    expect([scan.nextExit(1, 0), scan.nextExit(1, 6), scan.nextExit(1, 21), scan.nextExit(1, 81)]).toEqual([
      5, 20, 80, 90,
    ]);
    expect([scan.nextExit(-1, 0), scan.nextExit(-1, 41), scan.nextExit(1, 91)]).toEqual([3, LENGTH, LENGTH]);
    expect([scan.reversesAt(1, 20), scan.reversesAt(1, 70), scan.reversesAt(1, 5), scan.reversesAt(-1, 40)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it("remembers without forgetting to look back", () => {
    const scan = signalScan(signals, "long");
    expect([50, 0, 60, 4, 71].map((from) => scan.nextEntry(from, none))).toEqual([70, 3, 70, 40, -1]);
  });

  it("hears one side only when told", () => {
    expect(signalScan(signals, "long").nextExit(1, 6)).toBe(90);
    const short = signalScan(signals, "short");
    expect([short.nextEntry(0, none), short.nextExit(-1, 21)]).toEqual([20, LENGTH]);
  });

  it("leaves rules to be asked", () => {
    const rule = () => true;
    const scan = signalScan({ length: LENGTH, warmup: 0, enterLong: at(1), exitLong: rule }, "both");
    expect([scan.rule(1), scan.rule(-1), scan.nextExit(1, 0)]).toEqual([rule, null, LENGTH]);
  });
});
