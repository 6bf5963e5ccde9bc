import { describe, expect, it } from "vitest";
import { fraction, money } from "../../../src/simulator/wire/numbers.ts";

describe("money", () => {
  it.each([
    [0, "0"],
    [-0, "0"],
    [-1e-9, "0"],
    [100, "100"],
    [0.1 + 0.2, "0.3"],
    [215905033.68830001, "215905033.6883"],
    [1e-8, "0.00000001"],
    [-47.4065323, "-47.4065323"],
    [1.5e21, "1500000000000000000000"],
    [Number.NaN, ""],
  ])("prints %s as %s", (value, text) => expect(money(value)).toBe(text));

  it("prints a share with six digits", () => expect(fraction(1 / 3)).toBe("0.333333"));
});
