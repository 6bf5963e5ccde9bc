import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type GenerateOptions, generateBars } from "../../src/store/generate.ts";

const FROM = Date.UTC(2023, 0, 2);
const year = (options: Partial<GenerateOptions> = {}) =>
  generateBars({ seed: 7, interval: "1", from: FROM, length: 525_600, ...options });

function logReturns(bars: ReturnType<typeof generateBars>, every: number): number[] {
  const out: number[] = [];
  for (let i = every; i < bars.length; i += every) out.push(Math.log(bars.close[i]! / bars.close[i - every]!));
  return out;
}
const mean = (xs: readonly number[]) => xs.reduce((sum, x) => sum + x, 0) / xs.length;
const moment = (xs: readonly number[], power: number) => mean(xs.map((x) => x ** power)); // about zero
function correlation(xs: readonly number[], ys: readonly number[]): number {
  const [mx, my] = [mean(xs), mean(ys)];
  const cross = mean(xs.map((x, i) => (x - mx) * (ys[i]! - my)));
  return cross / Math.sqrt(mean(xs.map((x) => (x - mx) ** 2)) * mean(ys.map((y) => (y - my) ** 2)));
}
function autocorrelation(xs: readonly number[], lag: number): number {
  const m = mean(xs);
  let cross = 0;
  let square = 0;
  xs.forEach((x, i) => {
    square += (x - m) ** 2;
    if (i >= lag) cross += (x - m) * (xs[i - lag]! - m);
  });
  return cross / square;
}

describe("generateBars", () => {
  it("makes the same bytes from the same options, other bytes from another seed", () => {
    const make = (seed: number) => generateBars({ seed, interval: "60", from: FROM, length: 500 });
    expect(make(1)).toEqual(make(1));
    expect(make(1).close).not.toEqual(make(2).close);
  });

  it("keeps these bytes from release to release", () => {
    const bars = generateBars({ seed: 42, interval: "15", from: FROM, length: 3, startPrice: 100, tickSize: "0.01" });
    const row = (i: number) => [
      bars.open[i],
      bars.high[i],
      bars.low[i],
      bars.close[i],
      bars.volume[i],
      bars.turnover[i],
    ];
    expect([row(0), row(1), row(2)]).toMatchInlineSnapshot(`
      [
        [
          100,
          100.05,
          99.84,
          99.96,
          17802.121,
          1779874.5131,
        ],
        [
          99.96,
          100.1,
          99.95,
          100.06,
          17285.101,
          1728672.1056,
        ],
        [
          100.06,
          100.08,
          99.95,
          99.98,
          11858.728,
          1186079.4484,
        ],
      ]
    `);
  });

  it("a shorter run is the beginning of a longer one", () => {
    const long = generateBars({ seed: 3, interval: "5", from: FROM, length: 400 });
    const short = generateBars({ seed: 3, interval: "5", from: FROM, length: 150 });
    expect([...short.close]).toEqual([...long.close.subarray(0, 150)]);
  });

  it("opens each bar at the close before it, on the tick, inside high and low, without gaps", () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.nat(),
          interval: fc.constantFrom("1" as const, "5" as const, "60" as const, "D" as const, "W" as const),
          tickSize: fc.constantFrom("0.1", "0.5", "0.01", "0.0001", "1"),
          startPrice: fc.double({ min: 2, max: 1e5, noNaN: true }),
          annualVolatility: fc.double({ min: 0, max: 5, noNaN: true }),
        }),
        (options) => {
          const bars = generateBars({ ...options, from: FROM, length: 200 });
          const decimals = options.tickSize.split(".")[1]?.length ?? 0;
          for (let i = 0; i < bars.length; i++) {
            if (i > 0) expect(bars.open[i]).toBe(bars.close[i - 1]);
            const [o, h, l, c] = [bars.open[i]!, bars.high[i]!, bars.low[i]!, bars.close[i]!];
            expect(l > 0 && l <= Math.min(o, c) && h >= Math.max(o, c)).toBe(true);
            for (const price of [o, h, l, c]) expect(Number(price.toFixed(decimals))).toBe(price);
            expect(bars.volume[i]! >= 0 && bars.turnover[i]! >= 0).toBe(true);
            expect(bars.time[i]! - bars.time[0]!).toBe(i * (bars.time[1]! - bars.time[0]!));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("moves like a market: the volatility asked for, fat tails, clusters that last, no memory in the sign", () => {
    const perMinute = logReturns(year(), 1);
    const hourly = logReturns(year(), 60);
    expect(Math.sqrt(moment(perMinute, 2) * 525_600)).toBeGreaterThan(0.45);
    expect(Math.sqrt(moment(perMinute, 2) * 525_600)).toBeLessThan(1.05);
    expect(moment(hourly, 4) / moment(hourly, 2) ** 2).toBeGreaterThan(6); // a normal has 3
    expect(moment(perMinute, 4) / moment(perMinute, 2) ** 2).toBeGreaterThan(10);
    const size = hourly.map(Math.abs);
    expect(autocorrelation(size, 1)).toBeGreaterThan(0.15);
    expect(autocorrelation(size, 24)).toBeGreaterThan(0.05);
    expect(autocorrelation(size, 1)).toBeGreaterThan(autocorrelation(size, 48));
    expect(Math.abs(autocorrelation(hourly, 1))).toBeLessThan(0.05);
  });

  it("trades more when it moves more and at New York's afternoon than in the night", () => {
    const bars = year({ length: 200_000 });
    const xs = Array.from({ length: bars.length }, (_, i) => Math.log(bars.high[i]! / bars.low[i]! + 1e-6));
    const ys = Array.from(bars.volume, (v) => Math.log(v + 1e-3));
    expect(correlation(xs, ys)).toBeGreaterThan(0.4);
    const hour = (h: number) => mean(Array.from(bars.turnover).filter((_, i) => Math.floor(i / 60) % 24 === h));
    expect(hour(15)).toBeGreaterThan(1.5 * hour(21));
  });

  it("trades about the turnover asked for", () => {
    const bars = year({ dailyTurnover: 1e6, startPrice: 10, tickSize: "0.001" });
    expect(mean(Array.from(bars.turnover)) * 1440).toBeGreaterThan(0.5e6);
    expect(mean(Array.from(bars.turnover)) * 1440).toBeLessThan(2e6);
  });

  it("counts bars up to an end, and starts on the grid", () => {
    const bars = generateBars({ seed: 1, interval: "60", from: FROM + 5, to: FROM + 86_400_000 });
    expect([bars.length, bars.time[0]]).toEqual([24, FROM]);
  });

  it.each([
    ["LENGTH", { length: 0 }],
    ["LENGTH", { length: 2.5 }],
    ["LENGTH", { to: FROM }],
    ["START_PRICE", { length: 1, startPrice: 0 }],
    ["START_PRICE", { length: 1, startPrice: NaN }],
    ["VOLATILITY", { length: 1, annualVolatility: -1 }],
    ["STEP", { length: 1, tickSize: "0" }],
  ])("refuses with %s: %j", (code, options) => {
    expect(() => generateBars({ seed: 1, interval: "1", from: FROM, ...options })).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
