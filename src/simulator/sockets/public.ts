import type { Category } from "../../model/instrument.ts";
import type { Hub } from "./hub.ts";
import { type ClientMessage, clientMessage, topicsOf } from "./message.ts";
import type { Session, SessionWorld } from "./session.ts";

/** What the public sockets need to know about topics. */
export interface PublicFeed {
  readonly hub: Hub;
  /** Whether the exchange has this topic. */
  knows(category: Category, topic: string): boolean;
  /** The first messages of a fresh subscription, e.g. the book's snapshot. */
  snapshot(category: Category, topic: string): string[];
}

const MOST_ARGUMENT_CHARACTERS = 21_000;
const MOST_SPOT_TOPICS_PER_REQUEST = 10;

/** The name a public topic has in the hub. */
export function hubTopic(category: Category, topic: string): string {
  return `${category}/${topic}`;
}

/** Serves one connection on `/v5/public/{category}`: returns what to do with a message and at the end. */
export function publicSocket(session: Session, category: Category, feed: PublicFeed, world: SessionWorld) {
  const mine = new Set<string>();

  function subscribe(message: ClientMessage): void {
    const wanted = topicsOf(message);
    const error = "error" in wanted ? wanted.error : refused(wanted.topics);
    if (error !== "" || "error" in wanted) {
      session.replyLater(reply(message, false, error));
      return;
    }
    for (const topic of wanted.topics) mine.add(topic);
    session.replyLater(reply(message, true, category === "spot" ? "subscribe" : ""), () => {
      for (const topic of wanted.topics) {
        if (!mine.has(topic)) continue;
        const name = hubTopic(category, topic);
        for (const text of feed.snapshot(category, topic)) session.deliver(name, Buffer.from(text));
        feed.hub.add(name, session);
      }
    });
  }

  function refused(topics: readonly string[]): string {
    if (world.faults.hit(["refuseSubscribe"], topics.join(","), world.now())) return "error:handler not found";
    if (category === "spot" && topics.length > MOST_SPOT_TOPICS_PER_REQUEST) return "args size >10";
    if ([...mine, ...topics].join("").length > MOST_ARGUMENT_CHARACTERS) return "error:args too long";
    for (const topic of topics) {
      if (!feed.knows(category, topic)) return `error:handler not found,topic:${topic}`;
      if (mine.has(topic)) return `error:already subscribed,topic:${topic}`;
    }
    return "";
  }

  function unsubscribe(message: ClientMessage): void {
    const wanted = topicsOf(message);
    if ("error" in wanted) {
      session.replyLater(reply(message, false, wanted.error));
      return;
    }
    for (const topic of wanted.topics) {
      mine.delete(topic);
      feed.hub.remove(hubTopic(category, topic), session);
    }
    session.replyLater(reply(message, true, category === "spot" ? "unsubscribe" : ""));
  }

  function reply(message: ClientMessage, success: boolean, text: string) {
    return { success, ret_msg: text, conn_id: session.connId, req_id: message.reqId ?? "", op: message.op };
  }

  return {
    message(data: string): void {
      const message = clientMessage(data);
      if (!message) {
        session.reply({ success: false, ret_msg: "Params Error", conn_id: session.connId, req_id: "", op: "" });
      } else if (message.op === "ping") session.reply({ ...reply(message, true, "pong"), op: "ping" });
      else if (message.op === "subscribe") subscribe(message);
      else if (message.op === "unsubscribe") unsubscribe(message);
      else session.reply(reply(message, false, "error:invalid op"));
    },
    end(): void {
      for (const topic of mine) feed.hub.remove(hubTopic(category, topic), session);
      mine.clear();
    },
  };
}
