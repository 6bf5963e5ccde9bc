import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";

interface Request {
  readonly op: string;
  readonly req_id?: string;
  readonly args?: readonly string[];
}

/** What a scripted server does with the next requests. */
export interface Script {
  /** Topics it does not know. */
  refuses: Set<string>;
  /** Requests it never answers. */
  ignores: Set<string>;
  /** Sends nothing of topics any more, while pongs go on. */
  isStalled: boolean;
  /** Takes no connections. */
  isShut: boolean;
  badKey: boolean;
}

/** A socket server of the test's own, which answers in Bybit's shapes and fails when told. */
export interface ScriptedSocket {
  readonly url: string;
  readonly script: Script;
  /** Topics in the order they were asked for, and logins, of all connections. */
  readonly asked: string[];
  readonly connections: () => number;
  /** Sends a frame to every connection subscribed to its topic. */
  push(topic: string, frame: object): void;
  /** Cuts every connection. */
  cut(): void;
  close(): Promise<void>;
}

export async function scriptedSocket(): Promise<ScriptedSocket> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  const script: Script = { refuses: new Set(), ignores: new Set(), isStalled: false, isShut: false, badKey: false };
  const asked: string[] = [];
  const topics = new Map<WebSocket, Set<string>>();
  server.on("connection", (socket) => {
    if (script.isShut) {
      socket.terminate();
      return;
    }
    topics.set(socket, new Set());
    socket.on("close", () => topics.delete(socket));
    socket.on("message", (bytes) => answer(socket, JSON.parse(String(bytes)) as Request));
  });

  function answer(socket: WebSocket, { op, args = [] }: Request): void {
    const say = (success: boolean, text: string) =>
      socket.send(JSON.stringify({ success, ret_msg: text, conn_id: "c", req_id: "", op }));
    if (op === "ping") {
      say(true, "pong");
      return;
    }
    if (op === "auth") asked.push("auth");
    else asked.push(...args.map((topic) => (op === "subscribe" ? topic : `-${topic}`)));
    if (script.ignores.has(op)) return;
    if (op === "auth") say(!script.badKey, script.badKey ? "API key is invalid." : "");
    else if (args.some((topic) => script.refuses.has(topic))) say(false, "error:handler not found");
    else {
      for (const topic of args) {
        if (op === "subscribe") topics.get(socket)!.add(topic);
        else topics.get(socket)!.delete(topic);
      }
      say(true, "");
    }
  }

  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    script,
    asked,
    connections: () => topics.size,
    push(topic, frame) {
      if (script.isStalled) return;
      for (const [socket, own] of topics) if (own.has(topic)) socket.send(JSON.stringify({ topic, ...frame }));
    },
    cut() {
      for (const socket of topics.keys()) socket.terminate();
    },
    close() {
      for (const socket of server.clients) socket.terminate();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
