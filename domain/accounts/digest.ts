import { timingSafeEqual } from "node:crypto";

/** The SHA-256 of a text, as base64url. */
export async function sha256(text: string): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return base64url(new Uint8Array(bytes));
}

/** A text that only who knows `secret` can make from `text`: HMAC-SHA-256 as base64url. */
export async function hmac(secret: Uint8Array, text: string): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", Uint8Array.from(secret), algorithm, false, [
    "sign",
  ]);
  const bytes = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text));
  return base64url(new Uint8Array(bytes));
}

/** Random bits that cannot be guessed, as base64url. */
export function randomText(bits: 128 | 256): string {
  return base64url(crypto.getRandomValues(new Uint8Array(bits / 8)));
}

/** Whether two byte strings are the same, taking as long when they are not. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Whether two texts are the same, taking as long whatever they are; made equally long by their HMAC. */
export async function sameText(
  { secret }: { secret: Uint8Array },
  a: string,
  b: string,
): Promise<boolean> {
  const bytes = new TextEncoder();
  const [one, other] = await Promise.all([hmac(secret, a), hmac(secret, b)]);
  return sameBytes(bytes.encode(one), bytes.encode(other));
}

function base64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}
