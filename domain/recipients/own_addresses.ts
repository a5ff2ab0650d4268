import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Account, OwnAddress } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { addressHash, masked } from "./address_hash.ts";
import { addressKey, parseAddress } from "./addresses.ts";
import { mailboxClaims, memberProofs } from "../accounts/link_limits.ts";
import { mailboxOf } from "./mailbox.ts";
import { isVerified, proves } from "./own_address.ts";
import { liftProven } from "./suppressing.ts";
import { issueToken, linkNotFound, peekToken, useToken } from "../accounts/tokens.ts";
import { countTry } from "../accounts/tries.ts";

/** Most further addresses of a member. */
export const MAX_OWN_ADDRESSES = 5;
/** How long the link in the letter works, ms: one day. */
const PROOF_MS = 24 * 3_600_000;

/** A further address as its owner sees it. */
export interface OwnAddressView {
  /** Names it in paths. */
  id: string;
  address: string;
  proven: boolean;
}

/** A member's further addresses, in the order of the alphabet. */
export async function listOwnAddresses(app: App, accountId: string): Promise<OwnAddressView[]> {
  const all = await list(app, ranges.ownAddressesOf(accountId));
  const seen = await Promise.all(all.map(async ({ address, verified }) => ({
    id: await addressHash(app, address),
    address,
    proven: proves(app, verified),
  })));
  return seen.sort((a, b) => a.address < b.address ? -1 : 1);
}

/** Every address that is proven to be this account's, for the mailer in use. */
export async function provenAddresses(app: App, account: Account): Promise<string[]> {
  const further = await listOwnAddresses(app, account.id);
  return [
    ...isVerified(app, account) ? [account.email] : [],
    ...further.flatMap(({ address, proven }) => proven ? [address] : []),
  ];
}

/** Those of these addresses that are other people's, as far as anybody has proven. */
export async function othersOf(
  app: App,
  account: Account,
  addresses: readonly string[],
): Promise<string[]> {
  const own = new Set((await provenAddresses(app, account)).map(addressKey));
  return addresses.filter((address) => !own.has(addressKey(address)));
}

/**
 * Adds a further address, and sends a letter there to prove it; adding one that is not proven yet sends
 * another letter.
 *
 * @throws {AppError} `invalid` of "address", `conflict` for a sixth, `rate_limited`.
 */
export async function addOwnAddress(
  app: App,
  { accountId, text }: { accountId: string; text: string },
): Promise<void> {
  const { address } = parseAddress(text, "address");
  const hash = await addressHash(app, address);
  await transact(app, async (tx) => {
    const account = await tx.get(keys.account(accountId));
    if (account === null) throw notFound("account");
    const there = await tx.get(keys.ownAddress(accountId, hash));
    const known = addressKey(account.email) === addressKey(address) ||
      there !== null && proves(app, there.verified);
    if (known) throw new AppError("invalid", "Cannot add this: it is yours", { field: "address" });
    // Before the list, which no commit checks: two at once must not both be the fifth.
    await countTry(app, tx, { limit: memberProofs, who: accountId });
    await countTry(app, tx, { limit: mailboxClaims, who: mailboxOf(address) });
    if (there === null) {
      const all = await Array.fromAsync(tx.list<OwnAddress>(ranges.ownAddressesOf(accountId)));
      if (all.length >= MAX_OWN_ADDRESSES) {
        const message = `Cannot add this: ${MAX_OWN_ADDRESSES} further addresses are the most`;
        throw new AppError("conflict", message, { field: "address" });
      }
    }
    const addedAt = app.clock.now();
    tx.set(keys.ownAddress(accountId, hash), { accountId, address, addedAt, verified: null });
    const token = { subject: `${accountId} ${hash}`, lifeMs: PROOF_MS };
    const tokenId = await issueToken(app, tx, { purpose: "own_address", ...token });
    await enqueue(app, tx, "email_own_address", { accountId, hash, tokenId });
  });
}

/** Whose address a link would prove. @throws {AppError} `not_found`. */
export async function ownAddressOf(
  app: App,
  value: string,
): Promise<{ address: string; name: string }> {
  const { subject } = await peekToken(app, "own_address", value);
  const [accountId = "", hash = ""] = subject.split(" ");
  const [account, own] = await Promise.all([
    read(app, keys.account(accountId)),
    read(app, keys.ownAddress(accountId, hash)),
  ]);
  if (account === null || own === null) throw linkNotFound();
  return { address: own.address, name: account.name };
}

/** Proves an address by the link that was mailed there, and tells the account's own address. @throws {AppError} `not_found`. */
export async function proveOwnAddress(app: App, value: string): Promise<void> {
  await transact(app, async (tx) => {
    const { subject } = await useToken(app, tx, "own_address", value);
    const [accountId = "", hash = ""] = subject.split(" ");
    const own = await tx.get(keys.ownAddress(accountId, hash));
    if (own === null) throw linkNotFound();
    const verified = { at: app.clock.now(), by: app.mailer.name };
    tx.set(keys.ownAddress(accountId, hash), { ...own, verified });
    await liftProven(app, tx, { address: own.address, by: accountId });
    await enqueue(app, tx, "email_account", {
      accountId,
      letter: "address_added",
      about: masked(own.address),
    });
  });
}

/** Takes an address off an account. @throws {AppError} `not_found`. */
export async function removeOwnAddress(
  app: App,
  { accountId, id }: { accountId: string; id: string },
): Promise<void> {
  await transact(app, async (tx) => {
    const key = keys.ownAddress(accountId, id.slice(0, 64));
    if (await tx.get(key) === null) throw notFound("address");
    tx.delete(key);
  });
}
