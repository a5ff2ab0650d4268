import { sha256 } from "../accounts/digest.ts";

/** How many are made at once. */
export const RECOVERY_CODES = 10;
/** 120 bits each, more than the 112 of ASVS 5.0, 6.5.2 for what is stored under a plain hash. */
const CODE_BYTES = 15;
/** Crockford's base 32 in small letters: none is read for another. */
const SIGNS = "0123456789abcdefghjkmnpqrstvwxyz";
const CODE_SIGNS = CODE_BYTES * 8 / 5;

/** Codes to be shown once, as "1a2b3c-…" in four groups, and what is stored of them. */
export async function newRecoveryCodes(): Promise<{ codes: string[]; hashes: string[] }> {
  const plain = Array.from({ length: RECOVERY_CODES }, newCode);
  return {
    codes: plain.map((code) => code.match(/.{6}/g)!.join("-")),
    hashes: await Promise.all(plain.map(sha256)),
  };
}

/** What is stored of a code as somebody typed it; null for what cannot be one. */
export async function recoveryHash(typed: string): Promise<string | null> {
  const code = typed.toLowerCase().replace(/[\s-]+/g, "").replace(/o/g, "0").replace(/[il]/g, "1");
  const isCode = code.length === CODE_SIGNS && [...code].every((sign) => SIGNS.includes(sign));
  return isCode ? await sha256(code) : null;
}

function newCode(): string {
  // 256 is a multiple of 32: the five low bits of a random byte are as random.
  const bytes = crypto.getRandomValues(new Uint8Array(CODE_SIGNS));
  return Array.from(bytes, (byte) => SIGNS[byte & 31]).join("");
}
