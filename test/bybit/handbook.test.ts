import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FUNCTION_NAMES, FUNCTIONS } from "../../src/bybit/catalogue.ts";
import { exampleWords, functionHelp, functionRecord, handbookPage, rateText } from "../../src/bybit/handbook.ts";

describe("the handbook", () => {
  it("docs/handbook.md is current (node scripts/handbook.ts writes it)", () => {
    expect(readFileSync("docs/handbook.md", "utf8")).toBe(handbookPage());
  });

  it.each(FUNCTION_NAMES.map((name) => [name]))("%s is on the page and has help with its example", (name) => {
    expect(handbookPage()).toContain(`### ${name}\n`);
    expect(functionHelp(name)).toContain(`grimoire api ${name}`);
    expect(functionHelp(name)).toContain(FUNCTIONS[name].path);
  });

  it("tells limits, repetition and what is needed", () => {
    expect(rateText(FUNCTIONS.cancel_all_orders.rate)).toBe("10/s, option 1/s, spot 20/s");
    expect(rateText(FUNCTIONS.create_internal_transfer.rate)).toBe("60/min");
    expect(functionHelp("place_order")).toMatch(/category\*\s+kind of market/);
    expect(functionHelp("add_or_reduce_margin")).toContain("never: each one adds up");
    expect(functionHelp("place_batch_order")).toContain("Each item of request");
    expect(functionHelp("get_server_time")).toContain("It takes no parameters.");
  });

  it("quotes what a shell would stumble over", () => {
    expect(exampleWords({ example: { a: 1, list: [{ b: "c" }] } })).toBe(` a=1 list='[{"b":"c"}]'`);
  });

  it("knows which names are pybit's", () => {
    expect(functionRecord("get_kline")).toMatchObject({
      pybitName: "get_kline",
      camelName: "getKline",
      path: "/v5/market/kline",
    });
    expect(functionRecord("get_full_orderbook").pybitName).toBeNull();
  });
});
