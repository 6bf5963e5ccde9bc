import { ArgumentError } from "../core/errors.ts";
import type { Environment } from "../model/environment.ts";
import type { SessionKind } from "./stream-session.ts";

/** Where an environment is reached. */
export interface Hosts {
  readonly environment: Environment;
  /** `https://…`, without a slash at the end. */
  readonly rest: string;
  readonly streams: Readonly<Record<SessionKind, string>>;
  /** Order entry by socket; `null` where there is none. */
  readonly orders: string | null;
}

/** Addresses of an exchange on this machine. */
export interface LocalAddresses {
  readonly rest: string;
  readonly ws: string;
}

const REST = {
  mainnet: "https://api.bybit.com",
  testnet: "https://api-testnet.bybit.com",
  demo: "https://api-demo.bybit.com",
};
const WS = {
  mainnet: "wss://stream.bybit.com",
  testnet: "wss://stream-testnet.bybit.com",
  demo: "wss://stream-demo.bybit.com",
};

/** The hosts of a network of Bybit. Demo has only private streams: its public ones are those of mainnet. */
export function bybitHosts(environment: Exclude<Environment, "local">): Hosts {
  const own = WS[environment];
  const publicHost = environment === "demo" ? WS.mainnet : own;
  const orders = environment === "demo" ? null : `${own}/v5/trade`;
  return { environment, rest: REST[environment], streams: streamsOf(publicHost, own), orders };
}

/**
 * The hosts of a local exchange. Only this machine: a key for tests must not go further, nor a real one into the wrong hands.
 *
 * @throws ArgumentError `LOCAL_ADDRESS` unless both are on loopback
 */
export function localHosts({ rest, ws }: LocalAddresses): Hosts {
  const [restUrl, wsUrl] = [loopback(rest, ["http:"]), loopback(ws, ["ws:"])];
  return { environment: "local", rest: restUrl, streams: streamsOf(wsUrl, wsUrl), orders: `${wsUrl}/v5/trade` };
}

function streamsOf(publicHost: string, privateHost: string): Readonly<Record<SessionKind, string>> {
  const of = (name: string) => `${publicHost}/v5/public/${name}`;
  return {
    linear: of("linear"),
    inverse: of("inverse"),
    spot: of("spot"),
    option: of("option"),
    private: `${privateHost}/v5/private`,
  };
}

function loopback(text: string, protocols: readonly string[]): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isHere = url && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url && isHere && protocols.includes(url.protocol)) return `${url.protocol}//${url.host}`;
  const message = `a local exchange is at ${protocols[0]}//127.0.0.1:PORT, was ${JSON.stringify(text)}`;
  throw new ArgumentError("LOCAL_ADDRESS", message, { text });
}
