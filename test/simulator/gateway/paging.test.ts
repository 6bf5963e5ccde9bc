import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { page, timeWindow } from "../../../src/simulator/gateway/paging.ts";
import { queryParams } from "../../../src/simulator/gateway/params.ts";

const DAY = 86_400_000;

describe("page", () => {
  it("walks a list once, whatever the page size, while newer items arrive in front", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 20 }), (count, limit) => {
        let items = Array.from({ length: count }, (_, i) => count - i);
        const expected = [...items];
        const seen: number[] = [];
        let cursor = "";
        do {
          const { list, nextPageCursor } = page(items, limit, cursor, (n) => n);
          seen.push(...list);
          cursor = nextPageCursor;
          items = [count + 1_000, ...items];
          expect(cursor).toMatch(/^[A-Za-z0-9_-]*$/);
        } while (cursor !== "" && seen.length < 1_000);
        expect(seen).toEqual(expected);
      }),
    );
  });

  it.each(["x", "p", "p!", "a%3Db"])("refuses the foreign cursor %s", (cursor) => {
    expect(() => page([1], 1, cursor, (n) => n)).toThrow(expect.objectContaining({ code: "10001" }));
  });
});

describe("timeWindow", () => {
  const window = (query: string) => timeWindow(queryParams(query), 100 * DAY, 7 * DAY);

  it("is the last seven days when nothing is said", () => {
    expect(window("")).toEqual({ from: 93 * DAY, to: Number.POSITIVE_INFINITY });
  });
  it("reaches seven days from the one end that is said", () => {
    expect(window(`startTime=${10 * DAY}`)).toEqual({ from: 10 * DAY, to: 17 * DAY });
    expect(window(`endTime=${10 * DAY}`)).toEqual({ from: 3 * DAY, to: 10 * DAY });
  });
  it("refuses more than seven days, and an end before its start", () => {
    for (const query of [`startTime=1&endTime=${7 * DAY + 2}`, "startTime=5&endTime=4"]) {
      expect(() => window(query)).toThrow(expect.objectContaining({ code: "10001" }));
    }
  });
});
