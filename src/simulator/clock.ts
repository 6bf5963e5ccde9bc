/** How fast exchange time passes: a multiple of the machine's, as fast as it can, only when told, or as it is fed. */
export type Speed = number | "max" | "step" | "fed";

/** The exchange's own time. */
export class VirtualClock {
  #now: number;

  constructor(startTime: number) {
    this.#now = startTime;
  }

  now(): number {
    return this.#now;
  }

  /** Moves on to `time`, epoch ms; never back. */
  moveTo(time: number): void {
    if (time > this.#now) this.#now = time;
  }
}

/** Lets time pass: calls `advance` with the time it should be. */
export interface Driver {
  stop(): void;
}

const TICK_MS = 10;
/** Work between two looks at the network when running as fast as possible. */
const BURST_MS = 4;
/** Exchange time played per call when running as fast as possible. */
const CHUNK_MS = 60_000;

/** Drives `advance` by the machine's clock at `speed`; `step` and `fed` drive nothing. */
export function drive(clock: VirtualClock, speed: Speed, advance: (until: number) => void): Driver {
  if (speed === "step" || speed === "fed") return { stop() {} };
  if (speed === "max") return driveFast(clock, advance);
  const exchangeStart = clock.now();
  const machineStart = performance.now();
  const timer = setInterval(() => {
    advance(exchangeStart + Math.floor((performance.now() - machineStart) * speed));
  }, TICK_MS);
  return { stop: () => clearInterval(timer) };
}

function driveFast(clock: VirtualClock, advance: (until: number) => void): Driver {
  let stopped = false;
  const burst = (): void => {
    if (stopped) return;
    const began = performance.now();
    const from = clock.now();
    while (performance.now() - began < BURST_MS && !stopped) advance(clock.now() + CHUNK_MS);
    if (clock.now() > from) setImmediate(burst);
  };
  setImmediate(burst);
  return {
    stop() {
      stopped = true;
    },
  };
}
