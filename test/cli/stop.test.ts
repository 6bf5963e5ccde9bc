import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stopBot } from "../../src/cli/commands/stop.ts";
import type { Io } from "../../src/cli/io.ts";
import { ToolkitError } from "../../src/core/errors.ts";
import { askBot, type ControlRequest, type ControlServer, serveControl } from "../../src/live/control.ts";
import type { TraderStatus } from "../../src/live/status.ts";
import { STORED, status } from "../support/fake-bot.ts";

let dir = "";
let server: ControlServer | undefined;
let told: ControlRequest[] = [];
let now: TraderStatus = status();
const home = process.cwd();
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-stop-"));
  process.chdir(dir);
  told = [];
  now = status();
});
afterEach(async () => {
  process.chdir(home);
  await server?.close();
  server = undefined;
  rmSync(dir, { recursive: true });
});

/** A bot that does `onTold` about each order. */
async function bot(onTold: (request: ControlRequest) => void): Promise<void> {
  const take = (request: ControlRequest) => {
    told.push(request);
    onTold(request);
    return now;
  };
  server = await serveControl("bot.sqlite", {
    ...{ status: () => now, stop: take, kill: take, rearm: take, pause: take, resume: take },
  });
}

const end = () => void setTimeout(() => void server!.close(), 300);

async function stopped(flags: Partial<Parameters<typeof stopBot>[1]>, readJournal = () => STORED) {
  const seen: string[] = [];
  const io: Io = {
    ...{ color: false, columns: 80, err: () => {}, signal: new AbortController().signal },
    out: (text) => void seen.push(text),
  };
  let error: unknown = null;
  await stopBot("bot.sqlite", { wait: "5", ...flags }, io, { askBot, readJournal }).catch((thrown) => {
    error = thrown;
  });
  return { out: seen.join("\n"), error };
}

describe("grimoire stop", () => {
  it("asks the bot to end, waits until it has, and shows what remained", async () => {
    await bot(end);
    const { out, error } = await stopped({ reason: "lunch" });
    expect(error).toBeNull();
    expect(told).toEqual([{ command: "stop", reason: "lunch" }]);
    expect(out).toContain("not running since 2025-01-31 11:59 UTC");
    expect(out).toContain("BTCUSDT    long 0.1 at 62000, stop 61200");
  });

  it.each([
    [{ flatten: true }, { command: "stop", flatten: true }],
    [{ keep: true }, { command: "stop", flatten: false }],
    [{ kill: true }, { command: "kill" }],
    [{ rearm: true }, { command: "rearm" }],
    [{ pause: true }, { command: "pause" }],
    [{ resume: true }, { command: "resume" }],
  ])("%j asks for %j", async (flags, request) => {
    await bot(({ command }) => {
      if (command === "stop") end();
    });
    const { out, error } = await stopped({ ...flags, json: true });
    expect(error).toBeNull();
    expect(told).toEqual([request]);
    expect(JSON.parse(out)).toMatchObject({ isRunning: request.command !== "stop" });
  });

  it("waits with --kill until everything is closed", async () => {
    await bot(() => {
      now = status({ state: "closing", latches: ["killed"] });
      setTimeout(() => {
        now = status({ state: "halted", latches: ["killed"], lanes: [] });
      }, 300);
    });
    const { out, error } = await stopped({ kill: true });
    expect(error).toBeNull();
    expect(out).toContain("testnet/main  halted");
    expect(out).toContain("No entries: killed.");
  });

  it("says with exit code 1 that it is not done when the wait is over", async () => {
    await bot(() => {
      now = status({ state: "closing" });
    });
    for (const flags of [{ kill: true }, {}]) {
      const { out, error } = await stopped({ ...flags, wait: "0.3" });
      expect(error).toMatchObject({ name: "NegativeResult", code: "STILL_RUNNING" });
      expect(out).toContain("closing");
    }
  });

  it("only asks with --wait 0", async () => {
    await bot(() => {});
    expect((await stopped({ wait: "0" })).error).toBeNull();
    expect(told).toEqual([{ command: "stop" }]);
  });

  it("waits for a bot that is only starting", async () => {
    let asked = 0;
    const take = (request: ControlRequest) => {
      told.push(request);
      end();
    };
    const starting = () => {
      if (++asked < 3) throw new ToolkitError("STARTING", "the bot is starting");
      return now;
    };
    server = await serveControl("bot.sqlite", {
      ...{ status: starting, stop: take, kill: take, rearm: take, pause: take, resume: take },
    });
    expect((await stopped({})).error).toBeNull();
    expect(told).toHaveLength(1);
  });

  it("refuses where no bot runs, and two wishes at a time", async () => {
    writeFileSync("bot.sqlite", "");
    expect((await stopped({})).error).toMatchObject({ name: "ConfigError", code: "NOT_RUNNING" });
    for (const flags of [
      { kill: true, flatten: true },
      { pause: true, resume: true },
      { keep: true, flatten: true },
      { wait: "soon" },
      { wait: "-1" },
    ]) {
      expect((await stopped(flags)).error).toMatchObject({ name: "ArgumentError" });
    }
    expect(told).toEqual([]);
  });

  it("tells when the bot ended in place of doing what it was asked", async () => {
    await bot(() => {
      now = status({ state: "closing" });
      end();
    });
    const { out, error } = await stopped({ kill: true });
    expect(error).toMatchObject({ code: "NOT_RUNNING", message: "the bot ended meanwhile" });
    expect(out).toContain("not running since");
  });
});
