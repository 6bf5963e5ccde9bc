import { VenueRejection } from "../../core/errors.ts";
import type { RequestFault } from "../faults/rules.ts";
import { checkStamp } from "../gateway/authenticate.ts";
import type { ApiKey } from "../gateway/keyring.ts";
import { isRecord, Params } from "../gateway/params.ts";
import { refusal, words } from "../gateway/retcodes.ts";
import type { Outcome } from "../gateway/route.ts";
import { login } from "./login.ts";
import { type ClientMessage, clientMessage } from "./message.ts";
import type { Gatekeeper } from "./private.ts";
import type { Session, SessionWorld } from "./session.ts";

/** Operations of `/v5/trade` and the REST endpoint each one shares its code with. */
export const TRADE_OPERATIONS: Readonly<Record<string, string>> = {
  "order.create": "/v5/order/create",
  "order.amend": "/v5/order/amend",
  "order.cancel": "/v5/order/cancel",
  "order.create-batch": "/v5/order/create-batch",
  "order.amend-batch": "/v5/order/amend-batch",
  "order.cancel-batch": "/v5/order/cancel-batch",
};

/** What the order-entry socket needs of the exchange. */
export interface OrderEntry {
  readonly gatekeeper: Gatekeeper;
  readonly world: SessionWorld;
  /** Runs the endpoint at `path` as REST would. */
  call(path: string, params: Params, key: ApiKey): Outcome;
  /** A fresh trace id. */
  traceId(): string;
}

const BEFORE: readonly RequestFault[] = ["requestLost", "serverError", "slowRequest", "reject"];
const AFTER: readonly RequestFault[] = [
  ...(["answerLost", "serverErrorAfter", "garbage", "truncated"] as const),
  ...(["slowAnswer", "rejectAfter"] as const),
];
/** Request ids remembered per connection, to refuse a second use. */
const REMEMBERED_IDS = 10_000;
const LONGEST_ID = 36;
const CATEGORIES: readonly unknown[] = ["linear", "inverse", "spot"];

/** Serves one connection on `/v5/trade`. */
export function tradeSocket(session: Session, address: string, entry: OrderEntry) {
  const { gatekeeper, world } = entry;
  const used = new Set<string>();
  let key: ApiKey | undefined;

  function auth(message: ClientMessage): void {
    const reply = (retCode: number, retMsg: string) =>
      session.replyLater({ ...reqIdOf(message), retCode, retMsg, op: "auth", connId: session.connId });
    if (key) {
      reply(20001, words(20001));
      return;
    }
    try {
      if (world.faults.hit(["refuseAuth"], "auth", world.now())) throw refusal(10004);
      key = login(message.args, gatekeeper.keys, address, gatekeeper.clock);
      reply(0, "OK");
    } catch (error) {
      if (!(error instanceof VenueRejection)) throw error;
      reply(Number(error.code), error.message);
    }
  }

  function order(message: ClientMessage): void {
    const path = TRADE_OPERATIONS[message.op];
    if (path === undefined) {
      answer(message, refused(10404));
      return;
    }
    const rule = world.faults.hit(BEFORE, `${message.op} ${path}`, world.now());
    if (rule?.fault === "requestLost" || rule?.fault === "serverError") {
      session.terminate();
      return;
    }
    if (rule?.fault === "reject") {
      answer(message, refused(rule.retCode ?? 10016, rule.retMsg));
      return;
    }
    if (rule?.fault === "slowRequest") {
      session.later(rule.delayMs ?? 1_000, () => run(message, path));
      return;
    }
    run(message, path);
  }

  function run(message: ClientMessage, path: string): void {
    const outcome = attempt(message, path);
    const rule = world.faults.hit(AFTER, `${message.op} ${path}`, world.now());
    if (rule?.fault === "answerLost" || rule?.fault === "serverErrorAfter") {
      session.terminate();
      return;
    }
    if (rule?.fault === "garbage" || rule?.fault === "truncated") {
      session.send('{"retCode":0,"re');
      return;
    }
    if (rule?.fault === "rejectAfter") {
      answer(message, refused(rule.retCode ?? 10000, rule.retMsg));
      return;
    }
    if (rule?.fault === "slowAnswer") {
      session.later(rule.delayMs ?? 1_000, () => answer(message, outcome));
      return;
    }
    answer(message, outcome);
  }

  function attempt(message: ClientMessage, path: string): Outcome {
    try {
      if (!key) throw refusal(10003, "Request not authorized");
      const header = isRecord(message.raw.header) ? message.raw.header : {};
      const word = (name: string) => {
        const value = header[name];
        return typeof value === "number" || typeof value === "string" ? String(value) : "";
      };
      checkStamp(word("X-BAPI-TIMESTAMP"), word("X-BAPI-RECV-WINDOW"), gatekeeper.clock);
      if (gatekeeper.clock.now() >= key.expiresAt) throw refusal(33004);
      rememberId(message.raw.reqId);
      const [args] = message.args;
      if (message.args.length !== 1 || !isRecord(args)) throw refusal(10001, "params error: args must hold one object");
      if (!CATEGORIES.includes(args.category)) throw refusal(10404, "category is not correct");
      return entry.call(path, new Params(args), key);
    } catch (error) {
      if (!(error instanceof VenueRejection)) throw error;
      return refused(Number(error.code), error.message);
    }
  }

  function rememberId(id: unknown): void {
    if (id === undefined || id === "") return;
    if (typeof id !== "string" || id.length > LONGEST_ID) throw refusal(10001, "params error: reqId invalid");
    if (used.has(id)) throw refusal(20006);
    used.add(id);
    if (used.size > REMEMBERED_IDS) for (const oldest of used) return void used.delete(oldest);
  }

  function answer(message: ClientMessage, outcome: Outcome): void {
    const { headers } = outcome;
    const now = world.now();
    session.reply({
      ...reqIdOf(message),
      retCode: outcome.retCode,
      retMsg: outcome.retMsg,
      op: message.op,
      data: outcome.result,
      retExtInfo: outcome.retExtInfo ?? {},
      header: {
        ...(headers && {
          "X-Bapi-Limit": String(headers.limit),
          "X-Bapi-Limit-Status": String(headers.remaining),
          "X-Bapi-Limit-Reset-Timestamp": String(headers.resetAt),
        }),
        Traceid: entry.traceId(),
        Timenow: String(now),
      },
      connId: session.connId,
    });
  }

  return {
    message(data: string): void {
      const message = clientMessage(data);
      if (!message) {
        session.reply({ retCode: 10001, retMsg: "Params Error", op: "", connId: session.connId });
      } else if (message.op === "auth") auth(message);
      else if (message.op === "ping") {
        const data = [String(world.now())];
        session.reply({ ...reqIdOf(message), retCode: 0, retMsg: "OK", op: "pong", data, connId: session.connId });
      } else order(message);
    },
    end(): void {},
  };
}

/** Clients name the field `reqId`, in auth and ping also `req_id`; the exchange answers with `reqId`. */
function reqIdOf(message: ClientMessage): Record<string, unknown> {
  const { reqId } = message.raw;
  if (reqId !== undefined) return { reqId };
  return message.reqId === undefined ? {} : { reqId: message.reqId, req_id: message.reqId };
}

function refused(retCode: number, retMsg: string = words(retCode)): Outcome {
  return { retCode, retMsg, result: {}, headers: undefined };
}
