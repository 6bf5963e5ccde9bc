import type { Gateway } from "../bybit/gateway.ts";
import { rowsOf } from "../bybit/pages.ts";
import { DAY_MS } from "../core/time.ts";
import type { AccountReport, ExecutionFact, OrderFact } from "../engine/facts.ts";
import type { BotQuery } from "../engine/requests.ts";
import { executionFactOf, orderFactOf, positionFactOf } from "./facts.ts";

/** What was found of one order; `order` null when the exchange does not know it. */
export interface OrderFound {
  readonly order: OrderFact | null;
  readonly executions: readonly ExecutionFact[];
}

/** The exchange lists executions of so long at a time, ms. */
const WINDOW_MS = 7 * DAY_MS;
/** A question that got no answer is asked again by the bot. */
const ONCE = { attempts: 1, timeoutMs: 5_000 } as const;

/** Looks for one order: among those open, in the history, and what it did. @throws as `Gateway.call` */
export async function findOrder(
  gateway: Gateway,
  { symbol, linkId }: Extract<BotQuery, { kind: "order" }>,
  settleCoin: string,
): Promise<OrderFound> {
  const which = { category: "linear", symbol, orderLinkId: linkId } as const;
  const open = await gateway.call("get_open_orders", which, ONCE);
  let row = open.list.find((each) => each.orderLinkId === linkId);
  if (!row) {
    const past = await gateway.call("get_order_history", which, ONCE);
    row = past.list.find((each) => each.orderLinkId === linkId);
  }
  // Asked after the order, so that what the order says it filled is in the list.
  const executions: ExecutionFact[] = [];
  for await (const each of rowsOf(gateway, "get_executions", { ...which, limit: 100 }, ONCE)) {
    if (each.orderLinkId === linkId) executions.push(executionFactOf(each, settleCoin));
  }
  return { order: row ? orderFactOf(row) : null, executions };
}

/** Everything of the account; `now` is the exchange's time at the asking. @throws as `Gateway.call` */
export async function lookAtAccount(
  gateway: Gateway,
  { since }: Extract<BotQuery, { kind: "account" }>,
  { now, settleCoin }: { readonly now: number; readonly settleCoin: string },
): Promise<AccountReport> {
  const all = { category: "linear", settleCoin } as const;
  const [openOrders, positions, executions, wallet] = await Promise.all([
    listed(rowsOf(gateway, "get_open_orders", { ...all, limit: 50 }, ONCE), orderFactOf),
    listed(rowsOf(gateway, "get_positions", { ...all, limit: 200 }, ONCE), positionFactOf),
    executionsSince(gateway, { since, now, settleCoin }),
    gateway.call("get_wallet_balance", { accountType: "UNIFIED", coin: settleCoin }, ONCE),
  ]);
  const coin = wallet.list[0]?.coin.find((each) => each.coin === settleCoin);
  return { askedAt: now, openOrders, executions, positions, walletBalance: coin?.walletBalance || "0" };
}

/** All executions from `since` on, epoch ms, every page of every window. @throws as `Gateway.call` */
export async function executionsSince(
  gateway: Gateway,
  { since, now, settleCoin }: { since: number; now: number; settleCoin: string },
): Promise<ExecutionFact[]> {
  const found: ExecutionFact[] = [];
  for (let from = Math.floor(since); ; from += WINDOW_MS) {
    const isLast = from + WINDOW_MS >= now;
    // The last window has no end: what happens while it is read belongs to it.
    const window = { startTime: from, ...(!isLast && { endTime: from + WINDOW_MS - 1 }) };
    const params = { category: "linear", ...window, limit: 100 } as const;
    for await (const row of rowsOf(gateway, "get_executions", params, ONCE)) {
      found.push(executionFactOf(row, settleCoin));
    }
    if (isLast) return found;
  }
}

async function listed<R, T>(rows: AsyncIterable<R>, of: (row: R) => T): Promise<T[]> {
  const out: T[] = [];
  for await (const row of rows) out.push(of(row));
  return out;
}
