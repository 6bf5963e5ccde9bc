import { GROUPS } from "../../../src/bybit/catalogue/entry.ts";
import { FUNCTION_NAMES, FUNCTIONS } from "../../../src/bybit/catalogue.ts";
import { namesIn } from "../../../src/bybit/handbook.ts";
import { testedAgainst } from "./answers.ts";
import { streamCoverage } from "./stream-coverage.ts";

/** Which function is tested how, as a page. */
export function coverageTable(): string {
  const local = FUNCTION_NAMES.filter((name) => testedAgainst(name).includes("local exchange")).length;
  const lines = [
    "# How the handbook is tested",
    "",
    "Written by `node scripts/handbook.ts`; a test fails when it is out of date. Every function is called over a real socket,",
    `signed where it must be: ${local} of ${FUNCTION_NAMES.length} are answered by the local exchange, the others in the form of the documentation`,
    "(`test/bybit/coverage.test.ts`, `test/e2e/handbook.test.ts`). Faults of the line are tested in `test/bybit/faults.test.ts`, recorded answers of the real exchange in",
    "`test/bybit/fixtures.shared.test.ts` where they are at hand.",
    "",
  ];
  for (const group of GROUPS) {
    lines.push(`## ${group}`, "", "| function | request | tested against |", "|---|---|---|");
    for (const name of namesIn(group)) {
      const { method, path } = FUNCTIONS[name];
      lines.push(`| \`${name}\` | \`${method} ${path}\` | ${testedAgainst(name).join(", ")} |`);
    }
    lines.push("");
  }
  return [...lines, ...streamCoverage()].join("\n");
}
