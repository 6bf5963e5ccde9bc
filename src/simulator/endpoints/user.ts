import type { ApiKey } from "../gateway/keyring.ts";
import type { Route } from "../gateway/route.ts";

const DAY_MS = 86_400_000;

/** `/v5/user/query-api`: what the key that asks may do. */
export function userRoutes(world: { startTime: number; now(): number }): Route[] {
  return [
    {
      method: "GET",
      path: "/v5/user/query-api",
      access: "read",
      limit: { perWindow: 10 },
      status: "served",
      handle: ({ key }) => ({ result: keyInfo(key!, world), retMsg: "" }),
    },
  ];
}

function keyInfo(key: ApiKey, world: { startTime: number; now(): number }): Record<string, unknown> {
  const has = (permission: Parameters<typeof key.permissions.has>[0]) => key.permissions.has(permission);
  const trades = [...(has("Order") ? ["Order"] : []), ...(has("Position") ? ["Position"] : [])];
  const expires = Number.isFinite(key.expiresAt) ? key.expiresAt : world.startTime + 90 * DAY_MS;
  return {
    id: "1",
    note: key.account,
    apiKey: key.apiKey,
    readOnly: key.readOnly ? 1 : 0,
    secret: "",
    permissions: {
      ContractTrade: trades,
      Spot: has("SpotTrade") ? ["SpotTrade"] : [],
      Wallet: has("AccountTransfer") ? ["AccountTransfer"] : [],
      Options: [],
      Derivatives: trades.length > 0 ? ["DerivativesTrade"] : [],
      CopyTrading: [],
      BlockTrade: [],
      Exchange: [],
      NFT: [],
      Affiliate: [],
      Earn: [],
      FiatP2P: [],
      FiatBybitPay: [],
      FiatConvertBroker: [],
      FiatGlobalPay: [],
      FiatBitPay: [],
      BitCard: [],
      ByXPost: [],
    },
    ips: key.ips.length > 0 ? key.ips : ["*"],
    type: 1,
    deadlineDay: Math.max(0, Math.ceil((expires - world.now()) / DAY_MS)),
    expiredAt: new Date(expires).toISOString().replace(/\.\d+Z$/, "Z"),
    createdAt: new Date(world.startTime).toISOString().replace(/\.\d+Z$/, "Z"),
    unified: 0,
    uta: 1,
    userID: 1,
    userIDInt64: "1",
    inviterID: 0,
    inviterIDInt64: "0",
    vipLevel: "No VIP",
    mktMakerLevel: "0",
    affiliateID: 0,
    affiliateIDInt64: "0",
    rsaPublicKey: key.credential.kind === "rsa" ? key.credential.publicKey.export({ type: "spki", format: "pem" }) : "",
    isMaster: true,
    parentUid: "0",
    kycLevel: "LEVEL_DEFAULT",
    kycRegion: "",
  };
}
