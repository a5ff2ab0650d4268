import { addressHash } from "../../domain/recipients/address_hash.ts";
import { addresseeOf } from "../../domain/recipients/addressee.ts";
import { sha256 } from "../../domain/accounts/digest.ts";
import { signStop, type StopLink } from "../../domain/recipients/stop_links.ts";
import { issueToken, tokenValue } from "../../domain/accounts/tokens.ts";
import { keys } from "../../kv/keys.ts";
import type { Account, Consent, TokenPurpose } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import type { TestApp } from "./app.ts";

const HOUR_MS = 3_600_000;

/** Where things are made: the app of a test, or one behind a real port. */
export type World = Pick<TestApp, "app" | "drain" | "person">;

export type Make = (t: World, owner: Account) => Promise<string>;

/** The right to do one thing, as a letter would carry it. */
async function right(
  t: World,
  purpose: TokenPurpose,
  { subject, epoch }: { subject: string; epoch?: number },
): Promise<string> {
  const token = { purpose, subject, epoch, lifeMs: HOUR_MS };
  const tokenId = await transact(t.app, (tx) => issueToken(t.app, tx, token));
  return await tokenValue(t.app, purpose, tokenId);
}

/** Whether a member may mail an address: asked, with no answer yet. @returns the address's hash. */
export async function asked(t: World, owner: Account, address: string): Promise<string> {
  const hash = await addressHash(t.app, address);
  const now = t.app.clock.now();
  const consent: Consent = {
    ownerId: owner.id,
    address,
    state: "invited",
    invitedAt: now,
    decidedAt: null,
  };
  await transact(t.app, (tx) => {
    tx.set(keys.consent(owner.id, hash), consent);
    tx.set(keys.consentByAddress(hash, owner.id), owner.id);
  });
  return hash;
}

/** A further address of somebody's, not proven yet. @returns its hash. */
export async function further(t: World, { id: accountId }: Account): Promise<string> {
  const address = `further.${accountId}@example.org`;
  const hash = await addressHash(t.app, address);
  const own = { accountId, address, addedAt: t.app.clock.now(), verified: null };
  await transact(t.app, (tx) => tx.set(keys.ownAddress(accountId, hash), own));
  return hash;
}

/** The right to stop mail, as a letter of a member to this person carries it. */
const stopRight: Make = async (t, { email }) => {
  const sender = await t.person(`Sender${Math.random().toString(36).slice(2)}`);
  const to = await addresseeOf(t.app, email);
  const link: StopLink = { ...to, stops: "sender", senderId: sender.id };
  return await signStop(t.app, link);
};

/** The rights that links carry: whoever has the link has them. */
export const rights = {
  activation: (t, { id }) => right(t, "activate", { subject: id }),
  reset: (t, { id, epoch }) => right(t, "reset", { subject: id, epoch }),
  signIn: (t, { id, epoch }) => right(t, "sign_in", { subject: id, epoch }),
  newEmail: async (t, { id, epoch }) => {
    const value = await right(t, "email_change", { subject: id, epoch });
    const until = t.app.clock.now() + HOUR_MS;
    const linked = { address: `other.${id}@example.org`, hash: await sha256(value), until };
    await transact(t.app, (tx) => tx.set(keys.emailChange(id), { asked: linked, kept: [] }));
    return value;
  },
  oldEmail: async (t, { id, email: address, verified }) => {
    const value = await right(t, "email_keep", { subject: id });
    const until = t.app.clock.now() + HOUR_MS;
    const kept = [{ address, hash: await sha256(value), until, verified }];
    await transact(t.app, (tx) => tx.set(keys.emailChange(id), { asked: null, kept }));
    return value;
  },
  proof: async (t, owner) =>
    await right(t, "own_address", { subject: `${owner.id} ${await further(t, owner)}` }),
  invitation: async (t, owner) => {
    const hash = await asked(t, owner, "somebody@example.org");
    return await right(t, "invitation", { subject: `${owner.id} ${hash}` });
  },
  letterOf: (t, { id }) => right(t, "outbox", { subject: id }),
  stop: stopRight,
} satisfies Record<string, Make>;
