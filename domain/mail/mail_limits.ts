import type { Limit } from "../accounts/tries.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Mail of one member to one mailbox: at first, and once the member is trusted; counted as one. */
export const pairMails: Limit = {
  what: "mail_pair",
  cannot: "mail this address",
  most: [{ count: 3, perMs: HOUR_MS }, { count: 10, perMs: DAY_MS }],
};
export const trustedPairMails: Limit = {
  ...pairMails,
  most: [{ count: 6, perMs: HOUR_MS }, { count: 20, perMs: DAY_MS }],
};
/** Mail of everybody to one mailbox. */
export const recipientMails: Limit = {
  what: "mail_to",
  cannot: "mail this address",
  most: [{ count: 20, perMs: DAY_MS }],
};
/**
 * News about accounts to one mailbox, without the letters that are limited where they are asked for.
 * Beyond them one each half an hour: that a password was changed must not wait until tomorrow because
 * whoever changed it had ten other letters written before.
 */
export const accountLetters: Limit = {
  what: "letter_to",
  cannot: "mail this address",
  most: [{ count: 10, perMs: DAY_MS }],
  thenEveryMs: HOUR_MS / 2,
};
/**
 * Letters to one mailbox because somebody says that an address of it is theirs, whoever does and by
 * whichever door. Together with the limits at the doors (link_limits.ts) these are what a stranger can
 * have written to who has no account.
 */
export const claimLetters: Limit = {
  what: "claim_letter_to",
  cannot: "mail this address",
  most: [{ count: 10, perMs: DAY_MS }],
};
/** People whom one member asks whether they want mail. */
export const memberInvitations: Limit = {
  what: "invitation_by",
  cannot: "ask more people",
  most: [{ count: 20, perMs: DAY_MS }],
};
/** Invitations of everybody to one mailbox. */
export const mailboxInvitations: Limit = {
  what: "invitation_to",
  cannot: "ask this address",
  most: [{ count: 3, perMs: DAY_MS }],
};
