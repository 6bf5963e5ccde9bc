import { ToolkitError } from "../core/errors.ts";
import { formatDuration, formatTime } from "../core/time.ts";
import type { Category } from "../model/instrument.ts";
import type { ResultOf } from "./catalogue.ts";
import { ExchangeRefused } from "./errors.ts";
import type { Gateway } from "./gateway.ts";
import { fetchInstrument } from "./instruments.ts";

/** One thing that was looked at. A `fail` forbids trading, a `warn` does not. */
export interface Finding {
  readonly check: string;
  readonly state: "ok" | "warn" | "fail";
  readonly text: string;
  /** What to do, where something is to be done. */
  readonly advice?: string;
}

export interface PreflightWants {
  /** What will be traded. */
  readonly markets: readonly { readonly category: Category; readonly symbol: string; readonly leverage: number }[];
  /** Least notional that will be ordered, in quote. */
  readonly minPositionQuote?: number;
  readonly maxClockOffsetMs: number;
  /** Whether there is a key to look at. */
  readonly hasKey: boolean;
  readonly signal?: AbortSignal | undefined;
}

const SOON_DAYS = 14;
const SLOW_MS = 1_000;
const LOOKS_AT_CLOCK = 3;
/** Rights that move money away; nobody who trades by program needs them. */
const MONEY_RIGHTS = ["Withdraw", "AccountTransfer", "SubMemberTransfer", "SubMemberTransferList"];

/**
 * Looks at everything that should be known before the first order: line, clock, key, account, markets. What cannot be
 * asked is a finding too; it never throws because of the exchange.
 */
export async function preflight(gateway: Gateway, wants: PreflightWants): Promise<Finding[]> {
  const line = await lookAtLine(gateway, wants);
  if (line.some(({ check, state }) => check === "line" && state === "fail")) return line;
  const findings = [...line];
  if (wants.hasKey) {
    const key = await asked("key", () => lookAtKey(gateway, wants));
    findings.push(...key);
    if (!key.some((finding) => finding.check === "key" && finding.state === "fail")) {
      findings.push(...(await asked("account", () => lookAtAccount(gateway, wants))));
    }
  } else {
    findings.push({
      check: "key",
      state: "warn",
      text: `no key for ${gateway.hosts.environment}`,
      advice: keyAdvice(gateway),
    });
  }
  for (const market of wants.markets) {
    findings.push(...(await asked(`market ${market.symbol}`, () => lookAtMarket(gateway, market, wants))));
  }
  return findings;
}

function keyAdvice(gateway: Gateway): string {
  const prefix = `BYBIT_${gateway.hosts.environment.toUpperCase()}`;
  return `set ${prefix}_API_KEY and ${prefix}_API_SECRET in .env (mode 0600)`;
}

/** What `look` finds, or that it could not look. */
async function asked(check: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    const advice = error instanceof ExchangeRefused ? error.advice : undefined;
    return [{ check, state: "fail", text: error.message, ...(advice && { advice }) }];
  }
}

async function lookAtLine(gateway: Gateway, { maxClockOffsetMs, signal }: PreflightWants): Promise<Finding[]> {
  const { hosts, clock } = gateway;
  return asked("line", async () => {
    let quickest = Infinity;
    for (let i = 0; i < LOOKS_AT_CLOCK; i++) {
      const before = clock.reading();
      await gateway.call("get_server_time", {}, { signal, attempts: 2 });
      quickest = Math.min(quickest, clock.reading() - before);
    }
    const trip = `${hosts.rest} answers within ${Math.round(quickest)} ms`;
    const line: Finding =
      quickest > SLOW_MS
        ? {
            check: "line",
            state: "warn",
            text: trip,
            advice: "stops will be late; trade from nearer, or on a better line",
          }
        : { check: "line", state: "ok", text: trip };
    return [line, clockFinding(gateway, maxClockOffsetMs)];
  });
}

function clockFinding({ clock, hosts }: Gateway, maxClockOffsetMs: number): Finding {
  const offset = Math.round(clock.offsetMs);
  if (hosts.environment === "local" && Math.abs(offset) > maxClockOffsetMs) {
    return {
      check: "clock",
      state: "ok",
      text: `the local exchange keeps a time of its own: ${formatTime(clock.now())}`,
    };
  }
  const text = `this clock is ${Math.abs(offset)} ms ${offset > 0 ? "behind" : "ahead of"} the exchange's (± ${Math.ceil(clock.uncertaintyMs)} ms)`;
  if (Math.abs(offset) <= maxClockOffsetMs) return { check: "clock", state: "ok", text };
  return {
    check: "clock",
    state: "fail",
    text: `${text}, allowed are ${maxClockOffsetMs} ms`,
    advice: "set the clock (NTP)",
  };
}

async function lookAtKey(gateway: Gateway, { markets, signal }: PreflightWants): Promise<Finding[]> {
  const info = await gateway.call("get_api_key_information", {}, { signal });
  return [...rightsFindings(info, gateway, markets), ...bindingFindings(info, gateway.clock.now())];
}

type KeyInfo = ResultOf<"get_api_key_information">;

