import { type Command, Option } from "commander";
import type { SessionKind } from "../../bybit/stream-session.ts";
import { type StreamEvent, Streams } from "../../bybit/streams.ts";
import { isPrivateTopic } from "../../bybit/topics.ts";
import { ArgumentError, DataError } from "../../core/errors.ts";
import type { Io } from "../io.ts";
import { readVenue, type VenueFlags, withVenueOptions } from "../venue-options.ts";

interface StreamFlags extends VenueFlags {
  readonly category: Exclude<SessionKind, "private">;
  readonly count?: string;
  readonly for?: string;
}

/** `grimoire stream`: one line of JSON per message. */
export function define(command: Command, io: Io): void {
  withVenueOptions(command)
    .argument("<topics...>", "kline.60.BTCUSDT, orderbook.50.BTCUSDT, tickers.…, publicTrade.…, order, position, …")
    .addOption(
      new Option("--category <name>", "of public topics")
        .choices(["linear", "inverse", "spot", "option"])
        .default("linear"),
    )
    .option("--count <n>", "end after this many messages")
    .option("--for <seconds>", "end after this long")
    .option("--json", "the same: every line is one JSON document")
    .addHelpText(
      "after",
      `
Prints each message as Bybit sent it, one JSON document per line, until it is
interrupted. What happens to the connection goes to stderr: lost connections
come back, every subscription is acknowledged again. order, execution, position
and wallet need a key (BYBIT_TESTNET_API_KEY and …_SECRET, or a file .env).

Examples:
  grimoire stream kline.60.BTCUSDT orderbook.50.BTCUSDT position
  grimoire stream tickers.BTCUSDT --environment mainnet --count 10
  grimoire stream publicTrade.BTCUSDT --category spot --for 60 > trades.jsonl
  grimoire stream order execution --url http://127.0.0.1:8080`,
    )
    .action((topics: readonly string[], flags: StreamFlags) => run(topics, flags, io));
}

async function run(topics: readonly string[], flags: StreamFlags, io: Io): Promise<void> {
  const most = positive("count", flags.count);
  const seconds = positive("for", flags.for);
  const { hosts, credentials } = readVenue(flags, process.cwd(), process.env);
  const subscriptions = [...new Set(topics)].map((topic) => {
    const kind: SessionKind = isPrivateTopic(topic) ? "private" : flags.category;
    return { topic, kind };
  });
  let printed = 0;
  let refused = 0;
  let end: (error?: Error) => void = () => {};
  const ended = new Promise<void>((resolve, reject) => {
    end = (error) => (error ? reject(error) : resolve());
  });
  const streams = new Streams({
    urls: hosts.streams,
    credentials: credentials ?? undefined,
    onEvent(event) {
      if (event.type === "data") {
        if (printed === most) return;
        io.out(JSON.stringify(event.frame));
        if (++printed === most) end();
        return;
      }
      io.err(noteOf(event));
      if (event.type === "refused" && ++refused === subscriptions.length) {
        end(new DataError("TOPIC", `no topic is left: ${event.topic} ${event.reason}`, { topic: event.topic }));
      }
    },
  });
  const timer = setTimeout(() => end(), Math.min(seconds * 1_000, 2 ** 31 - 1));
  const interrupt = () => end();
  io.signal.addEventListener("abort", interrupt);
  try {
    streams.subscribe(subscriptions);
    await ended;
  } finally {
    clearTimeout(timer);
    io.signal.removeEventListener("abort", interrupt);
    streams.close();
  }
}

function noteOf(event: Exclude<StreamEvent, { type: "data" }>): string {
  switch (event.type) {
    case "resynchronize":
      return `${event.kind}: ${event.isFirst ? "subscribed" : "subscribed again; what came in between is missing"}`;
    case "down":
      return `${event.kind}: ${event.reason}; again in ${event.retryInMs} ms`;
    case "stale":
      return `${event.kind}: nothing on ${event.topic} for ${Math.round(event.ageMs)} ms`;
    case "refused":
      return `${event.kind}: ${event.topic} ${event.reason}`;
  }
}

/** @throws ArgumentError `NUMBER` */
function positive(name: string, text: string | undefined): number {
  if (text === undefined) return Infinity;
  const value = Number(text);
  if (value > 0) return value;
  throw new ArgumentError("NUMBER", `--${name} must be a number above 0, was ${JSON.stringify(text)}`, { name });
}
