import type { Limit } from "./tries.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Passwords of one account: OWASP Authentication Cheat Sheet (delays, and never a lock for good). */
export const accountPasswords: Limit = {
  what: "password",
  cannot: "check the password",
  instead: "wait, or sign in by a mailed link",
  most: [{ count: 20, perMs: DAY_MS }],
  slower: { free: 5, perMs: 15 * MINUTE_MS, mostMs: 15 * MINUTE_MS },
};
/** Wrong passwords from one network: OWASP Credential Stuffing Prevention Cheat Sheet. */
export const networkPasswords: Limit = {
  what: "password_from",
  cannot: "check the password",
  instead: "wait, or sign in by a mailed link",
  most: [{ count: 20, perMs: HOUR_MS }],
};
/**
 * New passwords that are judged: each keeps the process busy for some 50 ms. Those that are refused
 * count too, or they could be had without end.
 */
const JUDGED = { most: [{ count: 30, perMs: HOUR_MS }] };
/** Those of sign-ups from one network; */
export const networkJudged: Limit = { what: "judged_from", cannot: "sign up", ...JUDGED };
/** of one account, by its page; */
export const changesJudged: Limit = {
  what: "judged_change",
  cannot: "change the password",
  ...JUDGED,
};
/** and by the link of a letter, which whoever has its session cannot use up. */
export const resetsJudged: Limit = {
  what: "judged_reset",
  cannot: "set the password",
  ...JUDGED,
};
/** Sign-ups from one network. */
export const networkSignUps: Limit = {
  what: "sign_up_from",
  cannot: "sign up",
  most: [{ count: 5, perMs: HOUR_MS }, { count: 20, perMs: DAY_MS }],
};
