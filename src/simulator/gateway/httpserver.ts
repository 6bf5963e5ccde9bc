import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { VenueRejection } from "../../core/errors.ts";
import type { FaultInjector } from "../faults/injector.ts";
import type { FaultRule, RequestFault } from "../faults/rules.ts";
import { authenticate, type GatewayClock } from "./authenticate.ts";
import type { ApiKey } from "./keyring.ts";
import { bodyParams, type Params, queryParams } from "./params.ts";
import { RateLimiter } from "./ratelimit.ts";
import { words } from "./retcodes.ts";
import type { Outcome, Route } from "./route.ts";

/** What the HTTP face needs of the exchange around it. */
export interface HttpWorld {
  readonly routes: readonly Route[];
  readonly keys: ReadonlyMap<string, ApiKey>;
  readonly clock: GatewayClock;
  readonly faults: FaultInjector;
  /** Multiplies the address limit of 600 requests in 5 s; Infinity: none. */
  readonly limitScale: number;
  /** How long a client may take to send its head, and its whole request. */
  readonly timeouts: { readonly headersMs: number; readonly requestMs: number } | undefined;
  /** Runs an endpoint's code. */
  call(route: Route, params: Params, key: ApiKey | undefined): Outcome;
  /** A fresh trace id. */
  traceId(): string;
  readonly log: ((line: string) => void) | undefined;
}

const BODY_LIMIT_BYTES = 1024 * 1024;
const USUAL_TIMEOUTS = { headersMs: 5_000, requestMs: 10_000 };
const KEEP_ALIVE_MS = 75_000;
const ADDRESS_LIMIT = 600;
const ADDRESS_WINDOW_MS = 5_000;

const BEFORE: readonly RequestFault[] = ["requestLost", "serverError", "slowRequest", "reject", "forbidden"];
const AFTER: readonly RequestFault[] = [
  "answerLost",
  "serverErrorAfter",
  "slowAnswer",
  "garbage",
  "truncated",
  "rejectAfter",
];
const HTML = "<html><head><title>502 Bad Gateway</title></head><body><center>502 Bad Gateway</center></body></html>";

