import { VenueRejection } from "../../core/errors.ts";
import type { GatewayClock } from "../gateway/authenticate.ts";
import type { ApiKey } from "../gateway/keyring.ts";
import type { Hub } from "./hub.ts";
import { login } from "./login.ts";
import { type ClientMessage, clientMessage, echo, topicsOf } from "./message.ts";
import type { Session, SessionWorld } from "./session.ts";

/** Topics of `/v5/private`, and whether they have a `.linear` `.inverse` `.spot` form. */
export const PRIVATE_TOPICS: readonly { name: string; categorised: boolean; note?: string }[] = [
  { name: "order", categorised: true },
  { name: "execution", categorised: true },
  { name: "execution.fast", categorised: true },
  { name: "position", categorised: true },
  { name: "wallet", categorised: false },
];

const CATEGORY_SUFFIX = /\.(linear|inverse|spot|option)$/;

/** The name a private topic of an account has in the hub. */
export function privateTopic(account: string, topic: string): string {
  return `@${account}/${topic}`;
}

/** Whether `topic` is one of the private ones, categorised or not. */
export function isPrivateTopic(topic: string): boolean {
  const name = topic.replace(CATEGORY_SUFFIX, "");
  const known = PRIVATE_TOPICS.find((t) => t.name === name);
  if (!known) return false;
  return name === topic || (known.categorised && !(name === "position" && topic.endsWith(".spot")));
}

/** What the private and order-entry sockets need to know about keys. */
export interface Gatekeeper {
  readonly keys: ReadonlyMap<string, ApiKey>;
  readonly clock: GatewayClock;
}

/** Serves one connection on `/v5/private`. */
export function privateSocket(
  session: Session,
  address: string,
  { hub, gatekeeper, world }: { hub: Hub; gatekeeper: Gatekeeper; world: SessionWorld },
) {
  const mine = new Set<string>();
  let key: ApiKey | undefined;

  const reply = (message: ClientMessage, success: boolean, text: string) => ({
    success,
    ret_msg: text,
    op: message.op,
    conn_id: session.connId,
    ...echo(message),
  });

  function auth(message: ClientMessage): void {
    try {
      if (world.faults.hit(["refuseAuth"], "auth", world.now())) throw new VenueRejection("10004", "Error sign");
      key = login(message.args, gatekeeper.keys, address, gatekeeper.clock);
      session.replyLater(reply(message, true, ""));
    } catch (error) {
      if (!(error instanceof VenueRejection)) throw error;
      session.replyLater(reply(message, false, error.message));
    }
  }

  function refused(topics: readonly string[]): string {
    if (!key) return "Request not authorized";
    if (world.faults.hit(["refuseSubscribe"], topics.join(","), world.now())) return "error:handler not found";
    const bad = topics.find((topic) => !isPrivateTopic(topic));
    if (bad !== undefined) return `error:handler not found,topic:${bad}`;
    const again = topics.find((topic) => mine.has(topic));
    if (again !== undefined) return `error:already subscribed,topic:${again}`;
    const bases = topics.filter((topic) => CATEGORY_SUFFIX.test(topic)).map((t) => t.replace(CATEGORY_SUFFIX, ""));
    const mixed = topics.find((topic) => bases.includes(topic));
    return mixed === undefined ? "" : `error:all-in-one and categorised topics are mixed,topic:${mixed}`;
  }

  function subscribe(message: ClientMessage): void {
    const wanted = topicsOf(message);
    const error = "error" in wanted ? wanted.error : refused(wanted.topics);
    if (error !== "" || "error" in wanted) {
      session.replyLater(reply(message, false, error));
      return;
    }
    const account = key!.account;
    for (const topic of wanted.topics) mine.add(topic);
    session.replyLater(reply(message, true, ""), () => {
      for (const topic of wanted.topics) if (mine.has(topic)) hub.add(privateTopic(account, topic), session);
    });
  }

  function unsubscribe(message: ClientMessage): void {
    const wanted = topicsOf(message);
    if ("error" in wanted) {
      session.replyLater(reply(message, false, wanted.error));
      return;
    }
    for (const topic of wanted.topics) {
      mine.delete(topic);
      if (key) hub.remove(privateTopic(key.account, topic), session);
    }
    session.replyLater(reply(message, true, ""));
  }

  return {
    message(data: string): void {
      const message = clientMessage(data);
      if (!message) session.reply({ success: false, ret_msg: "Params Error", op: "", conn_id: session.connId });
      else if (message.op === "auth") auth(message);
      else if (message.op === "ping") {
        session.reply({ ...echo(message), op: "pong", args: [String(world.now())], conn_id: session.connId });
      } else if (message.op === "subscribe") subscribe(message);
      else if (message.op === "unsubscribe") unsubscribe(message);
      else session.reply(reply(message, false, "error:invalid op"));
    },
    end(): void {
      if (key) for (const topic of mine) hub.remove(privateTopic(key.account, topic), session);
      mine.clear();
    },
  };
}
