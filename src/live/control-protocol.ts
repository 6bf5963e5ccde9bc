import type { Socket } from "node:net";
import { ToolkitError } from "../core/errors.ts";

/** What a running bot can be asked. The last four are the bot's own commands. */
export const CONTROL_COMMANDS = ["status", "stop", "kill", "rearm", "pause", "resume"] as const;
export type ControlCommand = (typeof CONTROL_COMMANDS)[number];

export interface ControlRequest {
  readonly command: ControlCommand;
  /** `stop` only: close everything first. */
  readonly flatten?: boolean;
  /** For the journal. */
  readonly reason?: string;
}

/** The reply to a request, one line of JSON; `id` is the request's, `null` when that could not be read. */
export type ControlReply =
  | { readonly id: string | number | null; readonly ok: true; readonly result: unknown }
  | {
      readonly id: string | number | null;
      readonly ok: false;
      readonly error: { readonly code: string; readonly message: string };
    };

/** Longest request, and reply, that is read, bytes. */
export const REQUEST_BYTES = 16_384;
export const REPLY_BYTES = 8_388_608;
const REASON_LETTERS = 200;

/** Thrown by `lines` when the other side sends more than a line may hold. */
export class LineTooLong extends ToolkitError {}

/** Lines of text from a socket, none longer than `most` bytes; what comes after the last line break is dropped. */
export async function* lines(socket: Socket, most: number): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let held = 0;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      if (held + at - from > most) throw tooLong(most);
      yield Buffer.concat([...parts, chunk.subarray(from, at)]).toString("utf8");
      parts = [];
      held = 0;
      from = at + 1;
    }
    parts.push(chunk.subarray(from));
    held += chunk.length - from;
    if (held > most) throw tooLong(most);
  }
}

function tooLong(most: number): LineTooLong {
  return new LineTooLong("LINE", `a line may hold ${most} bytes`, { most });
}

/** A request and its id. @throws ToolkitError `REQUEST` */
export function parseRequest(line: string): { readonly id: string | number; readonly request: ControlRequest } {
  const refuse = (fact: string): never => {
    throw new ToolkitError("REQUEST", fact);
  };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    refuse("a request is one line of JSON");
  }
  if (typeof value !== "object" || value === null) return refuse("a request is a JSON object");
  const { id, command, flatten, reason } = value as Record<string, unknown>;
  if (typeof id !== "string" && typeof id !== "number") return refuse("a request has an id, a text or a number");
  const known = CONTROL_COMMANDS.find((each) => each === command);
  if (!known) return refuse(`command must be one of ${CONTROL_COMMANDS.join(" ")}`);
  if (flatten !== undefined && typeof flatten !== "boolean") return refuse("flatten is true or false");
  if (reason !== undefined && typeof reason !== "string") return refuse("reason is a text");
  return {
    id,
    request: {
      command: known,
      ...(flatten !== undefined && { flatten }),
      ...(reason !== undefined && { reason: reason.replace(/\p{C}/gu, " ").slice(0, REASON_LETTERS) }),
    },
  };
}

/** Sends one line; resolves when it is out, or nobody is there any more. */
export function writeLine(socket: Socket, value: unknown): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) resolve();
    else socket.write(`${JSON.stringify(value)}\n`, () => resolve());
  });
}
