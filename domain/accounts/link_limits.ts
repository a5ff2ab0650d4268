import type { Limit } from "./tries.ts";

/*
 * Letters with a link that somebody asks for who need not be whose address it is. Two things must not
 * happen: that a stranger has so many sent that the owner gets none, and that a mailbox is filled. So
 * whoever asks is slowed down for themselves, by network and address; all together are, by address,
 * only so far that one more always passes after `thenEveryMs`.
 */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Such letters that one network asks for, to all addresses. */
export const networkLetters: Limit = {
  what: "letters_from",
  cannot: "send a letter",
  most: [{ count: 20, perMs: HOUR_MS }],
};
/**
 * Letters that open an account, of both sorts, that one network asks for to one address: at most 13 a
 * day fill a mailbox from there. Fewer than what all together may, so that who asks from one network
 * takes nothing from the owner on another.
 */
export const askerLetters: Limit = {
  what: "letters_from_to",
  cannot: "send a letter",
  instead: "look for the last one, or wait",
  most: [{ count: 4, perMs: HOUR_MS }, { count: 8, perMs: DAY_MS }],
  thenEveryMs: 4 * HOUR_MS,
};
/**
 * The same of one sort, that everybody asks for. A link for a new password lasts half an hour: so
 * whenever none is sent, the one before still works, and it is in the owner's mailbox. A crowd on many
 * networks fills that with 62 of each sort on the first day and 48 on the next (measured); fewer would
 * shut the owner out.
 */
const OPENING = {
  cannot: "send a letter",
  instead: "look for the last one, or wait",
  most: [{ count: 6, perMs: HOUR_MS }, { count: 20, perMs: DAY_MS }],
  thenEveryMs: HOUR_MS / 2,
};
export const addressResets: Limit = { what: "reset_to", ...OPENING };
export const addressSignIns: Limit = { what: "sign_in_to", ...OPENING };
/**
 * Letters that say that an address is somebody's, who need not be its owner: three and then one each
 * eight hours are five in any 24, of each sort. The ten of both are all that a mailbox gets a day
 * (`claimLetters`), and neither sort takes the other's place. Counted by mailbox: at another spelling
 * of it these letters arrive all the same.
 */
const CLAIMING = { most: [{ count: 3, perMs: DAY_MS }], thenEveryMs: 8 * HOUR_MS };
/**
 * Letters to activate an account, that everybody has sent to one mailbox by signing up with it. Their
 * links last a day, and open nothing without the password that was chosen.
 */
export const mailboxSignUps: Limit = { what: "sign_up_to", cannot: "sign up", ...CLAIMING };
/** Letters that members have sent to an address that is to be theirs. */
export const mailboxClaims: Limit = {
  what: "claim_to",
  cannot: "write to this address",
  instead: "look for the last letter, or wait",
  ...CLAIMING,
};
/** How often an account may ask for another address, */
export const accountChanges: Limit = {
  what: "email_change",
  cannot: "change the address",
  most: [{ count: 5, perMs: HOUR_MS }, { count: 10, perMs: DAY_MS }],
};
/** and for its own or a further one to be proven. */
export const memberProofs: Limit = {
  what: "proof_by",
  cannot: "send more letters",
  most: [{ count: 10, perMs: DAY_MS }],
};
/** Letters about sign-ins from somewhere new; the inbox has all of them. */
export const deviceLetters: Limit = {
  what: "device_letters",
  cannot: "send a letter",
  most: [{ count: 5, perMs: DAY_MS }],
};
