/** First parts of topics that are about an account. */
const PRIVATE = new Set(["order", "execution", "execution.fast", "position", "wallet", "greeks", "dcp", "strategy"]);

/** Whether a topic is on the private socket: `order`, `position.linear`, … */
export function isPrivateTopic(topic: string): boolean {
  return PRIVATE.has(topic.split(".")[0]!);
}

/** Topics Bybit pushes all the time, and how long each may be silent before something is wrong, ms. */
const MAX_AGE_MS: Readonly<Record<string, number>> = {
  orderbook: 10_000,
  tickers: 10_000,
  kline: 90_000,
};

/** How long a topic may be silent, ms; Infinity where silence says nothing: no trades, no change of an account. */
export function maxAgeMs(topic: string): number {
  return MAX_AGE_MS[topic.split(".")[0]!] ?? Infinity;
}
