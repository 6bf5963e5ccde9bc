import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ToolkitError } from "../../src/core/errors.ts";
import { askBot, type ControlHandlers, type ControlServer, serveControl } from "../../src/live/control.ts";
import { controlAddress, controlAddresses } from "../../src/live/control-address.ts";

let dir = "";
let journal = "";
let seen: unknown[] = [];
let server: ControlServer | undefined;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "control-"));
  journal = join(dir, "journal.sqlite");
  seen = [];
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(dir, { recursive: true });
});

const note = (request: unknown) => {
  seen.push(request);
};
const handlers: ControlHandlers = {
  status: (request) => {
    note(request);
    return { state: "trading", lanes: [] };
  },
  stop: async (request) => {
    note(request);
    return { state: "stopping" };
  },
  kill: note,
  rearm: () => {
    throw new ToolkitError("STARTING", "the bot is starting");
  },
  pause: () => {
    throw new TypeError("a defect");
  },
  resume: () => new Promise(() => {}),
};

/** Writes `text` to the bot's socket and returns all it says until it hangs up or has said `count` lines. */
async function raw(text: string | Buffer, count: number): Promise<string[]> {
  const socket = connect(server!.address);
  let got = "";
  socket.on("error", () => {});
  socket.write(text, () => {});
  await new Promise<void>((resolve) => {
    socket.on("data", (chunk) => {
      got += String(chunk);
      if (got.split("\n").length > count) resolve();
    });
    socket.on("close", () => resolve());
  });
  socket.destroy();
  return got.split("\n").filter(Boolean);
}

describe("serveControl and askBot", () => {
  it("answers with what the handler returns, now or later", async () => {
    server = await serveControl(journal, handlers);
    expect(await askBot(journal, { command: "status" }, 2_000)).toEqual({ state: "trading", lanes: [] });
    expect(await askBot(journal, { command: "stop", flatten: true, reason: "lunch" }, 2_000)).toEqual({
      state: "stopping",
    });
    expect(await askBot(journal, { command: "kill" }, 2_000)).toBeNull();
    expect(seen).toEqual([
      { command: "status" },
      { command: "stop", flatten: true, reason: "lunch" },
      { command: "kill" },
    ]);
  });

  it("passes a refusal on with its code, and a defect without harm", async () => {
    server = await serveControl(journal, handlers);
    await expect(askBot(journal, { command: "rearm" }, 2_000)).rejects.toMatchObject({
      code: "STARTING",
      message: "the bot is starting",
    });
    await expect(askBot(journal, { command: "pause" }, 2_000)).rejects.toMatchObject({ code: "UNEXPECTED" });
    expect(await askBot(journal, { command: "kill" }, 2_000)).toBeNull();
  });

  it("says NOT_RUNNING where nobody listens: never started, stopped, or dead", async () => {
    await expect(askBot(journal, { command: "status" }, 500)).rejects.toMatchObject({
      name: "ConfigError",
      code: "NOT_RUNNING",
    });
    server = await serveControl(journal, handlers);
    const { address } = server;
    await server.close();
    expect(existsSync(address)).toBe(false);
    await expect(askBot(journal, { command: "status" }, 500)).rejects.toMatchObject({ code: "NOT_RUNNING" });
  });

  it("gives up on a bot that does not answer", async () => {
    server = await serveControl(journal, handlers);
    await expect(askBot(journal, { command: "resume" }, 100)).rejects.toMatchObject({
      name: "OutcomeUnknown",
      code: "BOT_SILENT",
    });
    expect(await askBot(journal, { command: "kill" }, 2_000)).toBeNull();
  });

  it("refuses a second bot on one journal, by whatever name", async () => {
    server = await serveControl(journal, handlers);
    writeFileSync(journal, "");
    const other = join(dir, "link.sqlite");
    symlinkSync(journal, other);
    await expect(serveControl(other, handlers)).rejects.toMatchObject({ name: "ConfigError", code: "ALREADY_RUNNING" });
    expect(await askBot(other, { command: "kill" }, 2_000)).toBeNull();
  });

  it("takes the socket of a killed bot over", async () => {
    const address = controlAddress(journal);
    // A process that listens there and dies without a word leaves its socket behind.
    const script = `require("net").createServer().listen(${JSON.stringify(address)}, () => process.kill(process.pid, "SIGKILL"))`;
    await new Promise((resolve) => spawn(process.execPath, ["-e", script]).once("close", resolve));
    expect(statSync(address).isSocket()).toBe(true);
    await expect(askBot(journal, { command: "status" }, 500)).rejects.toMatchObject({ code: "NOT_RUNNING" });
    server = await serveControl(journal, handlers);
    expect(await askBot(journal, { command: "kill" }, 2_000)).toBeNull();
  });

  it("lets nobody else in: folder 0700, socket 0600", async () => {
    server = await serveControl(journal, handlers);
    expect(statSync(server.address).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(server.address)).mode & 0o777).toBe(0o700);
  });

  it.each([
    ["no JSON", "status\n"],
    ["no object", "3\n"],
    ["null", "null\n"],
    ["no id", '{"command":"kill"}\n'],
    ["an unknown command", '{"id":1,"command":"format"}\n'],
    ["a command of every object", '{"id":1,"command":"toString"}\n'],
    ["a flatten that is no truth", '{"id":1,"command":"stop","flatten":"yes"}\n'],
    ["a reason that is no text", '{"id":1,"command":"stop","reason":3}\n'],
  ])("refuses %s without asking the bot", async (_, line) => {
    server = await serveControl(journal, handlers);
    const [reply] = await raw(line, 1);
    expect(JSON.parse(reply!)).toMatchObject({ ok: false, error: { code: "REQUEST" } });
    expect(seen).toEqual([]);
    expect(await askBot(journal, { command: "kill" }, 2_000)).toBeNull();
  });

  it("answers several requests of one connection in order, a bad one in between", async () => {
    server = await serveControl(journal, handlers);
    const text = '{"id":"a","command":"kill"}\n{oops\n{"id":2,"command":"status"}\n';
    const replies = (await raw(text, 3)).map((line) => JSON.parse(line));
    expect(replies.map(({ id, ok }) => [id, ok])).toEqual([
      ["a", true],
      [null, false],
      [2, true],
    ]);
  });

  it("hangs up on a line that does not end", async () => {
    server = await serveControl(journal, handlers);
    const [reply] = await raw(Buffer.alloc(1_000_000, "x"), 1);
    if (reply) expect(JSON.parse(reply)).toMatchObject({ ok: false, error: { code: "LINE" } });
    expect(await askBot(journal, { command: "kill" }, 2_000)).toBeNull();
  });

  it("does not mind clients that vanish in the middle", async () => {
    server = await serveControl(journal, handlers);
    for (const text of ["", '{"id":1,"comm', '{"id":1,"command":"status"}\n', '{"id":1,"command":"resume"}\n']) {
      const socket = connect(server.address);
      await new Promise((resolve) => socket.write(text, resolve));
      socket.destroy();
    }
    expect(await askBot(journal, { command: "kill" }, 2_000)).toBeNull();
  });

  it("cleans a reason of control characters and cuts it", async () => {
    server = await serveControl(journal, handlers);
    await askBot(journal, { command: "kill", reason: `\u001b[31mred\n${"x".repeat(300)}` }, 2_000);
    const { reason } = seen[0] as { reason: string };
    expect(reason).toMatch(/^ \[31mred x+$/);
    expect(reason).toHaveLength(200);
  });

  it("survives any bytes", async () => {
    server = await serveControl(journal, handlers);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        await raw(Buffer.concat([bytes, Buffer.from("\n")]), 1);
      }),
      { numRuns: 50 },
    );
    expect(seen).toEqual([]);
    expect(await askBot(journal, { command: "kill" }, 2_000)).toBeNull();
  });
});

