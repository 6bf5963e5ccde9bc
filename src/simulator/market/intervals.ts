import { floorToInterval, type Interval, intervalMs } from "../../core/time.ts";

/** Kline lengths on the wire: those of the catalogue, and calendar months. */
export type WireInterval = Interval | "M";

export const WIRE_INTERVALS: readonly WireInterval[] = [
  "1",
  "3",
  "5",
  "15",
  "30",
  "60",
  "120",
  "240",
  "360",
  "720",
  "D",
  "W",
  "M",
];

/** Opening of the bar that holds `time`, epoch ms UTC. */
export function openingOf(time: number, interval: WireInterval): number {
  if (interval !== "M") return floorToInterval(time, interval);
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

/** Opening of the bar after the one that opens at `opening`. */
export function nextOpening(opening: number, interval: WireInterval): number {
  if (interval !== "M") return opening + intervalMs(interval);
  const date = new Date(opening);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

/** Length in ms; of a month: 31 days, the longest. */
export function longestMs(interval: WireInterval): number {
  return interval === "M" ? 31 * intervalMs("D") : intervalMs(interval);
}
