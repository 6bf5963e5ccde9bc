import { z } from "zod";
import { define, perMinute, perSecond } from "./entry.ts";
import * as f from "./fields.ts";
import * as rows from "./rows.ts";

const query = { group: "asset", method: "GET", auth: "key", effect: "reads", idempotency: "read" } as const;
const ACCOUNTS = ["UNIFIED", "FUND"] as const;
const accountType = (description: string) => f.oneOf(ACCOUNTS, description);
const span = { startTime: f.startTime.optional(), endTime: f.endTime.optional() };
const zeroOne = (description: string) =>
  z.literal([0, 1]).meta({ description, kind: "integer", limits: "0 1", example: 0 });

/** Coins, balances, records. Withdrawals are left out on purpose: nothing here can take money off the exchange. */
export const ASSET = {
  get_coin_info: define({
    ...query,
    path: "/v5/asset/coin/query-info",
    summary: "coins and their chains",
    rate: perSecond(5),
    params: z.strictObject({ coin: f.coin().optional() }),
    result: z.looseObject({ rows: z.array(rows.anything) }),
    example: { coin: "USDT" },
  }),
  get_coins_balance: define({
    ...query,
    path: "/v5/asset/transfer/query-account-coins-balance",
    summary: "balances of an account by coin",
    rate: perSecond(5),
    params: z
      .strictObject({
        memberId: f.text("sub-account, asked by the main key", "592324").optional(),
        accountType: accountType("account"),
        coin: f.coins(10).optional(),
        withBonus: zeroOne("1 counts bonus").optional(),
      })
      .refine((p) => p.accountType !== "UNIFIED" || p.coin !== undefined, {
        path: ["coin"],
        error: "needed for UNIFIED, at most 10",
      }),
    result: z.looseObject({ balance: z.array(z.looseObject({ coin: z.string(), walletBalance: rows.maybe })) }),
    example: { accountType: "UNIFIED", coin: "USDT" },
  }),
  get_coin_balance: define({
    ...query,
    path: "/v5/asset/transfer/query-account-coin-balance",
    summary: "balance of one coin",
    rate: perSecond(450),
    params: z.strictObject({
      memberId: f.text("sub-account", "592324").optional(),
      toMemberId: f.text("account it would go to", "592324").optional(),
      accountType: accountType("account"),
      toAccountType: accountType("account it would go to").optional(),
      coin: f.coin(),
      withBonus: zeroOne("1 counts bonus").optional(),
      withTransferSafeAmount: zeroOne("1 tells what may be moved without delay").optional(),
      withLtvTransferSafeAmount: zeroOne("1 tells what may be moved under a loan").optional(),
    }),
    result: rows.anything,
    example: { accountType: "UNIFIED", coin: "USDT" },
  }),
  get_asset_overview: define({
    ...query,
    path: "/v5/asset/asset-overview",
    summary: "everything, valued in one currency",
    params: z.strictObject({
      memberId: f.text("sub-account", "592324").optional(),
      valuationCurrency: f.coin("currency of the values").optional(),
      accountType: f.text("account", "UnifiedTradingAccount").optional(),
    }),
    result: rows.anything,
    example: { valuationCurrency: "USD" },
  }),
  get_transferable_coin: define({
    ...query,
    path: "/v5/asset/transfer/query-transfer-coin-list",
    summary: "coins that may go from one account to the other",
    rate: perMinute(60),
    params: z.strictObject({ fromAccountType: accountType("from"), toAccountType: accountType("to") }),
    result: rows.anything,
    example: { fromAccountType: "UNIFIED", toAccountType: "FUND" },
  }),
  create_internal_transfer: define({
    group: "asset",
    method: "POST",
    auth: "key",
    effect: "moves",
    idempotency: "never",
    path: "/v5/asset/transfer/inter-transfer",
    summary: "moves a coin between the unified and the funding account",
    rate: perMinute(60),
    params: z.strictObject({
      transferId: z
        .uuid()
        .meta({ description: "a UUID you make", kind: "uuid", example: "42c0cfb0-6bca-4242-bc76-4e6df6cbcb16" }),
      coin: f.coin(),
      amount: f.positive("how much", "10"),
      fromAccountType: accountType("from"),
      toAccountType: accountType("to"),
    }),
    result: z.looseObject({ transferId: z.string(), status: z.string().optional() }),
    example: {
      transferId: "42c0cfb0-6bca-4242-bc76-4e6df6cbcb16",
      coin: "USDT",
      amount: "10",
      fromAccountType: "UNIFIED",
      toAccountType: "FUND",
    },
    note: "A key that may do this may not trade with us: see grimoire doctor.",
  }),
  get_internal_transfer_records: define({
    ...query,
    path: "/v5/asset/transfer/query-inter-transfer-list",
    summary: "transfers between accounts",
    rate: perMinute(60),
    params: z.strictObject({
      transferId: f.text("one transfer").optional(),
      coin: f.coin().optional(),
      status: f.oneOf(["SUCCESS", "PENDING", "FAILED"], "state").optional(),
      ...span,
      limit: f.limit(50, 20).optional(),
      cursor: f.cursor.optional(),
    }),
    result: rows.listOf(rows.anything),
    example: { coin: "USDT", limit: 10 },
  }),
  get_deposit_records: define({
    ...query,
    path: "/v5/asset/deposit/query-record",
    summary: "what came in from outside",
    rate: perMinute(100),
    params: z.strictObject({
      id: f.text("one deposit").optional(),
      txID: f.text("transaction on the chain").optional(),
      coin: f.coin().optional(),
      ...span,
      limit: f.limit(50, 50).optional(),
      cursor: f.cursor.optional(),
    }),
    result: z.looseObject({ rows: z.array(rows.anything) }),
    example: { coin: "USDT", limit: 10 },
  }),
  get_withdrawal_records: define({
    ...query,
    path: "/v5/asset/withdraw/query-record",
    summary: "what went out",
    rate: perSecond(5),
    params: z.strictObject({
      withdrawID: f.text("one withdrawal").optional(),
      txID: f.text("transaction on the chain").optional(),
      coin: f.coin().optional(),
      withdrawType: z
        .literal([0, 1, 2])
        .meta({ description: "0 on chain, 1 off chain, 2 both", kind: "integer", limits: "0 1 2", example: 2 })
        .optional(),
      ...span,
      limit: f.limit(50, 50).optional(),
      cursor: f.cursor.optional(),
    }),
    result: z.looseObject({ rows: z.array(rows.anything) }),
    example: { coin: "USDT", limit: 10 },
  }),
  get_withdrawable_amount: define({
    ...query,
    path: "/v5/asset/withdraw/withdrawable-amount",
    summary: "what of a coin could be withdrawn",
    rate: perSecond(5),
    params: z.strictObject({ coin: f.coin() }),
    result: rows.anything,
    example: { coin: "USDT" },
  }),
  get_option_delivery_record: define({
    ...query,
    path: "/v5/asset/delivery-record",
    summary: "deliveries of futures and options",
    rate: perSecond(50),
    categories: ["linear", "inverse", "option"],
    aliases: ["get_delivery_record"],
    params: z.strictObject({
      category: f.category("linear", "inverse", "option"),
      symbol: f.symbol.optional(),
      ...span,
      expDate: f.text("day of expiry", "25DEC26").optional(),
      limit: f.limit(50, 20).optional(),
      cursor: f.cursor.optional(),
    }),
    result: rows.listOf(rows.anything),
    example: { category: "linear", limit: 10 },
  }),
  get_usdc_contract_settlement: define({
    ...query,
    path: "/v5/asset/settlement-record",
    summary: "session settlements of USDC contracts",
    rate: perSecond(50),
    categories: ["linear"],
    aliases: ["get_settlement_record"],
    params: z.strictObject({
      category: f.category("linear"),
      symbol: f.symbol.optional(),
      ...span,
      limit: f.limit(50, 20).optional(),
      cursor: f.cursor.optional(),
    }),
    result: rows.listOf(rows.anything),
    example: { category: "linear", limit: 10 },
  }),
  spot_margin_trade_toggle_margin_trade: define({
    ...query,
    method: "POST",
    effect: "sets",
    idempotency: "absolute",
    path: "/v5/spot-margin-trade/switch-mode",
    summary: "spot trading on borrowed coins",
    params: z.strictObject({ spotMarginMode: f.oneOf(["0", "1"], "1 on, 0 off") }),
    result: rows.anything,
    example: { spotMarginMode: "0" },
  }),
  spot_margin_trade_set_leverage: define({
    ...query,
    method: "POST",
    effect: "sets",
    idempotency: "absolute",
    path: "/v5/spot-margin-trade/set-leverage",
    summary: "most leverage of spot on borrowed coins",
    params: z.strictObject({ leverage: f.positive("2 to 10", "2"), currency: f.coin().optional() }),
    result: rows.anything,
    example: { leverage: "2" },
  }),
  spot_margin_trade_get_status_and_leverage: define({
    ...query,
    path: "/v5/spot-margin-trade/state",
    summary: "whether spot may borrow, and how far",
    params: f.none,
    result: rows.anything,
    example: {},
  }),
};
