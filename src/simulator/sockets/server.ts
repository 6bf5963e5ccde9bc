import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { Category } from "../../model/instrument.ts";
import { type Gatekeeper, privateSocket } from "./private.ts";
import { type PublicFeed, publicSocket } from "./public.ts";
import { Session, type SessionWorld } from "./session.ts";
import { type OrderEntry, tradeSocket } from "./trade.ts";

/** Where each kind of socket lives. */
export const SOCKET_PATHS = {
  linear: "/v5/public/linear",
  inverse: "/v5/public/inverse",
  spot: "/v5/public/spot",
  private: "/v5/private",
  trade: "/v5/trade",
} as const;

/** What the sockets need of the exchange. */
export interface SocketWorld {
  readonly session: SessionWorld;
  readonly feed: PublicFeed;
  readonly gatekeeper: Gatekeeper;
  readonly entry: OrderEntry;
  onDefect(error: unknown, where: string): void;
}

/** The sockets of a running exchange. */
export interface SocketServer {
  /** Breaks every connection whose path contains `on`; all when "" . */
  disconnect(on: string): number;
  close(): void;
}

/** What one connection does with a message and at its end. */
interface Conversation {
  message(data: string): void;
  end(): void;
}

const LARGEST_MESSAGE_BYTES = 1024 * 1024;
const IDLE_MS = 600_000;
const SCAN_MS = 30_000;

/** Serves the WebSocket paths of `server`. */
export function socketServer(server: Server, world: SocketWorld): SocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE_BYTES, perMessageDeflate: false });
  const open = new Map<Session, { path: string; idleMs: number }>();
  let count = 0;

  function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { path, query } = split(request.url ?? "");
    const known = Object.values<string>(SOCKET_PATHS).includes(path);
    const refused = known && world.session.faults.hit(["refuseConnect"], path, world.session.now());
    if (!known || refused) {
      socket.end(`HTTP/1.1 ${known ? "503 Service Unavailable" : "404 Not Found"}\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => begin(webSocket, path, query, request));
  }

  function begin(socket: WebSocket, path: string, query: string, request: IncomingMessage): void {
    count += 1;
    const session = new Session(socket, `conn-${count.toString(36).padStart(8, "0")}`, world.session);
    open.set(session, { path, idleMs: idleMs(query) });
    const address = request.socket.remoteAddress ?? "";
    const conversation = converse(session, path, address);
    socket.on("message", (data: RawData, isBinary: boolean) => {
      session.lastActiveAt = Date.now();
      const text = isBinary ? "" : textOf(data);
      world.session.log?.(`ws ${session.connId} > ${path} ${redacted(text).slice(0, 300)}`);
      try {
        conversation.message(text);
      } catch (error) {
        world.onDefect(error, path);
        session.close(1011, "server error");
      }
    });
    socket.on("error", () => session.terminate());
    socket.on("close", () => {
      open.delete(session);
      conversation.end();
      session.ended();
    });
  }

  function converse(session: Session, path: string, address: string): Conversation {
    if (path === SOCKET_PATHS.trade) return tradeSocket(session, address, world.entry);
    if (path === SOCKET_PATHS.private) {
      const { gatekeeper, session: own, feed } = world;
      return privateSocket(session, address, { hub: feed.hub, gatekeeper, world: own });
    }
    const category = path.slice(path.lastIndexOf("/") + 1) as Category; // one of SOCKET_PATHS
    return publicSocket(session, category, world.feed, world.session);
  }

  const scan = setInterval(() => {
    const now = Date.now();
    for (const [session, { idleMs: most }] of open) {
      if (now - session.lastActiveAt > most) session.close(1000, "idle");
    }
  }, SCAN_MS);
  scan.unref();
  server.on("upgrade", upgrade);

  return {
    disconnect(on) {
      const broken = [...open].filter(([, { path }]) => path.includes(on));
      for (const [session] of broken) session.terminate();
      return broken.length;
    },
    close() {
      clearInterval(scan);
      for (const session of open.keys()) session.terminate();
      sockets.close();
    },
  };
}

function split(url: string): { path: string; query: string } {
  const mark = url.indexOf("?");
  return mark < 0 ? { path: url, query: "" } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString("utf8");
  return Array.isArray(data) ? Buffer.concat(data).toString("utf8") : Buffer.from(data).toString("utf8");
}

/** Signatures stay out of the log. */
function redacted(text: string): string {
  return text.includes('"auth"') ? '{"op":"auth",…}' : text;
}

/** `max_active_time` of a private connection: 30s to 600s, or minutes. */
function idleMs(query: string): number {
  const match = /^(\d{1,3})([sm])$/.exec(new URLSearchParams(query).get("max_active_time") ?? "");
  if (!match) return IDLE_MS;
  const ms = Number(match[1]) * (match[2] === "m" ? 60_000 : 1_000);
  return Math.min(IDLE_MS, Math.max(30_000, ms));
}
