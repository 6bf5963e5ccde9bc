import { inspect } from "node:util";

const HIDDEN = "[secret]";
const texts = new WeakMap<Secret, string>();

/**
 * A text that shows itself to nobody: not printed, not logged, not serialised, not enumerable. Only `reveal` gives it out.
 */
export class Secret {
  constructor(text: string) {
    texts.set(this, text);
  }

  /** The text; for signing only. */
  reveal(): string {
    return texts.get(this)!;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
