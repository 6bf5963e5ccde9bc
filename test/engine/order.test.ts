import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OrderFact } from "../../src/engine/facts.ts";
import { afterFact, afterOutcome, isFinal, type OrderRecord } from "../../src/engine/order.ts";

const INTENT: OrderRecord = {
  linkId: "g1",
  lane: "a",
  symbol: "BTCUSDT",
  purpose: "entry",
  side: "buy",
  qty: "1",
  stopLoss: "90",
  takeProfit: null,
  barTime: 0,
  createdAt: 0,
  state: "intended",
  orderId: null,
  cumExecQty: "0",
  reason: null,
};
const fact = (status: string, cumExecQty = "0", given: Partial<OrderFact> = {}): OrderFact => ({
  symbol: "BTCUSDT",
  orderId: "77",
  orderLinkId: "g1",
  status,
  cumExecQty,
  qty: "1",
  reduceOnly: false,
  stopOrderType: "",
  rejectReason: "EC_NoError",
  updatedTime: 0,
  ...given,
});

describe("an order", () => {
  it("takes the exchange's answer for what it is worth", () => {
    expect(afterOutcome(INTENT, { kind: "accepted", orderId: "77" })).toMatchObject({
      state: "working",
      orderId: "77",
    });
    expect(afterOutcome(INTENT, { kind: "refused", code: 110007, reason: "no money" })).toMatchObject({
      state: "refused",
      reason: "110007 no money",
    });
    expect(afterOutcome(INTENT, { kind: "unknown", reason: "timeout" })).toMatchObject({ state: "unknown" });
    expect(afterOutcome(INTENT, { kind: "notSent", reason: "no route" })).toMatchObject({ state: "expired" });
  });

  it("an answer that comes after the fill changes nothing", () => {
    const filled = afterFact(INTENT, fact("Filled", "1"));
    expect(afterOutcome(filled, { kind: "unknown", reason: "timeout" })).toMatchObject({ state: "filled" });
    expect(afterOutcome(filled, { kind: "refused", code: 1, reason: "?" })).toMatchObject({ state: "filled" });
  });

  it("keeps a late fill of a canceled order", () => {
    const canceled = afterFact(INTENT, fact("Cancelled", "0.4"));
    expect([canceled.state, isFinal(canceled.state)]).toEqual(["canceled", true]);
    expect(afterFact(canceled, fact("Filled", "1", { rejectReason: "EC_OrigClOrdIDDoesNotExist" }))).toMatchObject({
      state: "filled",
      cumExecQty: "1",
    });
  });

  it("a word nobody knows changes no state", () => {
    expect(afterFact(INTENT, fact("Pondering", "0.2"))).toMatchObject({ state: "intended", cumExecQty: "0.2" });
  });

  it("an asynchronous rejection ends an accepted order", () => {
    const accepted = afterOutcome(INTENT, { kind: "accepted", orderId: "77" });
    const rejected = afterFact(accepted, fact("Rejected", "0", { rejectReason: "EC_PostOnlyWillTakeLiquidity" }));
    expect(rejected).toMatchObject({ state: "refused", reason: "EC_PostOnlyWillTakeLiquidity" });
  });

  it("ends the same in whatever order its facts come, and however often", () => {
    const life = [fact("New"), fact("PartiallyFilled", "0.3"), fact("PartiallyFilled", "0.7"), fact("Filled", "1")];
    const shuffled = fc.shuffledSubarray(life, { minLength: 4 });
    fc.assert(
      fc.property(shuffled, fc.array(fc.nat(3), { maxLength: 6 }), (order, again) => {
        const told = [...order, ...again.map((k) => life[k]!)];
        const end = told.reduce(afterFact, INTENT);
        expect(end).toMatchObject({ state: "filled", cumExecQty: "1", orderId: "77" });
      }),
    );
  });
});
