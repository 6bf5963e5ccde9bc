import { Decimal } from "decimal.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exact, exactNumber, exactProduct, exactShare, exactText } from "../../src/core/exact.ts";

const Wide = Decimal.clone({ precision: 80 });
const amounts = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });

describe("exact", () => {
  it("reads and writes plain decimals without losing a digit", () => {
    for (const text of ["0", "1", "-1", "0.1", "-0.000000000000000001", "123456789012.123456789012345678"]) {
      expect(exactText(exact(text))).toBe(text);
    }
    expect(exactText(exact("1.500"))).toBe("1.5");
    expect(exact("0.1") + exact("0.2")).toBe(exact("0.3"));
  });

  it.each(["", "1e5", ".5", "1.", "+1", " 1", "1.0000000000000000001", "NaN", "1,5"])("refuses %j", (text) => {
    expect(() => exact(text)).toThrow(expect.objectContaining({ code: "DECIMAL" }));
  });

  it("agrees with decimal.js on products and shares", () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        const product = new Wide(exactText(a)).times(exactText(b)).toDecimalPlaces(18, Decimal.ROUND_DOWN);
        expect(new Wide(exactText(exactProduct(a, b))).equals(product)).toBe(true);
        fc.pre(b !== 0n);
        const third = exactShare(a, b, 3n * b);
        const share = new Wide(exactText(a)).div(3).toDecimalPlaces(18, Decimal.ROUND_DOWN);
        expect(new Wide(exactText(third)).equals(share)).toBe(true);
      }),
    );
  });

  it("gives the nearest number", () => {
    fc.assert(fc.property(amounts, (a) => exactNumber(a) === Number(exactText(a))));
    expect(exactNumber(exact("0.1"))).toBe(0.1);
  });
});
