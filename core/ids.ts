const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's base 32: no i, l, o, u

/**
 * A new opaque id of 26 characters, safe in paths and attributes: 10 of the moment and 16 of 80
 * random bits, as in the ULID specification. The moment keeps what is written together together in
 * the store (random keys cost three times the time, bench/engine.ts); nothing else may depend on it.
 * Never a secret: what must not be guessed is a token.
 */
export function newId(): string {
  let moment = "";
  for (let ms = Date.now(), i = 0; i < 10; i++, ms = Math.floor(ms / 32)) {
    moment = ALPHABET[ms % 32] + moment;
  }
  let random = "";
  for (const byte of crypto.getRandomValues(new Uint8Array(16))) random += ALPHABET[byte & 31];
  return moment + random;
}

/** The id that always stands for the same name: 130 bits of its SHA-256. */
export async function idOf(name: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(name));
  return Array.from(new Uint8Array(hash, 0, 26), (byte) => ALPHABET[byte & 31]).join("");
}

/** Whether `text` could be an id of ours; anything else never becomes part of a key. */
export function isId(text: string): boolean {
  return /^[0-9a-hjkmnp-tv-z]{26}$/.test(text);
}
