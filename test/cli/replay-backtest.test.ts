import { describe, expect, it } from "vitest";
import { backtestSettings } from "../../src/backtest/settings.ts";
import type { Run } from "../../src/cli/backtest-options.ts";
import type { Io } from "../../src/cli/io.ts";
import { replayRun } from "../../src/cli/replay-backtest.ts";
import { type Bars, barsOf } from "../../src/model/bar.ts";
import { generateBars } from "../../src/store/generate.ts";
import { supertrend } from "../../src/strategies/supertrend.ts";

const bars = generateBars({ seed: 1, interval: "1", from: Date.UTC(2024, 0), length: 25_000 });

function runOf(given: Bars): Run {
  return {
    ...{ strategy: supertrend, strategyName: "supertrend", bars: given, history: null },
    ...{ settings: backtestSettings(), extras: {} },
  };
}

function ioWith(signal: AbortSignal): Io & { said: string[] } {
  const said: string[] = [];
  return { out() {}, err: (text) => void said.push(text), signal, color: false, columns: 80, said };
}

describe("replayRun", () => {
  it("gives others their turn, and ends early when it is interrupted", async () => {
    const controller = new AbortController();
    const replaying = replayRun(runOf(bars), {}, ioWith(controller.signal));
    controller.abort();
    expect(await replaying).toBeNull();
    const whole = await replayRun(runOf(bars), {}, ioWith(new AbortController().signal));
    expect(whole!.trades.length).toBeGreaterThan(100);
  });

  it("makes up a grid as fine as the prices are, and tells what it rounds", async () => {
    const finer = (decimals: number) => {
      const shift = (values: Float64Array) =>
        values.map((value) => Number((value + 10 ** -decimals).toFixed(decimals)));
      const { symbol, interval, time, volume, open, high, low, close } = bars;
      const prices = { open: shift(open), high: shift(high), low: shift(low), close: shift(close) };
      return barsOf({ symbol, interval }, { time, volume, ...prices });
    };
    const fits = ioWith(new AbortController().signal);
    const { trades } = (await replayRun(runOf(finer(3)), {}, fits))!;
    expect(fits.said).toEqual([expect.stringMatching(/no instrument for SYNTHUSDT.*tick 0\.001,/)]);
    expect(trades[0]!.entryPrice).toBe(Number(trades[0]!.entryPrice.toFixed(3)));
    const rounded = ioWith(new AbortController().signal);
    await replayRun(runOf(finer(9)), {}, rounded);
    expect(rounded.said[1]).toBe("25000 of 25000 bars of SYNTHUSDT have prices off the tick 0.0001: rounded");
  });
});
