import { createHmac, createPublicKey, type KeyObject, timingSafeEqual, verify } from "node:crypto";

/** What a key proves itself with: a shared secret, or the public half of the client's RSA pair. */
export type Credential =
  | { readonly kind: "hmac"; readonly secret: string }
  | { readonly kind: "rsa"; readonly publicKey: KeyObject };

/** A credential from the PEM text of an RSA public key. Throws what node:crypto throws when it is none. */
export function rsaCredential(pem: string): Credential {
  return { kind: "rsa", publicKey: createPublicKey(pem) };
}

/** Lower-case hex HMAC-SHA256, as clients send it. */
export function hmacHex(secret: string, payload: string | Buffer): string {
  return createHmac("sha256", secret).update(payload).digest("hex");
}

/**
 * Whether `signature` is `credential`'s over the exact bytes `prefix` + `payload`.
 *
 * HMAC signatures are hex in either case, RSA ones (SHA-256, PKCS#1 v1.5) base64.
 */
export function isSignedBy(
  credential: Credential,
  signature: string,
  prefix: string,
  payload: string | Buffer,
): boolean {
  if (credential.kind === "hmac") {
    const expected = createHmac("sha256", credential.secret).update(prefix).update(payload).digest();
    const given = Buffer.from(signature, "hex");
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
  const bytes = Buffer.concat([Buffer.from(prefix), Buffer.from(payload)]);
  return verify("RSA-SHA256", bytes, credential.publicKey, Buffer.from(signature, "base64"));
}
