import { random } from "../../core/random.ts";
import type { Category } from "../../model/instrument.ts";

/**
 * Bybit's forms of the venue's numbers: contracts use UUIDs, spot 19 digits.
 *
 * A form holds its number, so nothing needs to be remembered to read it back.
 */
export interface WireIds {
  order(category: Category, id: number): string;
  /** The number in an order id; `undefined` when it is none of this exchange's. */
  orderNumber(text: string): number | undefined;
  execution(category: Category, id: number): string;
  transaction(id: number): string;
}

const SPOT_ORDER = "18";
const SPOT_EXECUTION = "22";
const SPOT_DIGITS = 17;

/** Forms that differ from seed to seed. */
export function wireIds(seed: number | string): WireIds {
  const source = random(`${seed}/wireids`);
  const hex = (digits: number) => Array.from({ length: digits }, () => source.below(16).toString(16)).join("");
  const prefix = () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-`;
  const orderPrefix = prefix();
  const executionPrefix = prefix();
  const uuid = (head: string, id: number) => head + id.toString(16).padStart(12, "0");
  const digits = (head: string, id: number) => head + String(id).padStart(SPOT_DIGITS, "0");
  return {
    order: (category, id) => (category === "spot" ? digits(SPOT_ORDER, id) : uuid(orderPrefix, id)),
    orderNumber(text) {
      if (text.startsWith(orderPrefix) && /^[0-9a-f]{12}$/.test(text.slice(orderPrefix.length))) {
        return Number.parseInt(text.slice(orderPrefix.length), 16);
      }
      return /^18\d{17}$/.test(text) ? Number(text.slice(SPOT_ORDER.length)) : undefined;
    },
    execution: (category, id) => (category === "spot" ? digits(SPOT_EXECUTION, id) : uuid(executionPrefix, id)),
    transaction: (id) => `${executionPrefix.slice(0, 8)}_${id}`,
  };
}
