import { type ChildProcess, spawn } from "node:child_process";
import { extname, join } from "node:path";
import { createInterface } from "node:readline";
import { ToolkitError } from "../../../core/errors.ts";
import { progress } from "../../../report/progress.ts";
import type { Exchange } from "../../../simulator/exchange.ts";
import type { Io } from "../../io.ts";

export interface LiveOptions {
  readonly exchange: Exchange;
  readonly config: string;
  readonly journal: string;
  /** First bar of history, and the end, epoch ms. */
  readonly warmupFrom: number;
  readonly until: number;
}

/** How often to look at how far the bot is, ms. */
const LOOK_MS = 100;
/** Part of the way after which it is killed. */
const KILLED_AT = 0.45;

/**
 * Lets `grimoire trade` run in a process of its own until the market ends; kills it once on the way, as a power cut would,
 * and starts it again. Returns when, in exchange time, it was killed.
 *
 * @throws ToolkitError `DEMO_BOT` when the bot ends otherwise
 */
export async function tradeLive(options: LiveOptions, io: Io): Promise<{ killedAt: number }> {
  const { exchange, until } = options;
  const { startTime, control } = exchange;
  const span = until - startTime;
  const bar = progress("5/6  trade", 100);
  const tell = () => bar.update(Math.floor((100 * (control.now() - startTime)) / span));
  try {
    const first = start(options);
    const stop = () => first.child.kill("SIGTERM");
    io.signal.addEventListener("abort", stop, { once: true });
    await waitUntil(() => first.isOver() || control.now() - startTime > KILLED_AT * span, tell);
    if (first.isOver()) throw first.failure();
    first.child.kill("SIGKILL");
    await first.ended;
    const killedAt = control.now();
    const second = start(options);
    io.signal.addEventListener("abort", () => second.child.kill("SIGTERM"), { once: true });
    await waitUntil(second.isOver, tell);
    if ((await second.ended) !== 0) throw second.failure();
    return { killedAt };
  } finally {
    bar.stop();
  }
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  isOver(): boolean;
  failure(): ToolkitError;
}

function start({ exchange, config, journal, warmupFrom, until }: LiveOptions): Running {
  const main = join(import.meta.dirname, `../../main${extname(import.meta.filename)}`);
  const times = ["--warmup-from", new Date(warmupFrom).toISOString(), "--until", new Date(until).toISOString()];
  const child = spawn(
    process.execPath,
    [main, "trade", "--mode", "paper", "--config", config, "--journal", journal, ...times, "--json"],
    {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, BYBIT_LOCAL_API_KEY: exchange.apiKey, BYBIT_LOCAL_API_SECRET: exchange.apiSecret },
    },
  );
  let isOver = false;
  const said: string[] = [];
  createInterface({ input: child.stdout }).on("line", () => {});
  createInterface({ input: child.stderr }).on("line", (line) => {
    said.push(line);
    if (said.length > 20) said.shift();
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", (code) => {
      isOver = true;
      resolve(code);
    });
  });
  return {
    child,
    ended,
    isOver: () => isOver,
    failure: () =>
      new ToolkitError("DEMO_BOT", `the bot ended before the market did: ${said.join(" / ") || "it said nothing"}`),
  };
}

async function waitUntil(isTrue: () => boolean, tell: () => void): Promise<void> {
  while (!isTrue()) {
    tell();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
