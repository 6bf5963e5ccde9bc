import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { bybitHosts, type Hosts, localHosts } from "../bybit/hosts.ts";
import { type Credentials, readCredentials } from "../config/credentials.ts";
import { CONFIG_NAMES, loadConfig } from "../config/load.ts";
import { ArgumentError } from "../core/errors.ts";
import { ENVIRONMENTS, type Environment } from "../model/environment.ts";

/** Options of every command that talks to an exchange. */
export interface VenueFlags {
  readonly environment?: Environment;
  readonly url?: string;
  readonly config?: string;
}

/** The exchange a command talks to, and as whom. */
export interface Venue {
  readonly hosts: Hosts;
  /** `null` without a key: public functions only. */
  readonly credentials: Credentials | null;
}

export function withVenueOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--environment <name>", "which exchange (default: of grimoire.config, else testnet)").choices(
        ENVIRONMENTS,
      ),
    )
    .option("--url <address>", "a local exchange: http://127.0.0.1:PORT, as grimoire exchange prints it")
    .option("--config <file>", "configuration (default: grimoire.config.* in this folder)");
}

/**
 * The exchange of the flags, else of the configuration in `dir`, else testnet; with its key from the environment or `.env`.
 *
 * @throws ArgumentError `VENUE`, `LOCAL_ADDRESS`; ConfigError of the configuration and of keys
 */
export function readVenue(flags: VenueFlags, dir: string, env: NodeJS.ProcessEnv): Venue {
  const hosts = hostsOf(flags, dir);
  return { hosts, credentials: readCredentials(hosts.environment, { env, dir }) };
}

function hostsOf(flags: VenueFlags, dir: string): Hosts {
  const { url, environment } = flags;
  if (url !== undefined) {
    if (environment !== undefined && environment !== "local") {
      throw new ArgumentError(
        "VENUE",
        `--url is a local exchange, --environment says ${environment}; give one of them`,
      );
    }
    return localHosts({ rest: url.replace(/^ws:/, "http:"), ws: url.replace(/^http:/, "ws:") });
  }
  const hasConfig = flags.config !== undefined || CONFIG_NAMES.some((name) => existsSync(join(dir, name)));
  const config = hasConfig ? loadConfig(dir, flags.config).config : null;
  const wanted = environment ?? config?.environment ?? "testnet";
  if (wanted !== "local") return bybitHosts(wanted);
  if (config?.exchange) return localHosts(config.exchange);
  throw new ArgumentError(
    "VENUE",
    "which local exchange? give --url http://127.0.0.1:PORT, as grimoire exchange prints it",
  );
}
