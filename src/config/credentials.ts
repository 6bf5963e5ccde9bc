import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { ConfigError } from "../core/errors.ts";
import { Secret } from "../core/secret.ts";
import type { Environment } from "../model/environment.ts";

/** An API key and what signs with it: an HMAC secret, or an RSA private key in PEM form. */
export interface Credentials {
  readonly key: string;
  readonly secret: Secret;
  readonly kind: "hmac" | "rsa";
  readonly environment: Environment;
}

/** Where secrets may come from: a process's environment variables, and the folder whose `.env` counts. */
export interface CredentialSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dir: string;
}

/** Anyone but the owner may read or write. */
const OTHERS = 0o077;

/**
 * The key for `environment`; `null` when there is none.
 *
 * Read from variables, of the process first and of `.env` then: `BYBIT_TESTNET_API_KEY` and `BYBIT_TESTNET_API_SECRET` (or
 * `…_MAINNET_…`, `…_DEMO_…`, `…_LOCAL_…`), else `BYBIT_API_KEY` and `BYBIT_API_SECRET`, which belong to the environment that
 * `BYBIT_ENVIRONMENT` (or the older `BYBIT_TESTNET=true|false`) names, testnet unless told. A PEM file is named by
 * `…_API_PRIVATE_KEY_FILE`. Nothing is read from the command line: others see that.
 *
 * @throws ConfigError `ENV_MODE` when others may read the file; `ENV_SYNTAX`; `KEY_INCOMPLETE`; `KEY_ENVIRONMENT` when the key
 * is for another environment
 */
export function readCredentials(environment: Environment, sources: CredentialSources): Credentials | null {
  const values = { ...readEnvFile(sources.dir), ...definedOf(sources.env) };
  const own = `BYBIT_${environment.toUpperCase()}_`;
  const prefix = has(values, own) ? own : "BYBIT_";
  if (!has(values, prefix)) return null;
  if (prefix === "BYBIT_") requireEnvironment(environment, values);
  const key = values[`${prefix}API_KEY`];
  const secret = secretOf(values, prefix, sources.dir);
  if (!key || !secret) {
    const missing = key ? `${prefix}API_SECRET` : `${prefix}API_KEY`;
    throw new ConfigError("KEY_INCOMPLETE", `${missing} is not set; a key needs both`, { missing });
  }
  const kind = secret.startsWith("-----BEGIN") ? "rsa" : "hmac";
  return { key, secret: new Secret(secret), kind, environment };
}

function has(values: Readonly<Record<string, string>>, prefix: string): boolean {
  return ["API_KEY", "API_SECRET", "API_PRIVATE_KEY_FILE"].some((name) => Boolean(values[prefix + name]));
}

function requireEnvironment(wanted: Environment, values: Readonly<Record<string, string>>): void {
  const told = values.BYBIT_ENVIRONMENT?.toLowerCase();
  const isMainnet = told === undefined && /^(false|0|no)$/i.test(values.BYBIT_TESTNET ?? "");
  const actual = told ?? (isMainnet ? "mainnet" : "testnet");
  if (actual === wanted) return;
  const message =
    `BYBIT_API_KEY is for ${actual}, and the configuration says ${wanted}; ` +
    `set BYBIT_${wanted.toUpperCase()}_API_KEY and BYBIT_${wanted.toUpperCase()}_API_SECRET`;
  throw new ConfigError("KEY_ENVIRONMENT", message, { actual, wanted });
}

function secretOf(values: Readonly<Record<string, string>>, prefix: string, dir: string): string | undefined {
  const file = values[`${prefix}API_PRIVATE_KEY_FILE`];
  if (!file) return values[`${prefix}API_SECRET`];
  const path = resolve(dir, file);
  if (!existsSync(path)) {
    throw new ConfigError("KEY_INCOMPLETE", `private key file not found: ${path}`, { file: path });
  }
  requirePrivate(path);
  const text = readFileSync(path, "utf8").trim();
  if (text.startsWith("-----BEGIN")) return text;
  throw new ConfigError("KEY_INCOMPLETE", `${path} is no PEM file: it does not begin with -----BEGIN`, { file: path });
}

function readEnvFile(dir: string): Record<string, string> {
  const file = join(dir, ".env");
  if (!existsSync(file)) return {};
  requirePrivate(file);
  const values: Record<string, string> = {};
  readFileSync(file, "utf8")
    .split(/\r?\n/)
    .forEach((text, index) => {
      const line = text.trim();
      if (line === "" || line.startsWith("#")) return;
      const [, name, value] = /^(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined) {
        // The line itself is not repeated: it may hold a secret.
        const message = `${file}:${index + 1}: not of the form NAME=value`;
        throw new ConfigError("ENV_SYNTAX", message, { file, line: index + 1 });
      }
      const [, quoted] = /^"(.*)"$/.exec(value) ?? /^'(.*)'$/.exec(value) ?? [];
      values[name] = (quoted ?? value.replace(/\s+#.*$/, "")).replaceAll("\\n", "\n");
    });
  return values;
}

function requirePrivate(file: string): void {
  const mode = statSync(file).mode & 0o777;
  if ((mode & OTHERS) === 0) return;
  const octal = mode.toString(8).padStart(4, "0");
  throw new ConfigError("ENV_MODE", `${file} can be read by others (mode ${octal}); run: chmod 600 ${file}`, {
    file,
    mode: octal,
  });
}

function definedOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])));
}
