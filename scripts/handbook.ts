// Writes docs/handbook.md from the catalogue of functions.
import { writeFileSync } from "node:fs";
import { handbookPage } from "../src/bybit/handbook.ts";

writeFileSync(new URL("../docs/handbook.md", import.meta.url), handbookPage());