/** The REST server, not yet listening: every route, and every error in Bybit's form. */
export function httpServer(world: HttpWorld): FastifyInstance {
  const { headersMs, requestMs } = world.timeouts ?? USUAL_TIMEOUTS;
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: requestMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: Math.min(1_000, headersMs) },
    frameworkErrors(_error, request, reply) {
      send(request, reply, { ...refused(10017), httpStatus: 404 }, world); // a path that is no URL
    },
    clientErrorHandler(error, socket) {
      const status = error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? "408 Request Timeout" : "400 Bad Request";
      const body = envelope(refused(10001, "malformed HTTP request"), world.clock.now());
      if (!socket.writable) return void socket.destroy();
      const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
      socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`);
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  const addresses = new RateLimiter(world.limitScale);
  for (const route of world.routes) {
    app.route({
      method: route.method,
      url: route.path,
      exposeHeadRoute: false,
      handler: (request, reply) => serve(route, request, reply, { world, addresses }),
    });
  }
  app.setNotFoundHandler((request, reply) => {
    send(request, reply, { ...refused(10017), httpStatus: 404 }, world);
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error.statusCode ?? 500;
    const text = status === 413 ? `the body is larger than ${BODY_LIMIT_BYTES} bytes` : "bad request";
    const outcome = status >= 500 ? refused(10016) : refused(10001, `params error: ${text}`);
    send(request, reply, { ...outcome, httpStatus: status }, world);
  });
  return app;
}

interface Serving {
  readonly world: HttpWorld;
  readonly addresses: RateLimiter;
}

function serve(route: Route, request: FastifyRequest, reply: FastifyReply, serving: Serving): void {
  const { world, addresses } = serving;
  const visit = addresses.visit(request.ip, ADDRESS_LIMIT, ADDRESS_WINDOW_MS, Date.now());
  if (visit.granted === 0) {
    forbid(request, reply, world);
    return;
  }
  const rule = world.faults.idle ? undefined : world.faults.hit(BEFORE, route.path, world.clock.now());
  if (!rule) {
    effect(route, request, reply, world);
    return;
  }
  if (rule.fault === "slowRequest") {
    setTimeout(() => effect(route, request, reply, world), rule.delayMs ?? 1_000).unref();
    return;
  }
  if (rule.fault === "requestLost") {
    breakOff(request, reply);
    return;
  }
  if (rule.fault === "forbidden") {
    forbid(request, reply, world);
    return;
  }
  if (rule.fault === "serverError") {
    sendText(reply, 502, "text/html", HTML);
    return;
  }
  send(request, reply, refused(rule.retCode ?? 10016, rule.retMsg), world);
}

function effect(route: Route, request: FastifyRequest, reply: FastifyReply, world: HttpWorld): void {
  const outcome = attempt(route, request, world);
  const rule = world.faults.idle ? undefined : world.faults.hit(AFTER, route.path, world.clock.now());
  if (rule) {
    answerWith(rule, outcome, { request, reply, world });
    return;
  }
  send(request, reply, outcome, world);
}

function attempt(route: Route, request: FastifyRequest, world: HttpWorld): Outcome {
  try {
    const query = rawQuery(request);
    const body = Buffer.isBuffer(request.body) ? request.body : "";
    const payload = route.method === "GET" ? query : body;
    const key =
      route.access === "public"
        ? undefined
        : authenticate({ headers: request.headers, payload, address: request.ip }, world.keys, world.clock);
    return world.call(route, route.method === "GET" ? queryParams(query) : bodyParams(body), key);
  } catch (error) {
    if (!(error instanceof VenueRejection)) throw error;
    const absent = error.code === "10003" && request.headers["x-bapi-api-key"] === undefined;
    return { ...refused(Number(error.code), error.message), ...(absent && { httpStatus: 401 }) };
  }
}

function answerWith(
  rule: FaultRule,
  outcome: Outcome,
  { request, reply, world }: { request: FastifyRequest; reply: FastifyReply; world: HttpWorld },
): void {
  if (rule.fault === "answerLost") {
    breakOff(request, reply);
    return;
  }
  if (rule.fault === "serverErrorAfter") {
    sendText(reply, 502, "text/html", HTML);
    return;
  }
  if (rule.fault === "garbage") {
    sendText(reply, 200, "application/json", "\u0000\u0007<!doctype ret:0}");
    return;
  }
  if (rule.fault === "truncated") {
    const body = envelope(outcome, world.clock.now());
    sendText(reply, 200, "application/json", body.slice(0, body.length >> 1));
    return;
  }
  if (rule.fault === "slowAnswer") {
    setTimeout(() => send(request, reply, outcome, world), rule.delayMs ?? 1_000).unref();
    return;
  }
  send(request, reply, refused(rule.retCode ?? 10000, rule.retMsg), world);
}

function rawQuery(request: FastifyRequest): string {
  const url = request.raw.url ?? "";
  const mark = url.indexOf("?");
  return mark < 0 ? "" : url.slice(mark + 1);
}

function refused(retCode: number, retMsg: string = words(retCode)): Outcome {
  return { retCode, retMsg, result: {}, headers: undefined };
}

/** The JSON text of an answer; `time` is the exchange's. */
export function envelope(outcome: Outcome, time: number): string {
  const { retCode, retMsg, result, retExtInfo, top } = outcome;
  return JSON.stringify({ retCode, retMsg, ...top, result, retExtInfo: retExtInfo ?? {}, time });
}

function send(request: FastifyRequest, reply: FastifyReply, outcome: Outcome, world: HttpWorld): void {
  const now = world.clock.now();
  const raw = reply.raw;
  reply.hijack();
  if (raw.destroyed || raw.writableEnded) return;
  const body = Buffer.from(envelope(outcome, now));
  const headers: Record<string, string | number> = {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": body.length,
    Ret_code: outcome.retCode,
    Traceid: world.traceId(),
    Timenow: now,
  };
  if (outcome.headers) {
    headers["X-Bapi-Limit"] = outcome.headers.limit;
    headers["X-Bapi-Limit-Status"] = outcome.headers.remaining;
    headers["X-Bapi-Limit-Reset-Timestamp"] = outcome.headers.resetAt;
  }
  if (!request.raw.complete) headers.Connection = "close";
  raw.writeHead(outcome.httpStatus ?? 200, headers);
  raw.end(body);
  const path = (request.raw.url ?? "").split("?", 1)[0]!;
  world.log?.(`${request.method} ${path} ${outcome.httpStatus ?? 200} ${outcome.retCode} ${loggable(outcome.retMsg)}`);
}

function sendText(reply: FastifyReply, status: number, type: string, text: string): void {
  reply.hijack();
  reply.raw.writeHead(status, { "Content-Type": type, "Content-Length": Buffer.byteLength(text) });
  reply.raw.end(text);
}

function forbid(request: FastifyRequest, reply: FastifyReply, world: HttpWorld): void {
  send(request, reply, { ...refused(10006, "403, access too frequent"), httpStatus: 403 }, world);
}

function breakOff(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  request.raw.socket.destroy();
}

/** What was to be signed begins with the key: not for a log. */
function loggable(retMsg: string): string {
  return retMsg.replace(/ origin_string\[.*\]$/, "");
}
