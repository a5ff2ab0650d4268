import type { Limit } from "../accounts/tries.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * Wrong codes of an app for one account: 48 at will and then one each half hour are at most 96 on the
 * first day (healthchecks counts as many), so that who knows the password has a chance of 1 in 3,000
 * a day, and its owner is not locked out. Recovery codes cannot be guessed and are not counted.
 */
export const accountCodes: Limit = {
  what: "code",
  cannot: "check the code",
  instead: "wait, use a passkey or a recovery code",
  most: [{ count: 48, perMs: DAY_MS }],
  thenEveryMs: 30 * MINUTE_MS,
  slower: { free: 10, perMs: 15 * MINUTE_MS, mostMs: MINUTE_MS },
};
/** From how many wrong codes within a day on the owner hears: somebody has the password. */
export const WRONG_CODES_TOLD = 5;
/** Such letters. */
export const wrongCodeLetters: Limit = {
  what: "wrong_code_letters",
  cannot: "send a letter",
  most: [{ count: 1, perMs: DAY_MS }],
};
