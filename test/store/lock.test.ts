import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acquireLock } from "../../src/store/lock.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-lock-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const LOCK = () => join(dir, ".lock");
const holder = (fields: object) =>
  writeFileSync(LOCK(), JSON.stringify({ pid: process.pid, host: hostname(), started: "", token: "other", ...fields }));
/** The pid of a process that has ended. */
const gone = () => spawnSync(process.execPath, ["-e", ""]).pid;

describe("acquireLock", () => {
  it("lets one in, names its pid to the second, and leaves nothing behind", async () => {
    const lock = await acquireLock(dir);
    await expect(acquireLock(dir)).rejects.toMatchObject({
      code: "LOCKED",
      details: { pid: process.pid },
      message: expect.stringContaining(`process ${process.pid} is writing`),
    });
    await lock.assertHeld();
    await lock.release();
    expect(readdirSync(dir)).toEqual([]);
    await (await acquireLock(dir)).release();
  });

  it("takes over from a process that is gone, from a later process with its pid, and from a torn file", async () => {
    holder({ pid: gone() });
    await (await acquireLock(dir)).release();
    holder({ started: "1" });
    if (process.platform === "linux") await (await acquireLock(dir)).release();
    writeFileSync(LOCK(), '{"pid":');
    await (await acquireLock(dir)).release();
    expect(readdirSync(dir)).toEqual([]);
  });

  it("believes a holder on another machine", async () => {
    holder({ pid: gone(), host: "elsewhere" });
    await expect(acquireLock(dir)).rejects.toMatchObject({
      code: "LOCKED",
      message: expect.stringContaining("on elsewhere"),
    });
  });

  it("gives a stale lock to exactly one of many", async () => {
    for (let round = 0; round < 20; round++) {
      holder({ pid: gone() });
      const tries = await Promise.allSettled(Array.from({ length: 8 }, () => acquireLock(dir)));
      const winners = tries.filter((result) => result.status === "fulfilled");
      expect(winners).toHaveLength(1);
      await winners[0]!.value.assertHeld();
      await winners[0]!.value.release();
    }
  });

  it("notices that it was taken away, and does not remove another's", async () => {
    const lock = await acquireLock(dir);
    holder({ token: "thief" });
    await expect(lock.assertHeld()).rejects.toMatchObject({ code: "LOCK_LOST" });
    await lock.release();
    expect(readFileSync(LOCK(), "utf8")).toContain("thief");
  });
});
