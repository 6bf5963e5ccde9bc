import { GROUPS } from "../../../src/bybit/catalogue/entry.ts";
import { FUNCTION_NAMES, FUNCTIONS } from "../../../src/bybit/catalogue.ts";
import { namesIn } from "../../../src/bybit/handbook.ts";
import { testedHow } from "./answers.ts";

/** Which function is tested how, as a page. */
export function coverageTable(): string {
  const local = FUNCTION_NAMES.filter((name) => testedHow(name) === "local exchange").length;
  const lines = [
    "# How the handbook is tested",
    "",
    "Written by `node scripts/handbook.ts`; a test fails when it is out of date. Every function is called over a real socket,",
    `signed where it must be: ${local} are answered by the local exchange, ${FUNCTION_NAMES.length - local} in the form of the documentation.`,
    "Faults of the line are tested in `test/bybit/faults.test.ts`, recorded answers of the real exchange in",
    "`test/bybit/fixtures.shared.test.ts` where they are at hand.",
    "",
  ];
  for (const group of GROUPS) {
    lines.push(`## ${group}`, "", "| function | request | tested against |", "|---|---|---|");
    for (const name of namesIn(group)) {
      const { method, path } = FUNCTIONS[name];
      lines.push(`| \`${name}\` | \`${method} ${path}\` | ${testedHow(name)} |`);
    }
    lines.push("");
  }
  return lines.join("\n");
}
