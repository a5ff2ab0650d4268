import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import type { Consent, SuppressionCause } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { addressHash, masked } from "./address_hash.ts";
import { countInDay } from "../mail/mail_days.ts";
import { mailboxOf } from "./mailbox.ts";
import { notify } from "../notifications.ts";
import { judgeSoon } from "../mail/senders.ts";
import { lift, suppress } from "./suppressing.ts";
import { linkNotFound } from "../accounts/tokens.ts";

/** What somebody may answer who is asked whether they want a member's mail. */
export const REPLIES = ["accept", "refuse", "never"] as const;
export type Reply = typeof REPLIES[number];

/** What accepting takes back: one's own choices, never what became of mail. */
const TAKEN_BACK: readonly SuppressionCause[] = ["refused", "unsubscribe"];

/**
 * Writes down an answer; the same again changes nothing. Refusing shuts out the one who asked, "never"
 * everybody, also for other spellings of the mailbox.
 *
 * @throws {AppError} `not_found` when nobody asked.
 */
export async function decide(
  app: App,
  tx: Tx,
  { ownerId, hash, reply }: { ownerId: string; hash: string; reply: Reply },
): Promise<void> {
  const consent = await tx.get(keys.consent(ownerId, hash));
  if (consent === null) throw linkNotFound();
  const state = reply === "accept" ? "accepted" : "refused";
  const moved = reply === "accept"
    ? await letIn(app, tx, consent, hash)
    : await shutOut(app, tx, consent, { hash, everybody: reply === "never" });
  if (!moved && consent.state === state) return;
  const first = consent.decidedAt === null;
  const now = app.clock.now();
  tx.set(keys.consent(ownerId, hash), { ...consent, state, decidedAt: now });
  if (first && state === "refused") {
    await countInDay(app, tx, ownerId, { refused: 1 });
    await judgeSoon(app, tx, ownerId);
  }
  if (first && state === "accepted") {
    await notify(app, tx, ownerId, {
      kind: "account",
      title: consent.address || "Somebody you asked",
      text: "Agreed to be mailed by you",
      href: "/recipients",
    });
  }
}

/** @returns whether anything stood in the way. */
async function letIn(app: App, tx: Tx, { ownerId, address }: Consent, hash: string) {
  let lifted = await lift(app, tx, hash, { scope: `sender:${ownerId}`, causes: TAKEN_BACK });
  for (const one of await spellings(app, address, hash)) {
    lifted = await lift(app, tx, one, { scope: "all", causes: ["never"] }) || lifted;
  }
  return lifted;
}

/** @returns whether that was not so before. */
async function shutOut(
  app: App,
  tx: Tx,
  { ownerId, address }: Consent,
  { hash, everybody }: { hash: string; everybody: boolean },
): Promise<boolean> {
  const shown = masked(address);
  const scope = `sender:${ownerId}` as const;
  let shut = await suppress(app, tx, { hash, shown }, { scope, cause: "refused" });
  for (const one of everybody ? await spellings(app, address, hash) : []) {
    const all = { scope: "all", cause: "never" } as const;
    shut = await suppress(app, tx, { hash: one, shown }, all) || shut;
  }
  return shut;
}

/** The hashes of an address and of its mailbox, where that is spelled otherwise. */
async function spellings(app: App, address: string, hash: string): Promise<string[]> {
  if (address === "") return [hash]; // its member has forgotten it
  return [...new Set([hash, await addressHash(app, mailboxOf(address))])];
}
