import { page } from "../gateway/paging.ts";
import type { Params } from "../gateway/params.ts";
import { refusal } from "../gateway/retcodes.ts";
import type { Route } from "../gateway/route.ts";
import { money } from "../wire/numbers.ts";
import type { MarketWorld } from "./marketworld.ts";

/** What the asset endpoints need of the exchange. */
export interface AssetWorld extends MarketWorld {
  /** Coins of the account's wallet and how much of each it holds. */
  balance(account: string, coin: string): number;
}

/** A chain's fields as ccxt reads them at start; no chain is connected to this exchange. */
function chainOf(coin: string): Record<string, string> {
  return {
    chain: coin,
    chainType: coin,
    confirmation: "1",
    withdrawFee: "0",
    depositMin: "0",
    withdrawMin: "0",
    minAccuracy: "8",
    chainDeposit: "0",
    chainWithdraw: "0",
    withdrawPercentageFee: "0",
    contractAddress: "",
    safeConfirmNumber: "1",
    withdrawMax: "0",
  };
}

/** The asset endpoints that clients call at start. */
export function assetRoutes(world: AssetWorld): Route[] {
  const coins = () => {
    const names = world.markets().flatMap((m) => [m.instrument.baseCoin, m.instrument.quoteCoin]);
    return [...new Set(["USDT", ...names])].filter((coin) => coin !== "USD").sort();
  };
  const balanceRow = (account: string, coin: string, type: string) => {
    const held = type === "UNIFIED" ? money(world.balance(account, coin)) : "0";
    return { coin, walletBalance: held, transferBalance: held, bonus: "0" };
  };
  const coinOf = (params: Params) => {
    const coin = params.required("coin");
    if (!coins().includes(coin)) throw refusal(10001, "params error: coin invalid");
    return coin;
  };
  return [
    {
      method: "GET",
      path: "/v5/asset/coin/query-info",
      access: "read",
      limit: { perWindow: 5 },
      status: "partly",
      note: "coins of the listed markets; no chain is open",
      handle({ params }) {
        const asked = params.text("coin");
        const rows = coins()
          .filter((coin) => asked === "" || coin === asked)
          .map((coin) => ({ name: coin, coin, remainAmount: "0", chains: [chainOf(coin)] }));
        return { result: { rows } };
      },
    },
    {
      method: "GET",
      path: "/v5/asset/transfer/query-account-coins-balance",
      access: "read",
      limit: { perWindow: 5 },
      status: "served",
      handle({ params, account }) {
        const type = params.oneOf("accountType", ["UNIFIED", "FUND"]);
        const asked = params.text("coin");
        if (type === "UNIFIED" && asked === "") throw refusal(10001, "params error: coin is required");
        const wanted = asked === "" ? coins() : asked.split(",");
        if (wanted.length > 10 && type === "UNIFIED") throw refusal(10001, "params error: at most 10 coins");
        const balance = wanted.map((coin) => balanceRow(account, coin, type));
        return { result: { accountType: type, memberId: "1", balance }, retMsg: "success" };
      },
    },
    {
      method: "GET",
      path: "/v5/asset/transfer/query-account-coin-balance",
      access: "read",
      limit: { perWindow: 450 },
      status: "served",
      handle({ params, account }) {
        const accountType = params.oneOf("accountType", ["UNIFIED", "FUND"]);
        const balance = balanceRow(account, coinOf(params), accountType);
        return { result: { accountType, bizType: 1, accountId: "1", memberId: "1", balance }, retMsg: "success" };
      },
    },
    {
      method: "GET",
      path: "/v5/asset/transfer/query-inter-transfer-list",
      access: "read",
      limit: { perWindow: 60, windowMs: 60_000 },
      status: "partly",
      note: "one account type holds everything: always empty",
      handle({ params }) {
        return { result: page([], params.limit(50, 20), params.text("cursor"), () => 0), retMsg: "success" };
      },
    },
    {
      method: "POST",
      path: "/v5/asset/transfer/inter-transfer",
      access: "AccountTransfer",
      limit: { perWindow: 60, windowMs: 60_000 },
      status: "partly",
      note: "checks its parameters, then says 131212: the funding account is empty",
      handle({ params }) {
        params.required("transferId");
        coinOf(params);
        if (!(Number(params.decimal("amount")) > 0)) throw refusal(10001, "params error: amount invalid");
        params.oneOf("fromAccountType", ["UNIFIED", "FUND"]);
        params.oneOf("toAccountType", ["UNIFIED", "FUND"]);
        throw refusal(131212, "Insufficient balance: only the unified account holds money here.");
      },
    },
  ];
}
