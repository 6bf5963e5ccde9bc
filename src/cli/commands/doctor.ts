import { existsSync, statfsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import type { Finding } from "../../bybit/preflight.ts";
import { CONFIG_NAMES, loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/schema.ts";
import { ToolkitError } from "../../core/errors.ts";
import { shipped } from "../../strategies/registry.ts";
import { isStrategyFile, loadStrategyFile } from "../../strategy/load.ts";
import { resolveParams } from "../../strategy/resolve.ts";
import { findingsPage } from "../findings.ts";
import { type Io, jsonText, NegativeResult } from "../io.ts";
import { readVenue, type Venue, type VenueFlags, withVenueOptions } from "../venue-options.ts";

interface DoctorFlags extends VenueFlags {
  readonly json?: boolean;
}

const LEAST_NODE = 24;
const LOW_DISK_BYTES = 2e9;
/** What a configuration would allow, when there is none. */
const USUAL_CLOCK_OFFSET_MS = 1_000;

/** `grimoire doctor`: everything that should be right before a bot starts. */
export function define(command: Command, io: Io): void {
  withVenueOptions(command)
    .option("--json", "print one JSON document: { ok, findings: [{ check, state, text, advice }] }")
    .addHelpText(
      "after",
      `
Looks at Node, disk, configuration, strategies, the line to the exchange, the
clock, the key's rights, the account, and the markets that are configured. It
changes nothing. Ends with 1 when something forbids trading.

Examples:
  grimoire doctor
  grimoire doctor --environment mainnet
  grimoire doctor --url http://127.0.0.1:8080 --json`,
    )
    .action((flags: DoctorFlags) => run(flags, io));
}

async function run(flags: DoctorFlags, io: Io): Promise<void> {
  const dir = process.cwd();
  const findings: Finding[] = [nodeFinding()];
  const config = configOf(flags, dir, findings);
  findings.push(diskFinding(dir, config));
  if (config) findings.push(...strategyFindings(config, dir));
  const isBadConfig = findings.some((finding) => finding.check === "config" && finding.state === "fail");
  const venue = isBadConfig ? undefined : venueOf(flags, dir, findings);
  if (venue) findings.push(...(await exchangeFindings(venue, config, io.signal)));
  const failed = findings.filter((finding) => finding.state === "fail").length;
  io.out(flags.json ? jsonText({ ok: failed === 0, findings }) : findingsPage(findings, io));
  if (failed > 0)
    throw new NegativeResult("DOCTOR", `${failed} of ${findings.length} checks forbid trading`, { failed });
}

function nodeFinding(): Finding {
  const { node } = process.versions;
  if (Number(node.split(".")[0]) >= LEAST_NODE) return { check: "node", state: "ok", text: `Node ${node}` };
  return { check: "node", state: "fail", text: `Node ${node}`, advice: `install Node ${LEAST_NODE} or later` };
}

function configOf(flags: DoctorFlags, dir: string, findings: Finding[]): Config | undefined {
  if (flags.config === undefined && !CONFIG_NAMES.some((name) => existsSync(join(dir, name)))) {
    findings.push({ check: "config", state: "warn", text: "no configuration here", advice: "grimoire init makes one" });
    return undefined;
  }
  try {
    const { file, config } = loadConfig(dir, flags.config);
    const traders = config.traders.map(({ strategy, symbol }) => `${strategy} on ${symbol}`).join(", ");
    findings.push({ check: "config", state: "ok", text: `${file}: ${config.environment}, ${traders}` });
    return config;
  } catch (error) {
    findings.push(failure("config", error));
    return undefined;
  }
}

function diskFinding(dir: string, config: Config | undefined): Finding {
  let folder = resolve(dir, config ? dirname(config.journal) : ".");
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const text = `${(free / 1e9).toFixed(1)} GB free where the journal is`;
  if (free >= LOW_DISK_BYTES) return { check: "disk", state: "ok", text };
  return {
    check: "disk",
    state: "warn",
    text,
    advice: "without room for the journal no position is opened; make room",
  };
}

function strategyFindings(config: Config, dir: string): Finding[] {
  return config.traders.map(({ strategy: name, params }): Finding => {
    try {
      const strategy = isStrategyFile(name) ? loadStrategyFile(resolve(dir, name)) : shipped(name);
      resolveParams(strategy, params);
      return { check: "strategy", state: "ok", text: `${name}: ${strategy.name}` };
    } catch (error) {
      return failure("strategy", error);
    }
  });
}

function venueOf(flags: DoctorFlags, dir: string, findings: Finding[]): Venue | undefined {
  try {
    return readVenue(flags, dir, process.env);
  } catch (error) {
    findings.push(failure("key", error));
    return undefined;
  }
}

async function exchangeFindings(venue: Venue, config: Config | undefined, signal: AbortSignal): Promise<Finding[]> {
  const { openGateway } = await import("../../bybit/gateway.ts");
  const { preflight } = await import("../../bybit/preflight.ts");
  const findings: Finding[] = [{ check: "exchange", state: "ok", text: venue.hosts.environment }];
  try {
    const gateway = openGateway(venue);
    try {
      const found = await preflight(gateway, {
        markets: config?.traders ?? [],
        ...(config && { minPositionQuote: config.limits.minPositionQuote }),
        maxClockOffsetMs: config?.limits.maxClockOffsetMs ?? USUAL_CLOCK_OFFSET_MS,
        hasKey: venue.credentials !== null,
        signal,
      });
      return [...findings, ...found];
    } finally {
      gateway.close();
    }
  } catch (error) {
    return [...findings, failure("key", error)];
  }
}

/** A finding from an error of ours; anything else is a defect and goes on. */
function failure(check: string, error: unknown): Finding {
  if (error instanceof ToolkitError) return { check, state: "fail", text: error.message };
  throw error;
}
