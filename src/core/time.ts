import { ArgumentError } from "./errors.ts";

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
/** The year every annualisation uses: crypto trades on all 365 days. */
export const YEAR_MS = 365 * DAY_MS;

/** Bar lengths of the exchange, by its own names: minutes, or D and W. */
const INTERVAL_MS = {
  "1": MINUTE_MS,
  "3": 3 * MINUTE_MS,
  "5": 5 * MINUTE_MS,
  "15": 15 * MINUTE_MS,
  "30": 30 * MINUTE_MS,
  "60": HOUR_MS,
  "120": 2 * HOUR_MS,
  "240": 4 * HOUR_MS,
  "360": 6 * HOUR_MS,
  "720": 12 * HOUR_MS,
  D: DAY_MS,
  W: 7 * DAY_MS,
} as const;

export type Interval = keyof typeof INTERVAL_MS;
export const INTERVALS = Object.keys(INTERVAL_MS) as readonly Interval[];

const ALIASES: Record<string, Interval> = {
  "1m": "1",
  "3m": "3",
  "5m": "5",
  "15m": "15",
  "30m": "30",
  "1h": "60",
  "2h": "120",
  "4h": "240",
  "6h": "360",
  "12h": "720",
  d: "D",
  "1d": "D",
  w: "W",
  "1w": "W",
};

/** Length of a bar in milliseconds. */
export function intervalMs(interval: Interval): number {
  return INTERVAL_MS[interval];
}

/**
 * The interval a user wrote: `60`, `1h`, `15m`, `D`, `1d`.
 *
 * @throws ArgumentError `INTERVAL`
 */
export function parseInterval(text: string): Interval {
  if (Object.hasOwn(INTERVAL_MS, text)) return text as Interval;
  const lower = text.toLowerCase();
  if (Object.hasOwn(ALIASES, lower)) return ALIASES[lower]!;
  throw new ArgumentError("INTERVAL", `unknown interval ${JSON.stringify(text)}; use one of ${INTERVALS.join(" ")}`, {
    text,
  });
}

/** The interval whose length is `ms`, or `undefined` if the exchange has none. */
export function intervalOf(ms: number): Interval | undefined {
  return INTERVALS.find((interval) => INTERVAL_MS[interval] === ms);
}

/** Start of the interval that holds `time`. Weeks start on Monday, everything is UTC. */
export function floorToInterval(time: number, interval: Interval): number {
  const ms = INTERVAL_MS[interval];
  const origin = interval === "W" ? 4 * DAY_MS : 0; // 1970-01-05 was a Monday
  return Math.floor((time - origin) / ms) * ms + origin;
}

/**
 * Epoch ms of what a user wrote: `2024-01-01`, `2024-01-01T12:00:00Z`, or epoch ms. Without a zone it is UTC.
 *
 * @throws ArgumentError `TIME`
 */
export function parseTime(text: string): number {
  if (/^\d{11,14}$/.test(text)) return Number(text);
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  const time = match ? Date.parse(`${match[1]}T${match[2] ?? "00:00:00"}${match[3] ?? "Z"}`) : NaN;
  if (Number.isFinite(time)) return time;
  throw new ArgumentError(
    "TIME",
    `not a time: ${JSON.stringify(text)}; write 2024-01-31, 2024-01-31T12:00:00Z or epoch ms`,
    {
      text,
    },
  );
}

/** `2024-01-31 12:00` (UTC), for people. */
export function formatTime(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace("T", " ");
}

/** `3d 4h`, `2h 5m`, `12s`, `350ms`: two units at most, for people. */
export function formatDuration(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)}ms`;
  const units: [string, number][] = [
    ["d", DAY_MS],
    ["h", HOUR_MS],
    ["m", MINUTE_MS],
    ["s", SECOND_MS],
  ];
  const first = units.findIndex(([, size]) => ms >= size);
  const [unit, size] = units[first]!;
  const rest = units[first + 1];
  const whole = Math.floor(ms / size);
  const remainder = rest ? Math.floor((ms % size) / rest[1]) : 0;
  return rest && remainder > 0 ? `${whole}${unit} ${remainder}${rest[0]}` : `${whole}${unit}`;
}
