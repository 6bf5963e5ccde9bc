import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { random } from "../../src/core/random.ts";
import { runProcess, startProcess } from "../support/process.ts";

let dir = "";
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-interrupt-"));
  const made = await runProcess(["data", "generate", "--interval", "60", "--days", "200", "--out", "bars.csv"], dir);
  expect(made.code, made.err).toBe(0);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const TRIALS = 200;
const search = (study: string, ...more: string[]) => [
  ...["optimize", "--strategy", "ensemble", "--data", "bars.csv", "--min-trades", "5", "--seed", "3"],
  ...["--trials", String(TRIALS), "--jobs", "1", "--storage", `${study}.sqlite`, "--study", "s", "--json", ...more],
];

/** What must not depend on how often a search was stopped. */
async function finished(study: string, ...more: string[]) {
  const { code, out, err } = await runProcess(search(study, ...more), dir);
  expect(code, err).toBe(0);
  const { elapsedMs: _, ...rest } = JSON.parse(out);
  return rest;
}

const start = (args: readonly string[]) => startProcess(args, dir);
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Starts a search and comes back `ms` after it has opened its study. */
async function searching(study: string, ms: number, ...more: string[]) {
  const before = existsSync(join(dir, `${study}.sqlite`));
  const started = start(search(study, ...more));
  while (!existsSync(join(dir, `${study}.sqlite`)) && started.child.exitCode === null) await wait(5);
  await wait(before ? 350 + ms : ms);
  return started;
}

const BATCH = ["--batch", "2"];
const inThreads = (jobs: string) => ["--jobs", jobs, ...BATCH];
let whole: unknown;
beforeAll(async () => {
  whole = await finished("whole", ...inThreads("1"));
}, 30_000);

describe("a search that is stopped", () => {
  it.each([["1"], ["2"]])(
    "by Ctrl-C ends with 130, and resumes to the same end with --jobs %s",
    async (jobs) => {
      const study = `interrupted-${jobs}`;
      let stops = 0;
      for (let round = 0; round < 20 && stops < 3; round++) {
        const { child, done } = await searching(study, 40 * round, ...inThreads(jobs));
        child.kill("SIGINT");
        const { code, err } = await done;
        if (code === 0) break;
        if (code === null) continue; // it had not begun to listen
        expect(code, err).toBe(130);
        expect(err).toMatch(/^stopped after \d+ of 200 trials, all kept; the same command with --study s goes on\n$/);
        stops += 1;
      }
      expect(stops).toBeGreaterThan(0);
      expect(await finished(study, ...inThreads(jobs))).toEqual(whole);
    },
    60_000,
  );

  it("by SIGKILL, wherever it is, resumes to the same end: ten rounds", async () => {
    const moment = random(20_240_101);
    const rounds = Array.from({ length: 10 }, (_, k) => ({
      study: `killed-${k}`,
      ms: moment.below(400),
      jobs: 1 + (k % 2),
    }));
    let kills = 0;
    const lane = async () => {
      for (let next = rounds.pop(); next; next = rounds.pop()) {
        const more = inThreads(String(next.jobs));
        const { child, done } = await searching(next.study, next.ms, ...more);
        child.kill("SIGKILL");
        if ((await done).code === null) kills += 1;
        expect(await finished(next.study, ...more), JSON.stringify(next)).toEqual(whole);
      }
    };
    await Promise.all([lane(), lane(), lane()]);
    expect(kills).toBeGreaterThan(5);
  }, 60_000);
});

describe("a search", () => {
  it("finds the same with one job, two, and other batches where the sampler does not learn", async () => {
    const of = (study: string, ...more: string[]) => finished(study, "--sampler", "random", ...more);
    const one = await of("random-1");
    expect(await of("random-2", "--jobs", "2")).toEqual(one);
    expect(await of("random-3", "--batch", "7")).toEqual(one);
    expect(await of("random-4", "--jobs", "2", "--batch", "300")).toEqual(one);
  }, 60_000);

  it("started twice at once on one study: one goes on, the other says who has it", async () => {
    const first = await searching("busy", 300, "--trials", "20000");
    const second = await runProcess(search("busy", "--trials", "20000"), dir);
    first.child.kill("SIGKILL");
    await first.done;
    expect([second.code, second.err.trim().split("\n").length]).toEqual([1, 1]);
    expect(second.err).toMatch(/study .* \[STUDY_BUSY\]/);
  }, 30_000);

  it.each([
    ["another strategy", ["--strategy", "macd-adx"]],
    ["other data", ["--from", "2024-02-01"]],
    ["other costs", ["--fee", "0.002"]],
    ["another objective", ["--objective", "calmar"]],
  ])("refuses to resume a study of %s", async (_, more) => {
    if (!existsSync(join(dir, "kept.sqlite"))) await finished("kept", "--trials", "6");
    const { code, err } = await runProcess(search("kept", ...more), dir);
    expect([code, err.trim().split("\n").length], err).toEqual([1, 1]);
    expect(err).toMatch(/study .*\[STUDY_MISMATCH\]/);
  });
});
