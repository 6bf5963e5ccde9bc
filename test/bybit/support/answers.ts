import type { FunctionName } from "../../../src/bybit/catalogue.ts";

/** An answer in the form of the exchange's documentation, values and all. */
export interface DocumentedAnswer {
  readonly result: unknown;
  readonly retExtInfo?: unknown;
}

const ACK = { orderId: "1321003749386327552", orderLinkId: "spot-test-postonly" };
const BATCH = { list: [{ category: "linear", symbol: "BTCUSDT", ...ACK, createAt: "1713434102752" }] };
const TAKEN = { list: [{ code: 0, msg: "OK" }] };
const ORDER = {
  symbol: "ETHUSDT",
  orderId: "fd4300ae-7847-404e-b947-b46980a4d140",
  orderLinkId: "test-000005",
  side: "Buy",
  orderType: "Limit",
  orderStatus: "New",
  price: "1600.00",
  qty: "0.10",
  cumExecQty: "0.00",
  avgPrice: "",
  rejectReason: "EC_NoError",
  reduceOnly: false,
  createdTime: "1684738540559",
  updatedTime: "1684738540561",
};
const INSTRUMENT = {
  symbol: "BTCUSDT",
  status: "Trading",
  baseCoin: "BTC",
  quoteCoin: "USDT",
  settleCoin: "USDT",
  priceFilter: { tickSize: "0.10" },
  lotSizeFilter: { qtyStep: "0.001" },
  isPublicRpi: true,
};
const list = (...rows: unknown[]): DocumentedAnswer => ({ result: { list: rows, nextPageCursor: "" } });
const empty: DocumentedAnswer = { result: {} };

