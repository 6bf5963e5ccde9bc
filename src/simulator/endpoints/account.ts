import { page, timeWindow } from "../gateway/paging.ts";
import type { Params } from "../gateway/params.ts";
import { refusal } from "../gateway/retcodes.ts";
import type { Answer, Call, Route } from "../gateway/route.ts";
import type { Ledger, TransactionFacts } from "../trading/ledger.ts";
import { walletRow } from "../wire/wallet.ts";
import { chosen, DAY_MS, type PrivateWorld, WEEK_MS } from "./common.ts";
import { listed } from "./market.ts";
import { CATEGORIES, type MarketWorld, marketsOf } from "./marketworld.ts";

/** What the account endpoints need of the exchange. */
export interface AccountWorld extends PrivateWorld, MarketWorld {
  readonly startTime: number;
  deposit(account: string, coin: string, amount: number): void;
}

/** Most of a coin that one demo request may ask for. */
const MOST_DEMO_MONEY: Readonly<Record<string, number>> = { BTC: 15, ETH: 200, USDT: 100_000, USDC: 100_000 };

/** Account endpoints. */
export function accountRoutes(ledger: Ledger, world: AccountWorld): Route[] {
  const read = (name: string, perWindow: number, handle: (call: Call) => Answer, note?: string): Route => ({
    method: "GET",
    path: `/v5/account/${name}`,
    access: "read",
    status: note === undefined ? "served" : "partly",
    ...(note !== undefined && { note }),
    limit: { perWindow },
    handle,
  });
  const write = (name: string, perWindow: number, handle: (call: Call) => Answer, note?: string): Route => ({
    ...read(name, perWindow, handle, note),
    method: "POST",
    access: "Position",
  });
  return [
    read("wallet-balance", 50, (call) => walletBalance(ledger, call)),
    read("info", 50, ({ account }) => ({ result: info(ledger, world, account) })),
    read("fee-rate", 5, (call) => feeRate(ledger, world, call)),
    read("instruments-info", 10, ({ params }) => instruments(world, params)),
    read("transaction-log", 25, (call) => transactionLog(ledger, world, call)),
    write(
      "set-margin-mode",
      5,
      (call) => setMarginMode(ledger, call),
      "isolated and cross; portfolio margin is refused",
    ),
    read("collateral-info", 50, (call) => collateral(ledger, call), "every coin counts fully, nothing can be borrowed"),
    read("withdrawal", 50, (call) => transferable(ledger, call)),
    read("user-setting-config", 50, () => ({ result: SETTINGS })),
    write("set-limit-px-action", 10, ({ params }) => limitAction(params), "remembered nowhere: the default stays"),
    read("query-dcp-info", 5, () => ({ result: { dcpInfos: [] } })),
    read("smp-group", 5, () => ({ result: { smpGroup: 0 } })),
    write("demo-apply-money", 10, (call) => demoMoney(world, call)),
  ];
}

const SETTINGS = { lpaSpot: false, lpaPerp: true, deltaEnable: false, smsef: false, fmsef: false };

function walletBalance(ledger: Ledger, { params, account }: Call): Answer {
  params.oneOf("accountType", ["UNIFIED"]);
  const asked = params.text("coin");
  const wallet = ledger.wallet(account);
  const names = asked === "" ? undefined : asked.split(",");
  const coins = wallet.coins.filter(
    (coin) => names?.includes(coin.coin) ?? (coin.equity !== "0" || coin.locked !== "0"),
  );
  return { result: { list: [walletRow({ ...wallet, coins })] } };
}

function info(ledger: Ledger, world: AccountWorld, account: string): Record<string, unknown> {
  return {
    unifiedMarginStatus: 5,
    marginMode: ledger.marginMode(account),
    isMasterTrader: false,
    spotHedgingStatus: "OFF",
    updatedTime: String(world.startTime),
    dcpStatus: "OFF",
    timeWindow: 0,
    smpGroup: 0,
  };
}

function feeRate(ledger: Ledger, world: AccountWorld, { params, account }: Call): Answer {
  const category = params.oneOf("category", CATEGORIES);
  const list = marketsOf(world, params).map((market) => {
    const { taker, maker } = ledger.feeRates(account, market);
    const { symbol } = market.instrument;
    return { symbol, baseCoin: "", takerFeeRate: taker, makerFeeRate: maker };
  });
  return { result: category === "spot" ? { category, list } : { list } };
}

