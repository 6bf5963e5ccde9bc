import { ConfigError } from "../core/errors.ts";

/** Where requests go. `local` is an exchange on this machine; `demo` trades play money at real prices. */
export type ApiEnvironment = "mainnet" | "testnet" | "demo" | "local";

/** The hosts of an environment; every address of a session is made here and nowhere else. */
export interface Endpoint {
  readonly environment: ApiEnvironment;
  /** `https://api.bybit.com`, without a slash at the end. */
  readonly rest: string;
  /** `wss://stream.bybit.com` of public streams; paths are Bybit's. */
  readonly wsPublic: string;
  readonly wsPrivate: string;
}

const HOSTS: Readonly<Record<Exclude<ApiEnvironment, "local">, Omit<Endpoint, "environment">>> = {
  mainnet: {
    rest: "https://api.bybit.com",
    wsPublic: "wss://stream.bybit.com",
    wsPrivate: "wss://stream.bybit.com",
  },
  testnet: {
    rest: "https://api-testnet.bybit.com",
    wsPublic: "wss://stream-testnet.bybit.com",
    wsPrivate: "wss://stream-testnet.bybit.com",
  },
  demo: {
    rest: "https://api-demo.bybit.com",
    wsPublic: "wss://stream.bybit.com",
    wsPrivate: "wss://stream-demo.bybit.com",
  },
};

const BYBIT = /(^|\.)(bybit|bytick|bybitgeorgia|manepa|spark-fintech)\.[a-z.]+$/i;

/**
 * The hosts of `environment`. Only `local` takes addresses, and it takes none of the exchange's own.
 *
 * @throws ConfigError `ENVIRONMENT`
 */
export function endpointOf(environment: ApiEnvironment, local?: { rest: string; ws?: string }): Endpoint {
  if (environment !== "local") {
    if (local === undefined) return { environment, ...HOSTS[environment] };
    throw new ConfigError(
      "ENVIRONMENT",
      `an address of one's own goes with environment local only, not ${environment}`,
    );
  }
  if (local === undefined) {
    throw new ConfigError("ENVIRONMENT", "environment local needs an address, such as http://127.0.0.1:8080");
  }
  const rest = checkedUrl(local.rest, ["http:", "https:"]);
  const ws = checkedUrl(local.ws ?? rest.replace(/^http/, "ws"), ["ws:", "wss:"]);
  return { environment, rest, wsPublic: ws, wsPrivate: ws };
}

function checkedUrl(text: string, protocols: readonly string[]): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const shown = url ? `${url.protocol}//${url.host}` : "it";
  if (!url || !protocols.includes(url.protocol)) {
    throw new ConfigError("ENVIRONMENT", `${shown} is no address beginning with ${protocols.join(" or ")}//`);
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || !/^\/?$/.test(url.pathname)) {
    throw new ConfigError("ENVIRONMENT", `an address is protocol, host and port only, such as ${shown}`);
  }
  if (BYBIT.test(url.hostname)) {
    throw new ConfigError("ENVIRONMENT", `${url.hostname} is the exchange's own; choose mainnet, testnet or demo`);
  }
  return shown;
}
