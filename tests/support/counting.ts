import { nativeArgon2id } from "../../domain/accounts/argon2id.ts";
import { Hashing } from "../../domain/accounts/passwords.ts";
import { hashingWith } from "./attempts.ts";
import { CHEAP } from "./hash.ts";

/** Counts the passwords that are hashed, until the end of the block. */
export async function countingHashes(): Promise<Disposable & { count: number }> {
  const counted = { count: 0 };
  const native: typeof nativeArgon2id = (input, cost) => {
    counted.count++;
    return nativeArgon2id(input, cost);
  };
  const counting = new Hashing({ ...CHEAP, native });
  await counting.kind(); // its self-test hashes too
  counted.count = 0;
  return Object.assign(counted, hashingWith(counting));
}
