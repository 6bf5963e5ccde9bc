import { describe, expect, it } from "vitest";
import { FaultInjector } from "../../../src/simulator/faults/injector.ts";
import { faultPlan } from "../../../src/simulator/faults/rules.ts";

const injector = (rules: unknown[], seed = 1) => new FaultInjector(faultPlan({ seed, rules }, seed), 1_000);

describe("FaultInjector", () => {
  it("hits the path it names, after what it spares, as often as it may", () => {
    const faults = injector([{ fault: "answerLost", on: "order/create", skip: 1, count: 2 }]);
    const hits = [
      "/v5/order/create",
      "/v5/order/cancel",
      "/v5/order/create",
      "/v5/order/create",
      "/v5/order/create",
    ].map((path) => faults.hit(["answerLost"], path, 1_000)?.fault ?? "-");
    expect(hits).toEqual(["-", "-", "answerLost", "answerLost", "-"]);
    expect(faults.hits()).toEqual({ answerLost: 2 });
  });

  it("keeps to its span of exchange time", () => {
    const faults = injector([{ fault: "drop", fromMs: 10, untilMs: 20 }]);
    expect([1_009, 1_010, 1_019, 1_020].map((now) => faults.hit(["drop"], "order", now) !== undefined)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it("draws the same hits from the same seed, whatever other rules are there", () => {
    const draw = (rules: unknown[]) => {
      const faults = injector(rules);
      return Array.from({ length: 64 }, () => faults.hit(["drop"], "order", 1_000) !== undefined);
    };
    const rule = { fault: "drop", probability: 0.5 };
    const alone = draw([rule]);
    expect(alone).toContain(true);
    expect(alone).toContain(false);
    expect(draw([rule, { fault: "answerLost", probability: 0.5 }])).toEqual(alone);
  });
});

describe("faultPlan", () => {
  it.each([
    ["no plan", 7],
    ["an unknown fault", [{ fault: "meteor" }]],
    ["an unknown field", [{ fault: "drop", chance: 1 }]],
    ["a text for a number", [{ fault: "drop", count: "2" }]],
    ["a chance above one", [{ fault: "drop", probability: 1.5 }]],
  ])("refuses %s", (_name, json) => {
    expect(() => faultPlan(json, 1)).toThrow(expect.objectContaining({ code: "FAULTS", name: "ConfigError" }));
  });
});
