import { scrypt } from "node:crypto";
import { type Argon2id, isArgon2id, nativeArgon2id, portableArgon2id } from "./argon2id.ts";
import { sameBytes } from "./digest.ts";
import { type Argon2idCost, formatPhc, parsePhc, type Phc, type ScryptCost } from "./phc.ts";
import { Turns, type TurnsOptions } from "../mail/turns.ts";

/** Salt and hash, in bytes: RFC 9106, section 4. */
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Longer ones are never hashed: what a sender makes us work on has an end. */
export const MAX_PASSWORD_BYTES = 1_024;

export interface HashingOptions {
  /** What new hashes cost; by default what the OWASP Password Storage Cheat Sheet asks for. */
  argon2id?: Argon2idCost;
  scrypt?: ScryptCost;
  /** Used for new hashes if it passes its test. */
  native?: Argon2id;
  /** 19 MiB each and some 40 ms of a core: four at once leave room for everything else. */
  turns?: TurnsOptions;
}

/** Makes and checks password hashes, a few at a time. Both kinds are checked on every host. */
export class Hashing {
  readonly #argon2id: Argon2idCost;
  readonly #scrypt: ScryptCost;
  readonly #native: Argon2id;
  readonly #turns: Turns;
  #kind?: Promise<Phc["kind"]>;

  constructor(options: HashingOptions = {}) {
    this.#argon2id = options.argon2id ?? { memoryKiB: 19_456, passes: 2, parallelism: 1 };
    this.#scrypt = options.scrypt ?? { logN: 15, r: 8, p: 3 };
    this.#native = options.native ?? nativeArgon2id;
    this.#turns = new Turns(options.turns ?? { atOnce: 4, waiting: 64 });
  }

  /** Which kind new hashes are of here. */
  kind(): Promise<Phc["kind"]> {
    return this.#kind ??= isArgon2id(this.#native).then((is) => is ? "argon2id" : "scrypt");
  }

  /** @throws {AppError} `unavailable` when too many are waiting; so does `verify`. */
  async hash(password: string): Promise<string> {
    const phc = await this.#blank();
    return formatPhc({ ...phc, hash: await this.#derive(password, phc) });
  }

  /**
   * Whether this is the password of a hash. Without a hash it works as long and says no, so that
   * the time of an answer does not tell which accounts exist.
   */
  async verify(password: string, stored: string | null): Promise<boolean> {
    const phc = stored === null ? null : parsePhc(stored);
    if (phc !== null) return sameBytes(await this.#derive(password, phc), phc.hash);
    await this.#derive(password, await this.#blank());
    return false;
  }

  /** Whether a hash that is right is weaker than those made today. Argon2id is never given up. */
  async needsRehash(stored: string): Promise<boolean> {
    const phc = parsePhc(stored);
    if (phc === null || phc.hash.length < HASH_BYTES) return true;
    if (phc.kind !== await this.kind()) return phc.kind === "scrypt";
    if (phc.kind === "argon2id") {
      const { memoryKiB, passes } = this.#argon2id;
      return phc.cost.memoryKiB < memoryKiB || phc.cost.passes < passes;
    }
    const { logN, r, p } = this.#scrypt;
    return phc.cost.logN < logN || phc.cost.r < r || phc.cost.p < p;
  }

  /** A hash still to be made, with fresh salt. */
  async #blank(): Promise<Phc> {
    const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
    const hash = new Uint8Array(HASH_BYTES);
    return await this.kind() === "argon2id"
      ? { kind: "argon2id", cost: this.#argon2id, salt, hash }
      : { kind: "scrypt", cost: this.#scrypt, salt, hash };
  }

  async #derive(typed: string, phc: Phc): Promise<Uint8Array> {
    const password = new TextEncoder().encode(typed);
    if (password.length > MAX_PASSWORD_BYTES) return new Uint8Array(0); // nobody has such a one
    const native = await this.kind() === "argon2id";
    return await this.#turns.take(() => {
      const { salt, hash: { length } } = phc;
      if (phc.kind === "scrypt") return deriveScrypt(password, { salt, length }, phc.cost);
      const derive = native ? this.#native : portableArgon2id;
      return derive({ password, salt: Uint8Array.from(salt), length }, phc.cost);
    });
  }
}

function deriveScrypt(
  password: Uint8Array,
  { salt, length }: { salt: Uint8Array; length: number },
  { logN, r, p }: ScryptCost,
): Promise<Uint8Array> {
  const N = 2 ** logN;
  const maxmem = 128 * N * r + 1_048_576; // what it needs, and one MiB to spare
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, { N, r, p, maxmem }, (error, key) => {
      if (error) reject(error);
      else resolve(new Uint8Array(key));
    });
  });
}

let hashing = new Hashing();

/** Hashes with other costs from now on. For tests, which would wait minutes for real ones. */
export function useHashing(own: Hashing): void {
  hashing = own;
}

/** Runs the self-test, so that a start shows which kind of hash this host makes. */
export const detectHash = (): Promise<Phc["kind"]> => hashing.kind();
export const hashPassword = (password: string): Promise<string> => hashing.hash(password);
export const verifyPassword = (password: string, stored: string | null): Promise<boolean> =>
  hashing.verify(password, stored);
export const needsRehash = (stored: string): Promise<boolean> => hashing.needsRehash(stored);
