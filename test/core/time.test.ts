import { describe, expect, it } from "vitest";
import {
  DAY_MS,
  floorToInterval,
  formatDuration,
  formatTime,
  HOUR_MS,
  INTERVALS,
  intervalMs,
  intervalOf,
  parseInterval,
  parseTime,
} from "../../src/core/time.ts";

describe("intervals", () => {
  it("knows each by its name, its alias and its length", () => {
    expect(parseInterval("60")).toBe("60");
    expect(parseInterval("1h")).toBe("60");
    expect(parseInterval("1d")).toBe("D");
    expect(intervalMs("240")).toBe(4 * HOUR_MS);
    for (const interval of INTERVALS) expect(intervalOf(intervalMs(interval))).toBe(interval);
    expect(intervalOf(7)).toBeUndefined();
  });

  it.each(["", "2", "60T", "1y", "constructor"])("refuses %j", (text) => {
    expect(() => parseInterval(text)).toThrow(expect.objectContaining({ code: "INTERVAL" }));
  });

  it("starts days at midnight and weeks on Monday, UTC", () => {
    const thursday = Date.parse("2024-02-29T13:45:00Z");
    expect(floorToInterval(thursday, "D")).toBe(Date.parse("2024-02-29"));
    expect(floorToInterval(thursday, "W")).toBe(Date.parse("2024-02-26"));
    expect(floorToInterval(thursday, "15")).toBe(thursday);
  });
});

describe("times", () => {
  it.each([
    ["2024-01-31", "2024-01-31T00:00:00.000Z"],
    ["2024-01-31 07:30", "2024-01-31T07:30:00.000Z"],
    ["2024-01-31T07:30:15Z", "2024-01-31T07:30:15.000Z"],
    ["2024-01-31T07:30:00+02:00", "2024-01-31T05:30:00.000Z"],
    ["1706659200000", "2024-01-31T00:00:00.000Z"],
  ])("reads %s as UTC", (text, iso) => {
    expect(new Date(parseTime(text)).toISOString()).toBe(iso);
  });

  it.each(["yesterday", "2024-13-01", "31.01.2024", "", "2024"])("refuses %j", (text) => {
    expect(() => parseTime(text)).toThrow(expect.objectContaining({ code: "TIME" }));
  });

  it("prints for people", () => {
    expect(formatTime(Date.parse("2024-01-31T07:30:59Z"))).toBe("2024-01-31 07:30");
    expect(formatDuration(350)).toBe("350ms");
    expect(formatDuration(3 * DAY_MS + 4 * HOUR_MS + 5)).toBe("3d 4h");
    expect(formatDuration(12_000)).toBe("12s");
  });
});
