import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { ConfigError, OutcomeUnknown, ToolkitError } from "../core/errors.ts";
import { controlAddress, controlAddresses } from "./control-address.ts";
import {
  type ControlCommand,
  type ControlReply,
  type ControlRequest,
  LineTooLong,
  lines,
  parseRequest,
  REPLY_BYTES,
  REQUEST_BYTES,
  writeLine,
} from "./control-protocol.ts";

export type { ControlCommand, ControlRequest } from "./control-protocol.ts";

/** What a bot does about each request; the value, or that of the promise, is the answer. */
export type ControlHandlers = {
  readonly [C in ControlCommand]: (request: ControlRequest) => unknown;
};

export interface ControlServer {
  /** Path of the socket, or name of the pipe. */
  readonly address: string;
  /** Nobody is heard any more; the address is free. */
  close(): Promise<void>;
}

/** Who asks more at a time waits. */
const MOST_CLIENTS = 32;
/** A client that says nothing for so long is hung up on, ms. */
const SILENCE_MS = 60_000;
const KNOCK_MS = 1_000;

/**
 * Listens for requests to the bot with this journal: JSON lines over a socket that only this user can open.
 *
 * The socket of a bot that is dead is taken over. Nothing a client says or fails to say reaches the bot but a valid request.
 *
 * @throws ConfigError `ALREADY_RUNNING` when a bot with this journal listens already, `CONTROL_FOLDER`; OutcomeUnknown
 * `BOT_SILENT` when that cannot be told
 */
export async function serveControl(journalPath: string, handlers: ControlHandlers): Promise<ControlServer> {
  for (const address of controlAddresses(journalPath)) {
    const socket = await knock(address, KNOCK_MS);
    if (!socket) continue;
    socket.destroy();
    const message = `a bot with the journal ${journalPath} is running; grimoire status ${journalPath} shows it`;
    throw new ConfigError("ALREADY_RUNNING", message, { journal: journalPath });
  }
  const address = controlAddress(journalPath);
  const clients = new Set<Socket>();
  const server = createServer((socket) => {
    clients.add(socket);
    socket.once("close", () => clients.delete(socket));
    void serve(socket, handlers);
  });
  server.maxConnections = MOST_CLIENTS;
  await listen(server, address);
  return {
    address,
    close() {
      for (const socket of clients) socket.destroy();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

/**
 * Asks the bot with this journal, and returns its answer.
 *
 * @throws ConfigError `NOT_RUNNING` when nobody listens; OutcomeUnknown `BOT_SILENT` when no answer comes within
 * `timeoutMs`; ToolkitError with the code of the bot's own refusal
 */
export async function askBot(journalPath: string, request: ControlRequest, timeoutMs: number): Promise<unknown> {
  for (const address of controlAddresses(journalPath)) {
    const socket = await knock(address, timeoutMs);
    if (socket) return answerOf(socket, request, { journalPath, timeoutMs });
  }
  throw new ConfigError("NOT_RUNNING", `no bot with the journal ${journalPath} is running`, { journal: journalPath });
}

async function serve(socket: Socket, handlers: ControlHandlers): Promise<void> {
  socket.on("error", () => socket.destroy()); // it is gone: there is nobody to tell
  socket.setTimeout(SILENCE_MS, () => socket.destroy());
  try {
    // One at a time: who does not read the answers is not read either.
    for await (const line of lines(socket, REQUEST_BYTES)) await writeLine(socket, await replyTo(line, handlers));
  } catch (error) {
    if (error instanceof LineTooLong) await writeLine(socket, refusal(null, error));
  } finally {
    socket.destroy();
  }
}

async function replyTo(line: string, handlers: ControlHandlers): Promise<ControlReply> {
  let id: string | number | null = null;
  try {
    const parsed = parseRequest(line);
    id = parsed.id;
    return { id, ok: true, result: (await handlers[parsed.request.command](parsed.request)) ?? null };
  } catch (error) {
    return refusal(id, error);
  }
}

function refusal(id: string | number | null, error: unknown): ControlReply {
  const code = error instanceof ToolkitError ? error.code : "UNEXPECTED";
  const message = error instanceof Error ? error.message : String(error);
  return { id, ok: false, error: { code, message } };
}

function listen(server: Server, address: string): Promise<void> {
  const isFile = process.platform !== "win32";
  if (isFile) rmSync(address, { force: true }); // of a bot that died: nobody answered there
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const message = `the bot's socket cannot be made at ${address}: ${error.message}`;
      reject(new ConfigError("CONTROL_FOLDER", message, { address }, error));
    });
    server.listen(address, () => {
      if (isFile) chmodSync(address, 0o600);
      resolve();
    });
  });
}

/** What connecting ends with where nobody listens. Anything else is somebody who does not answer. */
const NOBODY = new Set(["ENOENT", "ECONNREFUSED", "ENOTSOCK"]);

/** A connection to `address`; `null` when nobody listens there. @throws OutcomeUnknown `BOT_SILENT` */
function knock(address: string, timeoutMs: number): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    const fail = (why: string) => {
      clearTimeout(timer);
      socket.destroy();
      if (NOBODY.has(why)) resolve(null);
      else reject(new OutcomeUnknown("BOT_SILENT", `the bot at ${address} does not answer (${why}); ask again`));
    };
    const timer = setTimeout(() => fail("timeout"), timeoutMs);
    socket.once("connect", () => {
      clearTimeout(timer);
      resolve(socket);
    });
    socket.on("error", (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
  });
}

async function answerOf(
  socket: Socket,
  request: ControlRequest,
  { journalPath, timeoutMs }: { readonly journalPath: string; readonly timeoutMs: number },
): Promise<unknown> {
  const timer = setTimeout(() => socket.destroy(), timeoutMs);
  try {
    await writeLine(socket, { id: 1, ...request });
    for await (const line of lines(socket, REPLY_BYTES)) {
      const reply = JSON.parse(line) as ControlReply;
      if (reply.ok) return reply.result;
      throw new ToolkitError(reply.error.code, reply.error.message, { journal: journalPath });
    }
  } catch (error) {
    if (error instanceof ToolkitError && !(error instanceof LineTooLong)) throw error;
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
  const message = `the bot with the journal ${journalPath} did not answer ${request.command} within ${timeoutMs} ms; ask again`;
  throw new OutcomeUnknown("BOT_SILENT", message, { journal: journalPath, command: request.command });
}