/** Answers of functions that the local exchange's public side does not have. */
export const ANSWERS: Partial<Readonly<Record<FunctionName, DocumentedAnswer>>> = {
  get_rpi_orderbook: {
    result: { s: "BTCUSDT", b: [["65485.47", "1", "0.5"]], a: [], ts: 1716863719031, u: 230704, seq: 1 },
  },
  get_full_orderbook: { result: { s: "BTCUSDT", b: [["65485.47", "47.081829"]], a: [["65557.7", "16.606555"]], u: 1 } },
  get_new_delivery_price: list({ deliveryPrice: "109392.8", deliveryTime: "1764230400000" }),
  get_historical_volatility: { result: [{ period: 7, value: "0.27545620", time: "1672232400000" }] },
  get_index_price_components: { result: { indexName: "BTCUSDT", lastPrice: "0", updateTime: "0", components: [] } },
  get_fee_group_info: list({ groupName: "G1", groupId: 1, feeRates: {} }),
  place_order: { result: ACK },
  amend_order: { result: ACK },
  cancel_order: { result: ACK },
  cancel_all_orders: { result: { list: [ACK], success: "1" } },
  get_open_orders: list(ORDER),
  get_order_history: list({ ...ORDER, orderStatus: "Filled", avgPrice: "1600.5", cumExecQty: "0.10" }),
  get_executions: list({
    symbol: "ETHPERP",
    orderId: "8c065341-7b52-4ca9-ac2c-37e31ac55c94",
    orderLinkId: "",
    execId: "e0cbe81d-0f18-5866-9415-cf319b5dab3b",
    execType: "Trade",
    side: "Buy",
    execPrice: "1190.15",
    execQty: "0.1",
    execFee: "0.071409",
    isMaker: false,
    execTime: "1672282722429",
  }),
  place_batch_order: { result: BATCH, retExtInfo: TAKEN },
  amend_batch_order: { result: BATCH, retExtInfo: TAKEN },
  cancel_batch_order: {
    result: { list: [{ orderId: "", orderLinkId: "x" }] },
    retExtInfo: { list: [{ code: 170213, msg: "Order does not exist." }] },
  },
  pre_check_order: { result: { ...ACK, preImrE4: 30, preMmrE4: 21, postImrE4: 357, postMmrE4: 294 } },
  get_borrow_quota: {
    result: { symbol: "BTCUSDT", side: "Buy", maxTradeQty: "6.6065", maxTradeAmount: "", borrowCoin: "USDT" },
  },
  set_dcp: empty,
  get_positions: list({
    symbol: "BTCUSD",
    positionIdx: 0,
    side: "Sell",
    size: "300",
    avgPrice: "27464.50441675",
    leverage: "10",
    liqPrice: "",
    markPrice: "28224.50",
    stopLoss: "0.00",
    takeProfit: "0.00",
    unrealisedPnl: "-0.00029413",
  }),
  get_position_symbol_info: list({ symbol: "BTCUSDT", leverage: "10", side: "Buy", positionIdx: 0 }),
  set_leverage: empty,
  switch_position_mode: empty,
  set_trading_stop: empty,
  set_auto_add_margin: empty,
  add_or_reduce_margin: { result: { symbol: "ETHUSDT", positionIM: "10.7", liqPrice: "" } },
  confirm_new_risk_limit: empty,
  get_closed_pnl: list({
    symbol: "ETHPERP",
    orderId: "5a373bfe",
    side: "Sell",
    closedPnl: "-47.4065323",
    updatedTime: "1672214887236",
  }),
  get_closed_options_positions: list({ symbol: "BTC-12JUN25-104019-C-USDT", totalPnl: "0.94506647" }),
  move_position: {
    result: { blockTradeId: "e9bb926c95f54cf1ba3e315a58b8597b", status: "Processing", rejectParty: "" },
  },
  get_move_position_history: list({ blockTradeId: "1a82e5801af74b67b7ad71ba00a7391a", status: "Filled" }),
  get_wallet_balance: list({
    accountType: "UNIFIED",
    totalEquity: "3.31216591",
    totalAvailableBalance: "3.00326056",
    coin: [{ coin: "BTC", equity: "0", walletBalance: "0" }],
  }),
  get_transferable_amount: { result: { availableWithdrawal: "4.54549050" } },
  get_account_info: { result: { unifiedMarginStatus: 5, marginMode: "REGULAR_MARGIN", updatedTime: "1697078946000" } },
  get_fee_rates: list({ symbol: "ETHUSDT", takerFeeRate: "0.0006", makerFeeRate: "0.0001" }),
  get_account_instruments_info: list(INSTRUMENT),
  get_transaction_log: list({
    id: "592324_XRPUSDT_161440249321",
    type: "SETTLEMENT",
    currency: "USDT",
    change: "-0.003676",
    cashBalance: "5086.55825002",
    transactionTime: "1672128000000",
  }),
  set_margin_mode: { result: { reasons: [] } },
  set_hedging_mode: empty,
  set_limit_price_action: empty,
  set_delta_mode: empty,
  get_user_setting_config: { result: { lpaSpot: true, lpaPerp: false } },
  get_collateral_info: list({ currency: "BTC", hourlyBorrowRate: "0.00000147", marginCollateral: true }),
  set_collateral_coin: empty,
  batch_set_collateral_coin: list({ coin: "BTC", collateralSwitch: "ON" }),
  get_borrow_history: list({ currency: "BTC", createdTime: "1721995614082", borrowCost: "0.0000005" }),
  borrow: { result: { coin: "USDT", amount: "10" } },
  repay: { result: { resultStatus: "SU" } },
  manual_no_convert_repay: { result: { resultStatus: "SU" } },
  repay_liability: list({ coin: "BTC", repaymentQty: "0.10549670" }),
  get_coin_greeks: list({ baseCoin: "BTC", totalDelta: "0.00004001" }),
  set_mmp: empty,
  reset_mmp: empty,
  get_mmp_state: { result: { result: [{ baseCoin: "BTC", mmpEnabled: true }] } },
  query_dcp_info: { result: { dcpInfos: [{ product: "SPOT", dcpStatus: "ON", timeWindow: "10" }] } },
  get_smp_group: { result: { smpGroup: 0 } },
  get_option_asset_info: { result: { result: [] } },
  get_pay_info: { result: { collateralInfo: {} } },
  get_trade_info_for_analysis: { result: { symbolRnl: "0" } },
  upgrade_to_unified_trading_account: { result: { unifiedUpdateStatus: "PROCESS" } },
  request_demo_trading_funds: empty,
  get_asset_overview: { result: { memberId: 592324, totalEquity: "1" } },
  get_transferable_coin: { result: { list: ["BTC", "ETH"] } },
  get_deposit_records: { result: { rows: [{ coin: "ETH", amount: "0.00005" }], nextPageCursor: "" } },
  get_withdrawal_records: { result: { rows: [], nextPageCursor: "" } },
  get_withdrawable_amount: { result: { limitAmountUsd: "59751.7" } },
  get_option_delivery_record: list({ symbol: "BTCUSDT-21FEB25", deliveryPrice: "1" }),
  get_usdc_contract_settlement: list({ symbol: "BTCPERP", realisedPnl: "71.28" }),
  spot_margin_trade_toggle_margin_trade: { result: { spotMarginMode: "0" } },
  spot_margin_trade_set_leverage: empty,
  spot_margin_trade_get_status_and_leverage: { result: { spotLeverage: "10", spotMarginMode: "1" } },
};

/** How each function is tested over a socket. */
export function testedHow(name: FunctionName): "local exchange" | "documented answer" {
  return ANSWERS[name] ? "documented answer" : "local exchange";
}
