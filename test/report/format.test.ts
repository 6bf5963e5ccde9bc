import { describe, expect, it } from "vitest";
import { change, count, day, metricText, money, parameter, percent, profit, ratio } from "../../src/report/format.ts";

describe("format", () => {
  it.each([
    [0.12345, "12.35%"],
    [-0.5, "-50.00%"],
    [-0.000001, "0.00%"],
    [12.3456, "1,235%"],
    [2e4, "> 1,000,000%"],
    [null, "–"],
  ])("writes %s as %s", (value, text) => {
    expect(percent(value)).toBe(text);
  });

  it.each([
    [1234.5, "1,234.50"],
    [-1_234_567.8, "-1,234,568"],
    [12_345_678, "12.35M"],
    [9.5e9, "9.50B"],
    [2e20, "2.00e+20"],
    [0.00123456, "0.001235"],
    [0, "0.00"],
    [-0.0049, "-0.004900"],
    [null, "–"],
  ])("writes the money %s as %s", (value, text) => {
    expect(money(value)).toBe(text);
  });

  it("puts a plus before gains only", () => {
    expect([change(0.1), change(-0.1), change(0), change(3e4)]).toEqual([
      "+10.00%",
      "-10.00%",
      "0.00%",
      "> 1,000,000%",
    ]);
    expect([profit(5), profit(-5), profit(0)]).toEqual(["+5.00", "-5.00", "0.00"]);
  });

  it("writes each metric by its unit", () => {
    expect(metricText("fraction", 0.5)).toBe("50.00%");
    expect(metricText("money", 5)).toBe("5.00");
    expect(metricText("ms", 90_000_000)).toBe("1d 1h");
    expect(metricText("ms", 0)).toBe("0");
    expect(metricText("count", 12_345)).toBe("12,345");
    expect(metricText("ratio", null)).toBe("–");
  });

  it("bounds ratios beyond all measure, rounds parameters, and names days in UTC", () => {
    expect([ratio(1.005), ratio(-1e9), ratio(33_333)]).toEqual(["1.00", "< -10,000", "> 10,000"]);
    expect([parameter(0.1 + 0.2), parameter("a\x1bb\n"), parameter(true)]).toEqual(["0.3", "a?b?", "true"]);
    expect(day(Date.UTC(2024, 1, 29, 23, 59))).toBe("2024-02-29");
    expect(count(-0.2)).toBe("0");
  });
});
