import type { Side } from "../model/trade.ts";
import type { Approved } from "../risk/guards.ts";

/** What a bot asks of an exchange. Prices and quantities are plain decimals on the instrument's grid. */
export type BotRequest =
  /** A market order whose stop and target travel with it. */
  | {
      readonly kind: "entry";
      readonly linkId: string;
      readonly symbol: string;
      readonly side: Side;
      readonly qty: string;
      readonly stopLoss: string | null;
      readonly takeProfit: string | null;
    }
  /** A reduce-only market order. */
  | {
      readonly kind: "exit";
      readonly linkId: string;
      readonly symbol: string;
      readonly side: Side;
      readonly qty: string;
    }
  /** The position's stop, target, and trailing stop; `null`, or absent, leaves what is there. */
  | {
      readonly kind: "protect";
      readonly symbol: string;
      readonly stopLoss: string | null;
      readonly takeProfit: string | null;
      /** Behind the best price, in price; it follows at once, or from a trade at `activePrice` on. */
      readonly trailing?: { readonly distance: string; readonly activePrice: string | null };
    }
  | { readonly kind: "cancel"; readonly symbol: string; readonly orderId: string };

export type ApprovedRequest = Approved<BotRequest>;

/** What a bot asks to know. */
export type BotQuery =
  /** One order by its client id, from open orders, history and executions. */
  | { readonly kind: "order"; readonly symbol: string; readonly linkId: string }
  /** The whole account; executions from `since` (epoch ms) on, every page. */
  | { readonly kind: "account"; readonly since: number };