function rightsFindings(info: KeyInfo, gateway: Gateway, markets: PreflightWants["markets"]): Finding[] {
  const rights = Object.values(info.permissions).flatMap((list) => list ?? []);
  const money = MONEY_RIGHTS.filter((right) => rights.includes(right));
  const isPlay = gateway.hosts.environment === "local";
  const findings: Finding[] = [];
  if (money.length > 0) {
    findings.push({
      check: "key rights",
      state: isPlay ? "warn" : "fail",
      text: `the key can move money: ${money.join(", ")}${isPlay ? " (play money here)" : ""}`,
      advice: "make a key without withdrawal and transfer; this program never needs them",
    });
  }
  const lacking = lackingRights(info, rights, markets);
  if (lacking.length > 0) {
    const advice = "give the key these rights, or use another";
    findings.push({
      check: "key rights",
      state: "fail",
      text: `the key cannot trade: it lacks ${lacking.join(", ")}`,
      advice,
    });
  }
  if (findings.length > 0) return findings;
  const text = info.readOnly === 1 ? "the key can read only" : "the key can trade, and cannot move money";
  return [{ check: "key rights", state: "ok", text }];
}

function lackingRights(info: KeyInfo, rights: readonly string[], markets: PreflightWants["markets"]): string[] {
  if (markets.length === 0) return [];
  if (info.readOnly === 1) return ["writing (it is read-only)"];
  const needed = new Set(
    markets.flatMap(({ category }) => (category === "spot" ? ["SpotTrade"] : ["Order", "Position"])),
  );
  return [...needed].filter((right) => !rights.includes(right));
}

function bindingFindings({ ips, expiredAt, deadlineDay }: KeyInfo, now: number): Finding[] {
  const isBound = ips.length > 0 && !ips.includes("*");
  const ends = Date.parse(expiredAt ?? "");
  // Keys that do not end carry a day long past.
  const days =
    Number.isFinite(ends) && ends > Date.UTC(2015, 0, 1) ? (ends - now) / 86_400_000 : (deadlineDay ?? Infinity);
  const findings: Finding[] = [
    isBound
      ? {
          check: "key address",
          state: "ok",
          text: `the key is bound to ${ips.length} address${ips.length === 1 ? "" : "es"}`,
        }
      : {
          check: "key address",
          state: "warn",
          text: "the key works from any address",
          advice: "bind it to this machine's; unbound keys end after 90 days",
        },
  ];
  if (days > 0 && days < SOON_DAYS) {
    const text = `the key ends in ${formatDuration(days * 86_400_000)}`;
    findings.push({ check: "key expiry", state: "warn", text, advice: "make a new one before it does" });
  }
  return findings;
}

async function lookAtAccount(gateway: Gateway, { markets, signal }: PreflightWants): Promise<Finding[]> {
  const info = await gateway.call("get_account_info", {}, { signal });
  const isUnified = info.unifiedMarginStatus >= 3;
  const findings: Finding[] = [
    isUnified
      ? { check: "account", state: "ok", text: `unified, ${marginText(info.marginMode)}` }
      : {
          check: "account",
          state: "fail",
          text: "the account is a classic one",
          advice: "upgrade it: grimoire api upgrade_to_unified_trading_account",
        },
  ];
  const contracts = markets.filter(({ category }) => category !== "spot");
  for (const { category, symbol } of contracts) {
    const { list } = await gateway.call(
      "get_positions",
      { category: category as "linear" | "inverse", symbol },
      { signal },
    );
    const isHedged = list.some((row) => row.positionIdx !== 0);
    const open = list.filter((row) => Number(row.size) !== 0);
    const position =
      open.length > 0 ? `, a position is open: ${open.map((row) => `${row.side} ${row.size}`).join(", ")}` : "";
    findings.push(
      isHedged
        ? {
            check: `mode ${symbol}`,
            state: "fail",
            text: "hedge mode",
            advice: `grimoire api switch_position_mode category=${category} symbol=${symbol} mode=0`,
          }
        : { check: `mode ${symbol}`, state: open.length > 0 ? "warn" : "ok", text: `one-way${position}` },
    );
  }
  return findings;
}

function marginText(mode: string): string {
  return (
    { ISOLATED_MARGIN: "isolated margin", REGULAR_MARGIN: "cross margin", PORTFOLIO_MARGIN: "portfolio margin" }[
      mode
    ] ?? mode
  );
}

async function lookAtMarket(
  gateway: Gateway,
  { category, symbol, leverage }: PreflightWants["markets"][number],
  { minPositionQuote, signal }: PreflightWants,
): Promise<Finding[]> {
  const check = `market ${symbol}`;
  const { instrument } = await fetchInstrument(gateway, { category, symbol }, signal);
  const { tickSize, qtyStep, minOrderQty, minNotionalValue, maxLeverage } = instrument;
  const rules = `tick ${tickSize}, step ${qtyStep}, at least ${minOrderQty} and ${minNotionalValue} ${instrument.quoteCoin}`;
  if (category !== "spot" && leverage > Number(maxLeverage)) {
    return [
      {
        check,
        state: "fail",
        text: `leverage ${leverage} is above its most, ${maxLeverage}`,
        advice: "lower it in the configuration",
      },
    ];
  }
  if (minPositionQuote !== undefined && minPositionQuote < Number(minNotionalValue)) {
    const advice = `raise limits.minPositionQuote to ${minNotionalValue}`;
    return [{ check, state: "warn", text: `${rules}; limits.minPositionQuote is below that`, advice }];
  }
  return [{ check, state: "ok", text: rules }];
}
