import type { App } from "../../core/app.ts";

/** Bytes of the nonce that AES-GCM asks for: NIST SP 800-38D, 8.2.2, random for each message. */
const NONCE_BYTES = 12;

export interface SealedFor {
  /** What the bytes are for; each purpose has a key of its own. */
  purpose: string;
  /** Whose they are: moved to another's record they cannot be read. */
  accountId: string;
}

/** Encrypts bytes with a key that only this instance can make: AES-256-GCM, the nonce in front. */
export async function seal(
  app: Pick<App, "secret">,
  what: SealedFor,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const key = await keyOf(app, what.purpose);
  const body = await crypto.subtle.encrypt(cipher(nonce, what), key, bytes);
  const sealed = new Uint8Array(NONCE_BYTES + body.byteLength);
  sealed.set(nonce);
  sealed.set(new Uint8Array(body), NONCE_BYTES);
  return sealed;
}

/** What `seal` was given; null for what was altered, or sealed with another secret or for another. */
export async function unseal(
  app: Pick<App, "secret">,
  what: SealedFor,
  sealed: Uint8Array,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const [nonce, body] = [sealed.slice(0, NONCE_BYTES), sealed.slice(NONCE_BYTES)];
  try {
    const key = await keyOf(app, what.purpose);
    return new Uint8Array(await crypto.subtle.decrypt(cipher(nonce, what), key, body));
  } catch (error) {
    if (error instanceof DOMException) return null; // the tag does not fit, or it is too short
    throw error;
  }
}

const text = (words: string) => new TextEncoder().encode(words);

function cipher(iv: Uint8Array<ArrayBuffer>, { accountId }: SealedFor): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: text(accountId) };
}

/** A key for one purpose out of the instance's secret (HKDF, RFC 5869). */
async function keyOf({ secret }: Pick<App, "secret">, purpose: string): Promise<CryptoKey> {
  const from = await crypto.subtle.importKey("raw", Uint8Array.from(secret), "HKDF", false, [
    "deriveKey",
  ]);
  const derive = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: text(purpose) };
  const aes = { name: "AES-GCM", length: 256 };
  return await crypto.subtle.deriveKey(derive, from, aes, false, ["encrypt", "decrypt"]);
}