function instruments(world: AccountWorld, params: Params): Answer {
  const category = params.oneOf("category", CATEGORIES);
  const markets = marketsOf(world, params);
  const rows = markets.map((market, i) => ({ n: markets.length - i, market }));
  const found = page(rows, params.limit(200, 200), params.text("cursor"), (item) => item.n);
  const list = found.list.map(({ market }) => ({
    ...listed(world, market),
    isPublicRpi: false,
    myRpiPermission: false,
  }));
  return { result: { category, nextPageCursor: found.nextPageCursor, list } };
}

function transactionLog(ledger: Ledger, world: AccountWorld, { params, account }: Call): Answer {
  params.oneOf("accountType", ["UNIFIED"], "UNIFIED");
  const category = params.oneOf("category", ["", ...CATEGORIES], "");
  const { from, to } = timeWindow(params, world.now(), WEEK_MS, DAY_MS);
  const [currency, type, base] = [params.text("currency"), params.text("type"), params.text("baseCoin")];
  const wanted = (row: TransactionFacts) =>
    row.time >= from &&
    row.time <= to &&
    (category === "" || row.category === category) &&
    (currency === "" || row.currency === currency) &&
    (type === "" || row.type === type) &&
    (base === "" || row.symbol.startsWith(base));
  const rows = chosen(ledger.transactions(account), wanted);
  const found = page(rows, params.limit(50, 20), params.text("cursor"), (item) => item.n);
  const list = found.list.map(({ row: { time, ...row } }) => ({
    ...row,
    transactionTime: String(time),
    transSubType: "",
    bonusChange: "",
    extraFees: "",
  }));
  return { result: { nextPageCursor: found.nextPageCursor, list } };
}

function setMarginMode(ledger: Ledger, { params, account }: Call): Answer {
  const mode = params.oneOf("setMarginMode", ["ISOLATED_MARGIN", "REGULAR_MARGIN", "PORTFOLIO_MARGIN"]);
  ledger.setMarginMode(account, mode);
  return { result: { reasons: [] } };
}

function collateral(ledger: Ledger, { params, account }: Call): Answer {
  const asked = params.text("currency");
  const list = ledger
    .wallet(account)
    .coins.filter(({ coin }) => asked === "" || coin === asked)
    .map(({ coin }) => ({
      currency: coin,
      hourlyBorrowRate: "0",
      maxBorrowingAmount: "0",
      freeBorrowingLimit: "0",
      freeBorrowAmount: "0",
      freeBorrowingAmount: "",
      borrowAmount: "0",
      otherBorrowAmount: "0",
      availableToBorrow: "0",
      borrowable: false,
      borrowUsageRate: "0",
      marginCollateral: true,
      collateralSwitch: true,
      collateralRatio: "1",
    }));
  return { result: { list } };
}

function transferable(ledger: Ledger, { params, account }: Call): Answer {
  const names = params.required("coinName").split(",");
  if (names.length > 20) throw refusal(10001, "params error: at most 20 coins");
  const { coins } = ledger.wallet(account);
  const entries = names.map((name) => [name, coins.find(({ coin }) => coin === name)?.available ?? "0"] as const);
  return { result: { availableWithdrawal: entries[0]![1], availableWithdrawalMap: Object.fromEntries(entries) } };
}

function limitAction(params: Params): Answer {
  params.oneOf("category", CATEGORIES);
  if (typeof params.raw.modifyEnable !== "boolean") throw refusal(10001, "params error: modifyEnable is required");
  return { result: {} };
}

function demoMoney(world: AccountWorld, { params, account }: Call): Answer {
  const adjust = params.integer("adjustType", { min: 0, max: 1 }) ?? 0;
  const items = params.list("utaDemoApplyMoney");
  if (items.length === 0) throw refusal(10001, "params error: utaDemoApplyMoney is empty");
  for (const item of items) {
    const coin = item.required("coin");
    const amount = Number(item.decimal("amountStr"));
    const most = MOST_DEMO_MONEY[coin];
    if (most === undefined || !(amount > 0) || amount > most) {
      throw refusal(10001, `params error: coin and amount invalid, ${coin} up to ${most ?? 0}`);
    }
    world.deposit(account, coin, adjust === 0 ? amount : -amount);
  }
  return { result: {} };
}
