import { describe, expect, it } from "vitest";
import { bodyParams, Params, queryParams } from "../../../src/simulator/gateway/params.ts";

const refuses = (work: () => unknown, message: RegExp) => {
  expect(work).toThrow(expect.objectContaining({ code: "10001", message: expect.stringMatching(message) }));
};

describe("params", () => {
  it("reads numbers of a query and of a body alike", () => {
    expect(queryParams("limit=7&startTime=1700000000000").integer("limit", { min: 1, max: 10 })).toBe(7);
    expect(bodyParams('{"limit": 7}').integer("limit", { min: 1, max: 10 })).toBe(7);
  });

  it("counts an empty text as absent", () => {
    expect(queryParams("symbol=").text("symbol")).toBe("");
    refuses(() => queryParams("symbol=").required("symbol"), /symbol is required/);
  });

  it.each(["1e5", "-1", "0x10", " 1", "1.2.3", "NaN", "", "9".repeat(41)].filter(Boolean))(
    "refuses %s as a price",
    (text) => refuses(() => new Params({ price: text }).decimal("price"), /price invalid/),
  );

  it("refuses a JSON number where Bybit wants a decimal string", () => {
    refuses(() => new Params({ qty: 1 }).decimal("qty"), /qty must be a string/);
  });

  it.each(["[]", "null", "7", "{", '"x"', "\u0000"])("refuses %j as a body", (body) => {
    refuses(() => bodyParams(body), /body/);
  });

  it("reads an absent body as no parameters", () => expect(bodyParams("").text("symbol")).toBe(""));

  it("is not fooled by names that objects are born with", () => {
    expect(queryParams("__proto__=x").text("constructor")).toBe("");
  });

  it("names the choices when one is wrong", () => {
    refuses(() => new Params({ side: "buy" }).oneOf("side", ["Buy", "Sell"]), /side invalid, use Buy\|Sell/);
  });

  it("refuses a limit above the endpoint's own", () => refuses(() => queryParams("limit=51").limit(50, 20), /range/));
});
