/** A name that is no more, why, and what to call instead. */
export interface RemovedName {
  /** What became of it. */
  readonly fate: string;
  /** What to do instead, in words that can be typed. */
  readonly instead: string;
}

const oldOrders = (instead: string): RemovedName => ({ fate: "belongs to the API before V5", instead });

/** Names people still know: of the compendium, of older pybit, of endpoints that were taken down. */
export const REMOVED: Readonly<Record<string, RemovedName>> = {
  // Endpoints that are gone or do nothing.
  switch_margin_mode: {
    fate: "was removed: margin mode belongs to the whole account now",
    instead: "set_margin_mode setMarginMode=ISOLATED_MARGIN (mode 0 and 3 are switch_position_mode)",
  },
  set_risk_limit: {
    fate: "does nothing since March 2024: the tier follows the position by itself",
    instead: "get_risk_limit to see the tiers, confirm_new_risk_limit to lift a reduce-only mark",
  },
  set_tp_sl_mode: {
    fate: "was removed: each order says it",
    instead: "tpslMode=Full or Partial of place_order and set_trading_stop",
  },
  get_liquidation_stream: {
    fate: "never was a request, and its stream is no more",
    instead: "grimoire stream allLiquidation.BTCUSDT",
  },
  liquidation_stream: {
    fate: "was taken down in 2025",
    instead: "grimoire stream allLiquidation.BTCUSDT (every liquidation, twice a second)",
  },
  get_contract_transaction_log: {
    fate: "belongs to the classic account",
    instead: "get_transaction_log",
  },
  get_spot_asset_info: {
    fate: "belongs to the classic account; there is no SPOT account any more",
    instead: "get_wallet_balance accountType=UNIFIED",
  },
  enable_universal_transfer_for_sub_uid: { fate: "is done by itself now", instead: "nothing" },
  withdraw: {
    fate: "is left out on purpose: nothing here can take money off the exchange",
    instead: "the exchange's own page",
  },
  cancel_withdrawal: { fate: "is left out, as withdraw is", instead: "the exchange's own page" },
  create_universal_transfer: {
    fate: "is left out on purpose: it moves money to other accounts",
    instead: "create_internal_transfer, between your own two",
  },
  // Recipes of the compendium.
  market_order: { fate: "is a kind of place_order", instead: "place_order orderType=Market" },
  limit_order: { fate: "is a kind of place_order", instead: "place_order orderType=Limit price=…" },
  conditional_order: {
    fate: "is a kind of place_order",
    instead: "place_order triggerPrice=… triggerDirection=1 (rises to it) or 2 (falls to it)",
  },
  stop_loss_take_profit: {
    fate: "is a kind of place_order",
    instead: "place_order stopLoss=… takeProfit=… tpslMode=Full",
  },
  // pybit before V5.
  place_active_order: oldOrders("place_order"),
  place_active_order_bulk: oldOrders("place_batch_order"),
  cancel_active_order: oldOrders("cancel_order"),
  cancel_active_order_bulk: oldOrders("cancel_batch_order"),
  cancel_all_active_orders: oldOrders("cancel_all_orders orderFilter=Order"),
  replace_active_order: oldOrders("amend_order"),
  query_active_order: oldOrders("get_open_orders"),
  get_active_order: oldOrders("get_open_orders, or get_order_history"),
  place_conditional_order: oldOrders("place_order triggerPrice=… triggerDirection=1 (rises to it) or 2 (falls to it)"),
  cancel_conditional_order: oldOrders("cancel_order"),
  cancel_all_conditional_orders: oldOrders("cancel_all_orders orderFilter=StopOrder stopOrderType=Stop"),
  replace_conditional_order: oldOrders("amend_order triggerPrice=…"),
  query_conditional_order: oldOrders("get_open_orders orderFilter=StopOrder"),
  get_conditional_order: oldOrders("get_open_orders orderFilter=StopOrder"),
  user_leverage: oldOrders("get_positions"),
  change_user_leverage: oldOrders("set_leverage"),
  cross_isolated_margin_switch: oldOrders("set_margin_mode"),
  position_mode_switch: oldOrders("switch_position_mode"),
  full_partial_position_tp_sl_switch: oldOrders("tpslMode of set_trading_stop"),
  change_margin: oldOrders("add_or_reduce_margin"),
  my_position: oldOrders("get_positions"),
  close_position: oldOrders("place_order reduceOnly=true closeOnTrigger=true qty=0"),
  user_trade_records: oldOrders("get_executions"),
  closed_profit_and_loss: oldOrders("get_closed_pnl"),
  wallet_fund_records: oldOrders("get_transaction_log"),
  get_wallet_fund_records: oldOrders("get_transaction_log"),
  api_key_info: oldOrders("get_api_key_information"),
  server_time: oldOrders("get_server_time"),
  announcement: oldOrders("get_announcement"),
  orderbook: oldOrders("get_orderbook"),
  query_kline: oldOrders("get_kline"),
  get_klines: oldOrders("get_kline"),
  query_mark_price_kline: oldOrders("get_mark_price_kline"),
  query_index_price_kline: oldOrders("get_index_price_kline"),
  query_premium_index_kline: oldOrders("get_premium_index_price_kline"),
  query_symbol: oldOrders("get_instruments_info"),
  get_symbols: oldOrders("get_instruments_info"),
  latest_information_for_symbol: oldOrders("get_tickers"),
  public_trading_records: oldOrders("get_public_trade_history"),
  get_trading_records: oldOrders("get_public_trade_history"),
  liquidated_orders: oldOrders("grimoire stream allLiquidation.BTCUSDT"),
  open_interest: oldOrders("get_open_interest"),
  long_short_ratio: oldOrders("get_long_short_ratio"),
  get_the_last_funding_rate: oldOrders("get_funding_rate_history"),
  get_last_funding_rate: oldOrders("get_funding_rate_history"),
  my_last_funding_fee: oldOrders("get_executions execType=Funding"),
  predicted_funding_rate: oldOrders("get_tickers"),
  get_risk_limit_list: oldOrders("get_risk_limit"),
};
