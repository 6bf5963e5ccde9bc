import { ArgumentError } from "../../../core/errors.ts";
import type { Environment } from "../../../model/environment.ts";
import type { Setup } from "../../trader-setup.ts";

export const MODES = ["replay", "paper", "testnet", "demo", "live"] as const;
export type Mode = (typeof MODES)[number];

/** Where each mode sends orders; `null`: nowhere. */
export const ENVIRONMENT_OF: Readonly<Record<Mode, Environment | null>> = {
  replay: null,
  paper: "local",
  testnet: "testnet",
  demo: "demo",
  live: "mainnet",
};

/**
 * The mode that was asked for, else that of the configuration, else paper.
 *
 * @throws ArgumentError `MODE` when real money is asked for that the configuration does not speak of
 */
export function modeOf(asked: Mode | undefined, { config, file }: Pick<Setup, "config" | "file">): Mode {
  if (file === null) return asked ?? "paper";
  const written = MODES.find((mode) => ENVIRONMENT_OF[mode] === config.environment)!;
  if (asked === "live" && written !== "live") {
    const message = `--mode live trades real money, ${file} says environment: ${config.environment}; write mainnet there`;
    throw new ArgumentError("MODE", message, { file, environment: config.environment });
  }
  return asked ?? written;
}
