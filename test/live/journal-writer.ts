import { writeSync } from "node:fs";
import { openJournal } from "../../src/live/sqlite-journal.ts";

// Appends until it is killed, or until the disk takes no more; tells how many events are surely kept.
const [path = "", size = "40"] = process.argv.slice(2);
const journal = openJournal(path, { environment: "local", account: "main" });
let kept = journal.events.length;
for (;;) {
  journal.append({ type: "started", at: kept, lanes: ["x".repeat(Number(size))] });
  journal.append({ type: "peak", at: kept, equity: kept });
  if (!journal.sync()) {
    writeSync(1, `failed ${journal.failure}\n`);
    journal.append({ type: "peak", at: -1, equity: -1 });
    writeSync(1, `again ${journal.sync()}\n`);
    process.exit(0);
  }
  kept += 2;
  writeSync(1, `${kept}\n`);
}
