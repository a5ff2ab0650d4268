import { sameBytes } from "./digest.ts";
import type { Argon2idCost } from "./phc.ts";

export interface Argon2idInput {
  password: Uint8Array<ArrayBuffer>;
  salt: Uint8Array<ArrayBuffer>;
  /** Length of the result, in bytes. */
  length: number;
  /** Only for the self-test. */
  secretValue?: Uint8Array<ArrayBuffer>;
  associatedData?: Uint8Array<ArrayBuffer>;
}

/** Derives bytes from a password by Argon2id. */
export type Argon2id = (input: Argon2idInput, cost: Argon2idCost) => Promise<Uint8Array>;

/** The one of the platform, off the event loop. Throws where there is none. */
export const nativeArgon2id: Argon2id = async ({ password, salt, length, ...more }, cost) => {
  // The names are those of the draft "Modern Algorithms in the Web Cryptography API".
  const key = await crypto.subtle.importKey(
    "raw-secret" as "raw",
    password,
    "Argon2id",
    false,
    ["deriveBits"],
  );
  const { memoryKiB: memory, passes, parallelism } = cost;
  const algorithm = { name: "Argon2id", nonce: salt, memory, passes, parallelism, ...more };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8));
};

/** For hosts without it, so that hashes may move there: slower, and it blocks while it works. */
export const portableArgon2id: Argon2id = async ({ password, salt, length }, cost) => {
  const { argon2id } = await import("hash-wasm");
  return await argon2id({
    password,
    salt,
    hashLength: length,
    memorySize: cost.memoryKiB,
    iterations: cost.passes,
    parallelism: cost.parallelism,
    outputType: "binary",
  });
};

const filled = (length: number, byte: number) => new Uint8Array(length).fill(byte);

/** Whether this gives the test vector of RFC 9106, section 5.3. */
export async function isArgon2id(derive: Argon2id): Promise<boolean> {
  const vector = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
  const input = {
    password: filled(32, 1),
    salt: filled(16, 2),
    secretValue: filled(8, 3),
    associatedData: filled(12, 4),
    length: 32,
  };
  try {
    const tag = await derive(input, { memoryKiB: 32, passes: 3, parallelism: 4 });
    return sameBytes(tag, Uint8Array.fromHex(vector));
  } catch {
    return false; // not known here, or known under other names
  }
}