describe("controlAddress", () => {
  const platform = "linux" as const;

  it("is one per journal, short enough for a socket, in the user's own folder", () => {
    const places = { env: { XDG_RUNTIME_DIR: dir }, platform };
    const address = controlAddress(journal, places);
    expect(dirname(address)).toBe(join(dir, "grimoire"));
    expect(Buffer.byteLength(address)).toBeLessThan(104);
    expect(controlAddress(join(dir, "other.sqlite"), places)).not.toBe(address);
    writeFileSync(journal, "");
    expect(controlAddress(journal, places)).toBe(address);
    expect(controlAddress(join(realpathSync(dir), "journal.sqlite"), places)).toBe(address);
  });

  it("goes elsewhere when the folder would be too long, or others may enter it", () => {
    const deep = join(dir, "x".repeat(120));
    mkdirSync(deep);
    expect(dirname(controlAddress(journal, { env: { XDG_RUNTIME_DIR: deep }, platform }))).not.toContain("xxx");
    mkdirSync(join(dir, "grimoire"), { mode: 0o755 });
    const places = { env: { XDG_RUNTIME_DIR: dir }, platform };
    expect(dirname(controlAddress(journal, places))).not.toBe(join(dir, "grimoire"));
    expect(controlAddresses(journal, places)).not.toContain(join(dir, "grimoire"));
  });

  it("finds a bot that was started where the environment is another", async () => {
    const from = controlAddress(journal, { env: {}, platform });
    expect(controlAddresses(journal, { env: { XDG_RUNTIME_DIR: dir }, platform })).toContain(from);
  });

  it("is a pipe on Windows", () => {
    expect(controlAddress(journal, { env: {}, platform: "win32" })).toMatch(/^\\\\\.\\pipe\\grimoire-/);
  });

  it("does not take the address of somebody who answers there", async () => {
    const address = controlAddress(journal);
    const busy = createServer().listen(address);
    await new Promise((resolve) => busy.once("listening", resolve));
    await expect(serveControl(journal, handlers)).rejects.toMatchObject({ code: "ALREADY_RUNNING" });
    await new Promise((resolve) => busy.close(resolve));
  });
});
