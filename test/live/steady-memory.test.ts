import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** Makes much garbage that lives for a while; prints the size of the young generation, MB. */
const WORK = `
  import { getHeapSpaceStatistics } from "node:v8";
  const kept = [];
  for (let i = 0; i < 3_000_000; i++) kept[i % 50_000] = { i, list: [i, i + 1] };
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
  console.log(young.space_size / 2 ** 20);
`;

describe("the memory of a bot", () => {
  const young = (before: string) =>
    Number(execFileSync(process.execPath, ["--input-type=module", "-e", `${before}${WORK}`], { encoding: "utf8" }));

  it("is not taken for a young generation that nobody needs", () => {
    const file = join(import.meta.dirname, "../../src/live/steady-memory.ts");
    expect(young(`import { keepMemorySteady } from ${JSON.stringify(file)}; keepMemorySteady();`)).toBeLessThan(5);
    expect(young("")).toBeGreaterThan(30);
  });
});
