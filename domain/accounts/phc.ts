/** What Argon2id costs: RFC 9106. */
export interface Argon2idCost {
  memoryKiB: number;
  passes: number;
  parallelism: number;
}

/** What scrypt costs: RFC 7914. N is two to the power of `logN`. */
export interface ScryptCost {
  logN: number;
  r: number;
  p: number;
}

interface Salted {
  salt: Uint8Array;
  hash: Uint8Array;
}

/** A password hash with all that it takes to check it. */
export type Phc =
  | { kind: "argon2id"; cost: Argon2idCost } & Salted
  | { kind: "scrypt"; cost: ScryptCost } & Salted;

/** As text: the PHC string format, which other libraries read too. */
export function formatPhc(phc: Phc): string {
  const parameters = phc.kind === "argon2id"
    ? `v=19$m=${phc.cost.memoryKiB},t=${phc.cost.passes},p=${phc.cost.parallelism}`
    : `ln=${phc.cost.logN},r=${phc.cost.r},p=${phc.cost.p}`;
  const [salt, hash] = [phc.salt, phc.hash].map((bytes) => bytes.toBase64({ omitPadding: true }));
  return `$${phc.kind}$${parameters}$${salt}$${hash}`;
}

const ARGON2ID = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([^$]+)\$([^$]+)$/;
const SCRYPT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([^$]+)\$([^$]+)$/;
/** The most that a stored hash may ask of us, 1 GiB: it may come from a backup. */
const MAX_MEMORY_KIB = 1_048_576;

/** Reads such a text; null when it is none, or would cost more than any hash of ours. */
export function parsePhc(text: string): Phc | null {
  const [, a, b, c, salt = "", hash = ""] = ARGON2ID.exec(text) ?? SCRYPT.exec(text) ?? [];
  const [one, two, three] = [Number(a), Number(b), Number(c)];
  try {
    const salted = {
      salt: Uint8Array.fromBase64(salt, { lastChunkHandling: "loose" }),
      hash: Uint8Array.fromBase64(hash, { lastChunkHandling: "loose" }),
    };
    if (salted.hash.length < 16 || one < 1 || two < 1 || three < 1) return null;
    if (text.startsWith("$argon2id$")) {
      if (one > MAX_MEMORY_KIB) return null;
      const cost = { memoryKiB: one, passes: two, parallelism: three };
      return { kind: "argon2id", cost, ...salted };
    }
    if (2 ** one * two / 8 > MAX_MEMORY_KIB) return null; // 128 · N · r bytes
    return { kind: "scrypt", cost: { logN: one, r: two, p: three }, ...salted };
  } catch {
    return null;
  }
}
