/** Writes docs/config.schema.json and the table of docs/guide/config.md from the schema: `node scripts/config-schema.ts`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { configTable, schemaText } from "../src/config/describe.ts";

const docs = join(import.meta.dirname, "../docs");
writeFileSync(join(docs, "config.schema.json"), schemaText());
const page = join(docs, "guide/config.md");
const text = readFileSync(page, "utf8");
writeFileSync(
  page,
  text.replace(/(<!-- fields -->\n).*(<!-- end -->)/s, (_, open, close) => open + configTable() + close),
);
