import type { App } from "../../core/app.ts";
import { notFound } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Account, Consent } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { pokeAwaiting } from "./awaiting_consent.ts";
import { decide, type Reply } from "./consent_reply.ts";
import { provenAddresses } from "./own_addresses.ts";
import { wantsNothing } from "./suppressions.ts";
import { linkNotFound, peekToken } from "../accounts/tokens.ts";
import { addresseeOf, type Spelling } from "./addressee.ts";

/** What an invitation asks, and what was answered so far. */
export interface Invitation {
  /** Who would like to write. */
  from: string;
  state: Consent["state"];
  /** The address wants nothing from anyone. */
  never: boolean;
}

/** What the link of an invitation is about. @throws {AppError} `not_found`. */
export async function invitationOf(app: App, value: string): Promise<Invitation> {
  const { ownerId, hash, box } = await pairOf(app, value);
  const [owner, consent, all] = await Promise.all([
    read(app, keys.account(ownerId)),
    read(app, keys.consent(ownerId, hash)),
    read(app, keys.suppression(box, "all")),
  ]);
  if (owner === null || owner.closedAt !== undefined || consent === null) throw linkNotFound();
  return { from: owner.name, state: consent.state, never: wantsNothing(all) };
}

/**
 * Answers an invitation by its link, also again and otherwise while the link lives. Accepting lets go
 * what waits.
 *
 * @throws {AppError} `not_found`.
 */
export async function answerByLink(app: App, value: string, reply: Reply): Promise<Invitation> {
  await answer(app, { ...await pairOf(app, value), reply });
  return await invitationOf(app, value);
}

/** Who has asked somebody, by all their proven addresses, and what they answered. */
export interface Asker {
  ownerId: string;
  name: string;
  /** "refused" only when all of the addresses are. */
  state: Consent["state"];
  /** Of the last answer, else of the question. */
  at: number;
}

/** Everybody who may mail this person, or asked to. */
export async function askersOf(app: App, account: Account): Promise<Asker[]> {
  const askers = new Map<string, Asker>();
  for (const { ownerId, consent } of await asked(app, account)) {
    const owner = await read(app, keys.account(ownerId));
    if (owner === null || owner.closedAt !== undefined) continue;
    const { state, decidedAt, invitedAt } = consent;
    const before = askers.get(ownerId);
    const one = { ownerId, name: owner.name, state, at: decidedAt ?? invitedAt };
    if (before === undefined || rank[state] < rank[before.state]) askers.set(ownerId, one);
  }
  return [...askers.values()].sort((a, b) => b.at - a.at);
}

const rank: Record<Consent["state"], number> = { accepted: 0, invited: 1, refused: 2 };

/**
 * Answers a member for all one's addresses that they have asked.
 *
 * @throws {AppError} `not_found` when they have asked none.
 */
export async function answerMember(
  app: App,
  account: Account,
  { ownerId, reply }: { ownerId: string; reply: Reply },
): Promise<void> {
  const all = isId(ownerId) ? await asked(app, account) : [];
  const theirs = all.filter((one) => one.ownerId === ownerId);
  if (theirs.length === 0) throw notFound("person");
  for (const { hash, box } of theirs) await answer(app, { ownerId, hash, box, reply });
}

async function asked(app: App, account: Account) {
  const found: (Pair & { consent: Consent })[] = [];
  for (const address of await provenAddresses(app, account)) {
    const { hash, box } = await addresseeOf(app, address);
    for (const ownerId of await list(app, ranges.consentsByAddress(hash))) {
      const consent = await read(app, keys.consent(ownerId, hash));
      if (consent) found.push({ ownerId, hash, box, consent });
    }
  }
  return found;
}

async function answer(app: App, given: Pair & { reply: Reply }): Promise<void> {
  await transact(app, (tx) => decide(app, tx, given));
  await pokeAwaiting(app, given); // whatever was answered: who refused is waited for in vain
}

/** A member and an address that they asked. */
interface Pair extends Spelling {
  ownerId: string;
}

async function pairOf(app: App, value: string): Promise<Pair> {
  const { subject } = await peekToken(app, "invitation", value);
  const [ownerId = "", hash = "", box = hash] = subject.split(" ");
  return { ownerId, hash, box };
}
