import { Hashing, useHashing } from "../../domain/accounts/passwords.ts";

/** Hashes that cost next to nothing; the real cost would make the tests wait minutes. */
export const CHEAP = {
  argon2id: { memoryKiB: 8, passes: 1, parallelism: 1 },
  scrypt: { logN: 1, r: 1, p: 1 },
};

useHashing(new Hashing(CHEAP));
