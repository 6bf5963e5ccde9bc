/** Draws docs/report.svg: what `grimoire demo` prints, in colour. Run it when the report changes. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../src/cli/main.ts";
import { reportPicture } from "../src/report/picture.ts";

const out = mkdtempSync(join(tmpdir(), "picture-"));
let printed = "";
await main(["demo", "--out", out], {
  out(text) {
    printed += text;
  },
  err() {},
  signal: new AbortController().signal,
  color: true,
  columns: 80,
});
rmSync(out, { recursive: true });
writeFileSync(join(import.meta.dirname, "../docs/report.svg"), reportPicture(printed.split("\n\nNext:")[0]!));
