import type { App } from "../../core/app.ts";
import { type Key, keys } from "../../kv/keys.ts";
import { readMany } from "../../kv/read.ts";
import type { Suppression, SuppressionCause, SuppressionScope } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { addresseeOf, type Spelling } from "./addressee.ts";

/** What a letter is about; decides what may keep it from an address. */
export type LetterKind =
  | "account"
  /** Written to an address because somebody says that it is theirs, be it so or not. */
  | "claim"
  | "invitation"
  | "note"
  | "reminder"
  | "broadcast";

/** Whose letter it is and what it is about. */
export interface LetterFrom {
  kind: LetterKind;
  /** The member whose it is; null for what the service writes itself. */
  ownerId: string | null;
}

/** What an address did not choose: nobody reads it, or its provider calls our mail spam. */
export const FORCED: readonly SuppressionCause[] = ["bounce", "soft_bounces", "complaint"];

/** The scopes that would keep such a letter away; one to oneself has no member behind it. */
export function scopesOf({ kind, ownerId }: LetterFrom): SuppressionScope[] {
  if (kind === "broadcast") return ["all", "broadcasts"];
  if (ownerId !== null) return ["all", `sender:${ownerId}`];
  if (kind === "reminder") return ["all", "reminders"];
  return kind === "note" ? ["all", "notes"] : ["all"];
}

/**
 * Where what keeps mail away is kept: what somebody chose, for all spellings of their mailbox, so that
 * nobody goes round it by another one. What a provider could not deliver it says of one spelling (of
 * the plain one that the mailbox is not there), and what one sends oneself goes to one address.
 */
export function placeOf(
  { hash, box }: Spelling,
  { scope, cause }: Pick<Suppression, "scope" | "cause">,
): Key<Suppression> {
  const ofSpelling = cause === "bounce" || cause === "soft_bounces" || !isOfMailbox(scope);
  return keys.suppression(ofSpelling ? hash : box, scope);
}

/** All places where something of these scopes may be; at most one more than there are scopes. */
export function placesOf(
  { hash, box }: Spelling,
  scopes: readonly SuppressionScope[],
): Key<Suppression>[] {
  return scopes.flatMap((scope) => {
    const first = keys.suppression(isOfMailbox(scope) ? box : hash, scope);
    return scope === "all" && hash !== box ? [first, keys.suppression(hash, scope)] : [first];
  });
}

/** Whether what is chosen of this holds for every spelling of a mailbox. */
export function isOfMailbox(scope: SuppressionScope): boolean {
  return scope === "all" || scope.startsWith("sender:");
}

/** Whether it keeps such a letter away now: letters about accounts come whatever somebody chose. */
export function applies(
  { cause, until, chosen }: Suppression,
  { kind }: LetterFrom,
  now: number,
): boolean {
  if (kind !== "account" && chosen) return true;
  return (until === null || until > now) && (kind !== "account" || FORCED.includes(cause));
}

/** What keeps a letter from an address, in a commit that fails if that changes; costs three checks at most. */
export async function suppressionIn(
  app: Pick<App, "clock">,
  tx: Tx,
  to: Spelling,
  letter: LetterFrom,
): Promise<Suppression | null> {
  for (const place of placesOf(to, scopesOf(letter))) {
    const found = await tx.get(place);
    if (found && applies(found, letter, app.clock.now())) return found;
  }
  return null;
}

/** What keeps a letter from an address at the moment. */
export async function suppressionFor(
  app: App,
  address: string,
  letter: LetterFrom,
): Promise<Suppression | null> {
  const places = placesOf(await addresseeOf(app, address), scopesOf(letter));
  const now = app.clock.now();
  return (await readMany(app, places)).find((one) => applies(one, letter, now)) ?? null;
}

/** Those of these addresses that no suppression keeps such a letter from. */
export async function reachable(
  app: App,
  to: readonly string[],
  letter: LetterFrom,
): Promise<string[]> {
  const kept = await Promise.all(to.map((address) => suppressionFor(app, address, letter)));
  return to.filter((_, i) => kept[i] === null);
}

/** Why a letter is not sent, for the member who wanted it; says no more than they need to know. */
export function whySuppressed({ cause, scope }: Suppression): string {
  if (cause === "bounce") return "mail to this address came back: nobody is there";
  if (cause === "soft_bounces") {
    return "mail to this address keeps coming back; it rests for a while";
  }
  if (scope === "reminders") return "you have stopped your reminders by mail";
  if (scope === "notes") return "you have stopped notes to yourself by mail";
  return scope === "broadcasts"
    ? "does not want announcements by mail"
    : "does not want mail from you";
}

/** The same to somebody whose own address it is: what is so, and where they can change it. */
export function whyOwnSuppressed({ cause, scope, chosen }: Suppression): string {
  const lift = "on your account page you can allow it again";
  if (cause === "admin" || chosen?.cause === "admin") {
    return "an admin has stopped mail to this address of yours";
  }
  if (scope === "reminders") return `you have stopped your reminders by mail; ${lift}`;
  if (scope === "notes") return `you have stopped notes to yourself by mail; ${lift}`;
  if (cause === "bounce" || cause === "soft_bounces") {
    return `mail to this address of yours came back; ${lift}`;
  }
  return cause === "complaint"
    ? `mail to this address of yours was reported as spam; ${lift}`
    : `you have stopped all mail to this address; ${lift}`;
}

/** Whether who reads the address wants nothing from anyone, whatever providers say of it beside. */
export function wantsNothing(found: Suppression | null): boolean {
  return found?.cause === "never" || found?.chosen?.cause === "never";
}
