import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { BotEffect } from "../../src/engine/inputs.ts";
import type { ApprovedRequest } from "../../src/engine/requests.ts";
import { Outbox, type UntimedInput } from "../../src/live/outbox.ts";
import { MemoryDisk } from "../support/live-bot.ts";

const request = (kind: "entry" | "exit") => ({ kind }) as unknown as ApprovedRequest;
const note = (at: number): BotEffect => ({ type: "journal", event: { type: "looked", at, until: at } });
const entry: BotEffect = { type: "send", id: "entry", request: request("entry") };
const exit: BotEffect = { type: "send", id: "exit", request: request("exit") };
const query: BotEffect = { type: "query", query: { kind: "account", since: 0 } };

function desk() {
  const disk = new MemoryDisk();
  const log: string[] = [];
  const told: UntimedInput[] = [];
  const journal = disk.open(
    () => false,
    (boundary) => log.push(boundary),
  );
  const outbox = new Outbox({
    journal,
    send: (id) => void log.push(`send ${id}`),
    ask: ({ kind }) => void log.push(`ask ${kind}`),
    tell: (input) => void told.push(input),
  });
  return { disk, log, told, outbox };
}

describe("the outbox", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("sends nothing before what led to it is on the disk", () => {
    const { log, outbox, disk } = desk();
    outbox.carryOut([note(1), note(2), entry, note(3), query, exit]);
    const expected = [
      "before sync",
      "after sync",
      "send entry",
      "before sync",
      "after sync",
      "ask account",
      "send exit",
    ];
    expect(log).toEqual(expected);
    expect(disk.synced).toHaveLength(3);
  });

  it("writes what nothing is sent for, too", () => {
    const { disk, outbox } = desk();
    outbox.carryOut([entry, note(1)]);
    expect(disk.synced).toHaveLength(1);
  });

  it("without a journal holds entries back and lets protective requests out", () => {
    const { log, told, outbox, disk } = desk();
    disk.failure = "no space left";
    outbox.carryOut([note(1), entry, exit, query]);
    expect(log.filter((line) => !line.includes("sync"))).toEqual(["send exit", "ask account"]);
    expect(told).toEqual([
      { type: "answer", id: "entry", outcome: { kind: "notSent", reason: "no journal: no space left" } },
      { type: "journal", isWritable: false },
    ]);
    expect(outbox.isWritable).toBe(false);
    outbox.close();
  });

  it("tries again every second until the disk takes what it owes", () => {
    const { told, outbox, disk } = desk();
    disk.failure = "no space left";
    outbox.carryOut([note(1)]);
    vi.advanceTimersByTime(3_500);
    expect(outbox.isWritable).toBe(false);
    disk.failure = null;
    vi.advanceTimersByTime(1_000);
    expect(outbox.isWritable).toBe(true);
    expect(disk.synced).toHaveLength(1);
    expect(told.filter(({ type }) => type === "journal")).toEqual([
      { type: "journal", isWritable: false },
      { type: "journal", isWritable: true },
    ]);
  });

  it("does not try again once it is closed", () => {
    const { told, outbox, disk } = desk();
    disk.failure = "no space left";
    outbox.carryOut([note(1)]);
    outbox.close();
    disk.failure = null;
    vi.advanceTimersByTime(10_000);
    expect(disk.synced).toHaveLength(0);
    expect(told).toHaveLength(1);
  });
});
