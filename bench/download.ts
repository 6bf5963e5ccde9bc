// Three years of one-minute bars from a local exchange that keeps its rate limit: how near to the limit the download
// comes, and whether ten kills at random points end in the same bytes. node bench/download.ts
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "../src/core/random.ts";
import { OPENING, restExchange, seededMarket } from "../test/bybit/support/exchange.ts";

const DAYS = Number(process.argv[2] ?? 1_096);
const KILLS = 10;
const ALLOWED_PER_SECOND = 600 / 5;

const exchange = await restExchange({
  markets: [seededMarket("BTCUSDT", "linear", { days: DAYS })],
  startTime: OPENING + 30_000,
  limitScale: 1,
});
const root = mkdtempSync(join(tmpdir(), "grimoire-bench-download-"));
const clean = await run(join(root, "clean"));
const rate = clean.requestsPerSecond!;
console.log(`clean run: ${clean.bars} bars, ${clean.requests} requests in ${(clean.elapsedMs! / 1_000).toFixed(1)} s`);
console.log(
  `${rate.toFixed(1)} requests/s of ${ALLOWED_PER_SECOND} allowed (a tenth is kept for stops): ${Math.round((rate / ALLOWED_PER_SECOND) * 100)} %`,
);
console.log(`refused for asking too often: ${exchange.log.filter((line) => line.includes("10006")).length}`);

// Each new process is told nothing of what the one before has sent.
const draw = random("kills");
let done = 0;
for (let i = 0; i < KILLS; i++) {
  const killed = await run(join(root, "killed"), 600 + draw.below(Math.round(clean.elapsedMs! / KILLS)));
  if (killed.bars === null) done++;
}
const last = await run(join(root, "killed"));
const barred = exchange.log.filter((line) => line.includes(" 403 ")).length;
const same = digest(join(root, "clean")) === digest(join(root, "killed"));
console.log(
  `killed ${done} times, then finished in ${(last.elapsedMs! / 1_000).toFixed(1)} s: ${same ? "the same bytes" : "OTHER BYTES"}; ${barred} times barred`,
);
await exchange.close();
rmSync(root, { recursive: true });
process.exit(same ? 0 : 1);

interface Ran {
  readonly bars: number | null;
  readonly requests: number | null;
  readonly elapsedMs: number | null;
  readonly requestsPerSecond: number | null;
}

/** One run of the command in a process of its own, killed after a while when told. */
function run(dir: string, killAfterMs?: number): Promise<Ran> {
  const words = ["data", "download", "BTCUSDT", "--interval", "1", "--url", exchange.rest, "--dir", dir, "--json"];
  const child = spawn(process.execPath, ["src/cli/main.ts", ...words], { stdio: ["ignore", "pipe", "inherit"] });
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  let out = "";
  child.stdout.on("data", (data) => (out += data));
  return new Promise((resolve) => {
    child.on("close", () => {
      clearTimeout(timer);
      if (out === "") return resolve({ bars: null, requests: null, elapsedMs: null, requestsPerSecond: null });
      const { markets, ...rest } = JSON.parse(out);
      resolve({ bars: markets[0].series[0].bars, ...rest });
    });
  });
}

function digest(dir: string): string {
  const hash = createHash("sha256");
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  // A lock that a killed run left behind says who it was; the data is the same.
  const files = entries
    .filter((entry) => !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) hash.update(file.slice(dir.length)).update(readFileSync(file));
  return hash.digest("hex");
}
