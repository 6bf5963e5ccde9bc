import { bybitHosts, type Hosts, localHosts } from "../../../bybit/hosts.ts";
import { type Credentials, readCredentials } from "../../../config/credentials.ts";
import { ArgumentError, ConfigError, VenueUnreachable } from "../../../core/errors.ts";
import { parseTime } from "../../../core/time.ts";
import type { Speed } from "../../../simulator/clock.ts";
import type { Io } from "../../io.ts";
import type { PlannedLane, Setup } from "../../trader-setup.ts";
import { ENVIRONMENT_OF, type Mode } from "./modes.ts";
import { startOwnExchange } from "./own-exchange.ts";
import type { TradeVenue, VenueOptions } from "./venue-types.ts";

const OWN_OPTIONS = ["market", "from", "fromUrl", "speed", "start", "cash", "seed"] as const;

/**
 * The exchange of a mode; for `paper` one that is started here, or runs already.
 *
 * @throws ArgumentError `OPTION`, `MARKET`, `INTERVAL`, `SPEED`; ConfigError `NO_KEY` and as `readCredentials`;
 * VenueUnreachable `EXCHANGE` when no exchange runs at the address
 */
export async function openVenue(
  mode: Exclude<Mode, "replay">,
  options: VenueOptions,
  { setup, lanes, io }: { readonly setup: Setup; readonly lanes: readonly PlannedLane[]; readonly io: Io },
): Promise<TradeVenue> {
  const environment = ENVIRONMENT_OF[mode]!;
  if (environment !== "local") {
    refuseOptions(options, [...OWN_OPTIONS, "url", "until"], `--mode ${mode}`);
    const hosts = bybitHosts(environment);
    const credentials = keyOf(hosts, setup.dir);
    return { hosts, credentials, pace: "real", until: null, isOwn: false, close: async () => {} };
  }
  const { exchange } = setup.config;
  const isConfigured = exchange !== undefined && options.market === undefined;
  if (options.url === undefined && !isConfigured) return startOwnExchange(options, { lanes, io });
  refuseOptions(options, OWN_OPTIONS, "an exchange that runs already");
  const { url } = options;
  const ws = url?.replace(/^http:/, "ws:");
  return joinRunning(localHosts(url && ws ? { rest: url, ws } : exchange!), { options, dir: setup.dir });
}

function refuseOptions(options: VenueOptions, names: readonly (keyof VenueOptions)[], why: string): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new ArgumentError("OPTION", `--${given} is for an exchange that is started here, not for ${why}`);
}

function keyOf(hosts: Hosts, dir: string): Credentials {
  const credentials = readCredentials(hosts.environment, { env: process.env, dir });
  if (credentials) return credentials;
  const prefix = `BYBIT_${hosts.environment.toUpperCase()}`;
  const message = `no key for ${hosts.environment}: set ${prefix}_API_KEY and ${prefix}_API_SECRET in .env (mode 0600)`;
  throw new ConfigError("NO_KEY", message, { environment: hosts.environment });
}

async function joinRunning(
  hosts: Hosts,
  { options, dir }: { readonly options: VenueOptions; readonly dir: string },
): Promise<TradeVenue> {
  const credentials = keyOf(hosts, dir);
  const { speed, endTime } = await stateOf(hosts.rest);
  if (speed === "max") {
    const message = `the exchange at ${hosts.rest} runs as fast as it can and waits for no bot; start it with --speed step`;
    throw new ArgumentError("SPEED", message, { speed });
  }
  const until = options.until === undefined ? (speed === "fed" ? null : endTime) : parseTime(options.until);
  return { hosts, credentials, pace: speed === "fed" ? 1 : speed, until, isOwn: false, close: async () => {} };
}

async function stateOf(rest: string): Promise<{ speed: Speed; endTime: number }> {
  try {
    const reply = await fetch(`${rest}/control/state`, { signal: AbortSignal.timeout(5_000) });
    const { speed, endTime } = (await reply.json()) as Record<string, unknown>;
    // What has no end is told as null.
    const isKnown = typeof speed === "number" || speed === "max" || speed === "step" || speed === "fed";
    if (isKnown) return { speed, endTime: typeof endTime === "number" ? endTime : Infinity };
  } catch (error) {
    const message = `no exchange answers at ${rest}; start one with grimoire exchange --port ${new URL(rest).port}`;
    throw new VenueUnreachable("EXCHANGE", message, { rest }, error);
  }
  throw new VenueUnreachable("EXCHANGE", `what runs at ${rest} is not grimoire exchange`, { rest });
}
