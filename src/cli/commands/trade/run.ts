import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { openGateway } from "../../../bybit/gateway.ts";
import { preflight } from "../../../bybit/preflight.ts";
import { DataError, ToolkitError } from "../../../core/errors.ts";
import { parseTime } from "../../../core/time.ts";
import type { BotIdentity } from "../../../engine/identity.ts";
import { replayJournal } from "../../../engine/state.ts";
import { type ControlHandlers, serveControl } from "../../../live/control.ts";
import type { Trader } from "../../../live/trader-types.ts";
import { findingsPage } from "../../findings.ts";
import { type Io, NegativeResult } from "../../io.ts";
import { nameIn } from "../../running-bot.ts";
import { fetchLanes, limitsAt, number, type PlannedLane, type Setup, setLeverages } from "../../trader-setup.ts";
import { endingJson, endingPage } from "./farewell.ts";
import type { Mode } from "./modes.ts";
import { Narrator } from "./narrator.ts";
import { setAside } from "./set-aside.ts";
import type { TradeTools } from "./tools.ts";
import type { TradeVenue, VenueOptions } from "./venue-types.ts";
import { openVoice, timeText, type Voice } from "./voice.ts";

export interface RunFlags extends VenueOptions {
  readonly journal?: string;
  readonly log?: string;
  readonly slippageBps: string;
  readonly warmupFrom?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

/** Everything a run is made of. */
export interface RunPlan {
  readonly mode: Exclude<Mode, "replay">;
  readonly setup: Setup;
  readonly lanes: readonly PlannedLane[];
  readonly flags: RunFlags;
}

/** Between two looks at whether the data have ended, ms. */
const LOOK_MS = 250;
/** Where a bot remembers whose exchange ends with it. */
const OWN_JOURNAL = "paper.sqlite";

/** Opens what the bot needs, lets it trade until somebody or something ends it, and tells what it leaves behind. */
export async function runBot(plan: RunPlan, io: Io, tools: TradeTools): Promise<void> {
  const closers: (() => unknown)[] = [];
  try {
    const venue = await tools.openVenue(plan.mode, plan.flags, { ...plan, io });
    closers.push(() => venue.close());
    const voice = openVoice(voiceOptions(plan, venue, io));
    closers.push(() => voice.close());
    await trade(plan, { venue, voice, io, tools, closers });
  } finally {
    // What comes first goes last: the address is free only once the journal is.
    for (const close of closers.reverse()) await close();
  }
}

interface Opened {
  readonly venue: TradeVenue;
  readonly voice: Voice;
  readonly io: Io;
  readonly tools: TradeTools;
  readonly closers: (() => unknown)[];
}

async function trade(plan: RunPlan, { venue, voice, io, tools, closers }: Opened): Promise<void> {
  const { mode, setup, flags } = plan;
  const { config } = setup;
  const { hosts, credentials, pace } = venue;
  const isFast = pace !== "real" && pace !== 1;
  const gateway = openGateway({ hosts, credentials, isFast, ...(pace === "step" && { limitScale: Infinity }) });
  closers.push(() => gateway.close());
  if (mode !== "paper") await inspect(plan, { gateway, io });
  const journalPath = journalOf(plan, venue);
  const control = handlersOf(config.stopOn === "flatten");
  const server = await serveControl(journalPath, control.handlers);
  closers.push(() => server.close());
  const identity = { environment: hosts.environment, account: config.account };
  if (venue.isOwn) begin(journalPath, flags.journal !== undefined);
  else {
    const lock = tools.lockAccount(lockIdentity(identity, hosts.rest));
    closers.push(() => lock.release());
  }
  const journal = tools.openJournal(journalPath, identity);
  closers.push(() => journal.close());
  const slippage = number("slippage-bps", flags.slippageBps) / 10_000;
  const fetched = await fetchLanes(plan.lanes, { gateway, slippage, signal: io.signal });
  const { warmupFrom } = flags;
  const lanes = fetched.map((lane) => ({ ...lane, ...(warmupFrom && { warmupFrom: parseTime(warmupFrom) }) }));
  await setLeverages(gateway, lanes, io.signal);
  const symbols = new Map(lanes.map(({ name, instrument }) => [name, instrument.symbol]));
  const narrator = new Narrator(replayJournal(journal.events, identity), symbols, gateway.clock.now());
  const note = (level: "info" | "error", text: string) => {
    voice.say({ time: gateway.clock.now(), level, kind: "note", symbol: "", text });
  };
  note("info", startText(plan, venue, journalPath));
  const onDefect = (error: Error) => note("error", error.stack ?? error.message);
  process.on("uncaughtExceptionMonitor", onDefect);
  closers.push(() => process.off("uncaughtExceptionMonitor", onDefect));
  const trader = await tools.startTrader({
    ...{ identity, lanes, gateway, credentials, journal, pace },
    limits: limitsAt(config.limits, pace),
    ...(pace === "step" && venue.until !== null && { until: venue.until }),
    onEvent(event) {
      const line = narrator.tell(event);
      if (line) voice.say(line);
    },
  });
  const ending = { why: "the end of the data was reached" };
  const stop = (why: string, flatten: boolean) => {
    ending.why = why;
    void trader.stop({ flatten, reason: why }).catch(() => {}); // `ended` tells
  };
  control.ready(trader, stop);
  let failure: unknown = null;
  const interrupted = () => stop("interrupted", config.stopOn === "flatten");
  const timer = setInterval(() => {
    const isDone = typeof pace === "number" && venue.until !== null && trader.status().now >= venue.until;
    if (!isDone) return;
    clearInterval(timer);
    stop("the end of the data was reached", false);
  }, LOOK_MS);
  io.signal.addEventListener("abort", interrupted);
  if (io.signal.aborted) interrupted();
  try {
    await trader.ended;
  } catch (error) {
    failure = error;
    ending.why = error instanceof Error ? error.message : String(error);
  } finally {
    clearInterval(timer);
    io.signal.removeEventListener("abort", interrupted);
  }
  const about = {
    status: trader.status(),
    tally: narrator.tally,
    why: ending.why,
    journal: nameIn(process.cwd())(journalPath),
  };
  const last = { ...about, isExchangeGone: venue.isOwn };
  io.out(flags.json ? JSON.stringify(endingJson(last)) : endingPage(last, io));
  if (failure !== null) throw failure;
}

/** Looks at everything before the first order. @throws NegativeResult `PREFLIGHT` when something forbids trading */
async function inspect(
  { setup, lanes, flags }: RunPlan,
  { gateway, io }: { gateway: ReturnType<typeof openGateway>; io: Io },
): Promise<void> {
  const { limits } = setup.config;
  const findings = await preflight(gateway, {
    markets: lanes.map(({ trader: { category, symbol, leverage } }) => ({ category, symbol, leverage })),
    minPositionQuote: limits.minPositionQuote,
    maxClockOffsetMs: limits.maxClockOffsetMs,
    hasKey: true,
    signal: io.signal,
  });
  const failed = findings.filter((finding) => finding.state === "fail").length;
  if (flags.json) io.out(JSON.stringify({ kind: "preflight", ok: failed === 0, findings }));
  else if (failed > 0 || flags.quiet !== true) io.out(`${findingsPage(findings, io)}\n`);
  if (failed === 0) return;
  throw new NegativeResult("PREFLIGHT", `${failed} of ${findings.length} checks forbid trading`, { failed });
}

function voiceOptions({ setup, flags }: RunPlan, { credentials }: TradeVenue, io: Io) {
  const { log } = setup.config;
  const file = flags.log ?? (setup.file === null ? null : resolve(setup.dir, log.file));
  return {
    io,
    isJson: flags.json === true,
    isQuiet: flags.quiet === true,
    log: file === null ? null : { file, level: log.level },
    secrets: [credentials.key, credentials.secret.reveal()],
  };
}

function journalOf({ setup, flags }: RunPlan, { isOwn }: TradeVenue): string {
  if (flags.journal !== undefined) return resolve(flags.journal);
  return isOwn ? resolve(OWN_JOURNAL) : resolve(setup.dir, setup.config.journal);
}

/** An exchange that begins anew knows nothing of an old journal. @throws DataError `JOURNAL_EXISTS` */
function begin(path: string, isNamed: boolean): void {
  if (isNamed && existsSync(path)) {
    const message = `${path} tells of an exchange that is gone; the one of --mode paper begins anew: name another file`;
    throw new DataError("JOURNAL_EXISTS", message, { path });
  }
  setAside(path);
}

/** Accounts of local exchanges are as many as there are exchanges. */
function lockIdentity({ environment, account }: BotIdentity, rest: string): BotIdentity {
  return { environment, account: environment === "local" ? `${account}-${new URL(rest).port}` : account };
}

/** What other processes may ask; until the bot has started only that it is starting. */
function handlersOf(flattensUsually: boolean) {
  let running: { trader: Trader; stop: (why: string, flatten: boolean) => void } | null = null;
  const now = () => {
    if (running) return running;
    throw new ToolkitError("STARTING", "the bot is starting; ask again in a moment");
  };
  const command = (name: "kill" | "rearm" | "pause" | "resume") => (request: { reason?: string }) => {
    const { trader } = now();
    trader.command(name, request.reason ?? "asked for by grimoire stop");
    return trader.status();
  };
  const handlers: ControlHandlers = {
    status: () => now().trader.status(),
    stop({ flatten, reason }) {
      const { trader, stop } = now();
      stop(reason ?? "asked for by grimoire stop", flatten ?? flattensUsually);
      return trader.status();
    },
    kill: command("kill"),
    rearm: command("rearm"),
    pause: command("pause"),
    resume: command("resume"),
  };
  return {
    handlers,
    ready(trader: Trader, stop: (why: string, flatten: boolean) => void) {
      running = { trader, stop };
    },
  };
}

function startText({ mode, lanes, flags }: RunPlan, { hosts, pace, until }: TradeVenue, journal: string): string {
  const what = lanes.map(({ name, trader }) => `${name} (${trader.interval})`).join(", ");
  const speed = pace === "real" || pace === 1 ? "" : pace === "step" ? " as fast as it can" : ` at ${pace}×`;
  const end = until === null ? "" : ` until ${timeText(until)}`;
  const where = mode === "paper" ? (flags.url ?? hosts.rest) : hosts.environment;
  return `${mode}: ${what} on ${where}${speed}${end}; journal ${nameIn(process.cwd())(journal)}`;
}
