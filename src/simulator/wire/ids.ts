import { random } from "../../core/random.ts";

/** A source of ids that look like the exchange's and are the same for the same seed. */
export interface Ids {
  /** A UUID, as futures orders and executions have. */
  uuid(): string;
  /** A trace id: 32 hex digits. */
  trace(): string;
}

const hex = (value: number) => (value >>> 0).toString(16).padStart(8, "0");

/** Seeded ids; never the same twice. */
export function ids(seed: number | string, purpose: string): Ids {
  const source = random(`${seed}/ids/${purpose}`);
  const word = () => Math.floor(source.next() * 4294967296);
  let count = 0;
  const digits = () => {
    count += 1;
    return hex(word()) + hex(word()) + hex(word()) + hex(count);
  };
  return {
    trace: digits,
    uuid() {
      const d = digits();
      const variant = "89ab"[Number.parseInt(d[16]!, 16) & 3];
      return `${d.slice(0, 8)}-${d.slice(8, 12)}-4${d.slice(13, 16)}-${variant}${d.slice(17, 20)}-${d.slice(20)}`;
    },
  };
}
