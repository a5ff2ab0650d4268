import type { Limit } from "./tries.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Letters with a link that strangers can have sent to one address: of each sort so many. */
const LETTERS = [{ count: 3, perMs: HOUR_MS }, { count: 10, perMs: DAY_MS }];

export const addressResets: Limit = { what: "reset_to", cannot: "send a letter", most: LETTERS };
export const addressSignIns: Limit = { what: "sign_in_to", cannot: "send a letter", most: LETTERS };
export const addressChanges: Limit = {
  what: "email_change_to",
  cannot: "send a letter",
  most: LETTERS,
};
/** How often an account may ask for another address. */
export const accountChanges: Limit = {
  what: "email_change",
  cannot: "change the address",
  most: [{ count: 5, perMs: HOUR_MS }, { count: 10, perMs: DAY_MS }],
};
/** Such letters that one network asks for. */
export const networkLetters: Limit = {
  what: "letters_from",
  cannot: "send a letter",
  most: [{ count: 20, perMs: HOUR_MS }],
};
/** Letters about sign-ins from somewhere new; the inbox has all of them. */
export const deviceLetters: Limit = {
  what: "device_letters",
  cannot: "send a letter",
  most: [{ count: 5, perMs: DAY_MS }],
};
