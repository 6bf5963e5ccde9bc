import type { SessionKind } from "../../../src/bybit/stream-session.ts";
import { STREAM_TOPICS, type StreamTopic } from "../../../src/bybit/stream-topics.ts";
import type { Subscription } from "../../../src/bybit/streams.ts";

/** Topics of V5 the local exchange has no use for. */
const NOT_SERVED = [
  "orderbook.{25|100}",
  "publicTrade.{baseCoin}",
  "priceLimit",
  "insurance",
  "adlAlert",
  "greeks",
  "dcp",
];

const isServed = ({ pattern }: StreamTopic) => !NOT_SERVED.some((start) => pattern.startsWith(start));

/** Every topic of the local exchange, on every socket that has it. */
export function servedTopics(): Subscription[] {
  return STREAM_TOPICS.filter(isServed).flatMap(({ example, sockets }) =>
    sockets
      .filter((kind) => kind !== "option")
      .map((kind: SessionKind) => ({
        topic: kind === "inverse" ? example.replace("BTCUSDT", "BTCUSD") : example,
        kind,
      })),
  );
}

/** Which topic is tested how, as a table. */
export function streamCoverage(): string[] {
  const rows = STREAM_TOPICS.map((topic) => {
    const how = isServed(topic) ? "local exchange" : "subscription only: the local exchange does not have it";
    return `| \`${topic.pattern}\` | ${topic.sockets.join(", ")} | ${topic.about} | ${how} |`;
  });
  return [
    "## Streams",
    "",
    "`test/bybit/stream-topics.test.ts` subscribes every one the local exchange has over a real socket; recorded frames of the real",
    "exchange are in `test/bybit/stream-message.test.ts`, lost connections, silence and refusals in `test/bybit/streams.test.ts`.",
    "",
    "| topic | sockets | messages | tested against |",
    "|---|---|---|---|",
    ...rows,
    "",
  ];
}
