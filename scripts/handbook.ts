// Writes docs/handbook.md and docs/handbook-coverage.md from the catalogue of functions and its tests.
import { writeFileSync } from "node:fs";
import { handbookPage } from "../src/bybit/handbook.ts";
import { coverageTable } from "../test/bybit/support/coverage.ts";

writeFileSync(new URL("../docs/handbook.md", import.meta.url), handbookPage());
writeFileSync(new URL("../docs/handbook-coverage.md", import.meta.url), coverageTable());
