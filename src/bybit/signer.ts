import { createHmac, createPrivateKey, createSign, type KeyObject } from "node:crypto";
import { ConfigError } from "../core/errors.ts";
import type { Environment } from "../model/environment.ts";

/** A key and what signs with it. The secret is given out once, to be signed with. */
export interface ApiCredentials {
  readonly key: string;
  /** An HMAC secret, or an RSA private key in PEM form. */
  readonly secret: { reveal(): string };
  readonly kind: "hmac" | "rsa";
  readonly environment: Environment;
}

/** Signs texts for one key, and takes the key and its secret out of texts that might show them. */
export interface Signer {
  readonly key: string;
  /** Lower-case hex for HMAC, base64 for RSA. */
  sign(payload: string): string;
  /** `text` with neither key nor secret in it. */
  redact(text: string): string;
}

/** The SDK wants a secret to be there; ours never goes near it. */
export const NO_SECRET = "-";

/** @throws ConfigError `KEY` when the key cannot sign; the message shows none of it */
export function signerOf(credentials: ApiCredentials): Signer {
  const { key, kind } = credentials;
  const secret = credentials.secret.reveal();
  if (!/^[\x21-\x7e]+$/.test(key) || secret === "") {
    throw new ConfigError("KEY", "the API key must be printable text without spaces, and its secret must not be empty");
  }
  const hidden = [...secretParts(secret), key].filter((part) => part.length >= 4);
  const redact = (text: string) => hidden.reduce((clean, part) => clean.replaceAll(part, "[hidden]"), text);
  if (kind === "hmac") {
    return { key, sign: (payload) => createHmac("sha256", secret).update(payload).digest("hex"), redact };
  }
  const privateKey = privateKeyOf(secret);
  return { key, sign: (payload) => createSign("RSA-SHA256").update(payload).sign(privateKey, "base64"), redact };
}

function privateKeyOf(pem: string): KeyObject {
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(pem);
  } catch {
    throw new ConfigError("KEY", "the RSA private key cannot be read; it must be a PEM file without a passphrase");
  }
  if (privateKey.asymmetricKeyType === "rsa") return privateKey;
  throw new ConfigError("KEY", `the private key must be RSA, was ${privateKey.asymmetricKeyType}`);
}

/** A PEM file also line by line, as texts may quote it so. */
function secretParts(secret: string): string[] {
  return [secret, ...secret.split(/\r?\n/).filter((line) => line.length >= 16 && !line.startsWith("-----"))];
}
