import http, { type ClientRequest, type IncomingMessage } from "node:http";
import https from "node:https";
import type { Socket } from "node:net";
import { RestClientV5 } from "bybit-api";
import { ConfigError } from "../core/errors.ts";
import type { Hosts } from "./hosts.ts";
import { NO_SECRET, type Signer } from "./signer.ts";

/** A request as the catalogue knows it. */
export interface WireRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Signed when given. */
  readonly signer: Signer | undefined;
  /** Stamp in epoch ms, asked for when it is signed. */
  readonly stamp: () => number;
  readonly recvWindowMs: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What became of a request on the wire. Nothing of the SDK's own errors is in here: they hold keys. */
export type Reply =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly text: string;
    }
  /** No byte of it left. `cause`: a code such as `ECONNREFUSED`. */
  | { readonly kind: "notSent"; readonly cause: string }
  /** It may have arrived. */
  | { readonly kind: "noAnswer"; readonly cause: string };

/** What would go over the wire; key and signature are not in it. */
export interface DryRun {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** The SDK's REST client, asked for one request at a time. */
export interface Transport {
  send(request: WireRequest): Promise<Reply>;
  /** Signs like `send` and sends nothing. */
  show(request: WireRequest): Promise<DryRun>;
  close(): void;
}

const MOST_BYTES = 64 * 1024 * 1024;

type RequestOptions = http.RequestOptions & { agent?: unknown };
type SdkOptions = NonNullable<ConstructorParameters<typeof RestClientV5>[0]>;
type NetworkOptions = NonNullable<ConstructorParameters<typeof RestClientV5>[1]>;

/** The SDK with a clock it is told instead of one it asks for. */
class StampedClient extends RestClientV5 {
  readonly #stamp: () => number;

  constructor(options: SdkOptions, network: NetworkOptions, stamp: () => number) {
    super(options, network);
    this.#stamp = stamp;
  }

  override fetchTimeOffset(): Promise<number> {
    return Promise.resolve(this.#stamp() - Date.now());
  }
}

/**
 * @throws ConfigError `SDK_TRACE` when the SDK was told to print what it sends, as that shows keys
 */
export function openTransport(hosts: Hosts): Transport {
  if (process.env.BYBITTRACE) {
    throw new ConfigError("SDK_TRACE", "BYBITTRACE is set: the exchange's SDK would print API keys; unset it");
  }
  const isSecure = hosts.rest.startsWith("https:");
  const agent = isSecure ? new https.Agent(AGENT) : new http.Agent(AGENT);
  return {
    async send(request) {
      const watch = { isConnected: false };
      const timer = deadline(request);
      try {
        const network = {
          transport: watched(isSecure, watch),
          httpAgent: agent,
          httpsAgent: agent,
          signal: timer.signal,
        };
        return { kind: "answer", ...(await ask(hosts, request, network)) };
      } catch (thrown) {
        const answered = answerIn(thrown);
        if (answered) return { kind: "answer", ...answered };
        const cause = timer.cause() ?? causeOf(thrown);
        return { kind: watch.isConnected ? "noAnswer" : "notSent", cause };
      }
    },
    async show(request) {
      let seen: Shown | undefined;
      const adapter = (config: Shown) => {
        seen = config;
        return Promise.resolve({ data: null, status: 200, statusText: "", headers: {}, config });
      };
      await ask(hosts, request, { adapter: adapter as never });
      return shown(request.method, seen!);
    },
    close: () => agent.destroy(),
  };
}

const AGENT = { keepAlive: true, maxSockets: 64, scheduling: "lifo" as const };

interface Answered {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

interface Shown {
  readonly url?: string;
  readonly headers?: unknown;
  readonly data?: unknown;
}

async function ask(hosts: Hosts, request: WireRequest, network: NetworkOptions): Promise<Answered> {
  const { signer } = request;
  const client = new StampedClient(
    {
      baseUrl: hosts.rest,
      recv_window: request.recvWindowMs,
      parse_exceptions: false,
      ...(signer && {
        key: signer.key,
        secret: NO_SECRET,
        syncTimeBeforePrivateRequests: true,
        customSignMessageFn: (payload: string) => Promise.resolve(signer.sign(payload)),
      }),
    },
    {
      maxRedirects: 0,
      maxContentLength: MOST_BYTES,
      proxy: false,
      timeout: 0,
      responseType: "text",
      transformResponse: (data: unknown, headers: unknown, status?: number): Answered => ({
        status: status ?? 0,
        headers: plainHeaders(headers),
        text: typeof data === "string" ? data : "",
      }),
      ...network,
    },
    request.stamp,
  );
  const params = { ...request.params };
  if (request.method === "POST") return (await client.postPrivate(request.path, params)) as Answered;
  if (signer) return (await client.getPrivate(request.path, params)) as Answered;
  const query = new URLSearchParams(
    Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]),
  ).toString();
  return (await client.get(query === "" ? request.path : `${request.path}?${query}`)) as Answered;
}

/** Node's own request, which tells whether it ever had a connection to write to. */
function watched(isSecure: boolean, watch: { isConnected: boolean }) {
  return {
    request(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest {
      const sent = (isSecure ? https : http).request(options, onResponse);
      sent.once("socket", (socket: Socket) => {
        const connected = () => {
          watch.isConnected = true;
        };
        if (!socket.connecting && !(isSecure && !sent.reusedSocket)) connected();
        else socket.once(isSecure ? "secureConnect" : "connect", connected);
      });
      return sent;
    },
  };
}

/** One time limit over connecting, sending and the whole answer. */
function deadline({ timeoutMs, signal }: WireRequest) {
  const timeout = AbortSignal.timeout(timeoutMs);
  return {
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    cause: () => (signal?.aborted ? "interrupted" : timeout.aborted ? `no answer within ${timeoutMs} ms` : undefined),
  };
}

/** The answer inside what the SDK threw over an HTTP status that it does not like. */
function answerIn(thrown: unknown): Answered | undefined {
  if (typeof thrown !== "object" || thrown === null) return undefined;
  const response = "response" in thrown ? thrown.response : thrown;
  if (typeof response !== "object" || response === null || !("status" in response) || !("data" in response))
    return undefined;
  const data = response.data as Answered | undefined;
  return typeof data?.text === "string" && data.status > 0 ? data : undefined;
}

/** A code, never a message: messages may quote what was sent. */
function causeOf(thrown: unknown): string {
  const code = typeof thrown === "object" && thrown !== null && "code" in thrown ? thrown.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]+$/.test(code) ? code : "request failed";
}

function plainHeaders(headers: unknown): Record<string, string> {
  const entries = Object.entries({ ...(headers as Record<string, unknown>) });
  const known = entries.filter(([, value]) => value !== undefined && value !== null && value !== false);
  return Object.fromEntries(known.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function shown(method: string, { url = "", headers, data }: Shown): DryRun {
  const all = plainHeaders(headers);
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) {
    if (name === "x-bapi-api-key" || name === "x-bapi-sign") kept[name] = `[hidden, ${value.length} characters]`;
    else if (name.startsWith("x-bapi") || name === "content-type") kept[name] = value;
  }
  return { method, url, headers: kept, body: typeof data === "string" ? data : null };
}
