import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import type { Consent, SuppressionCause } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { masked } from "./address_hash.ts";
import type { Spelling } from "./addressee.ts";
import { countInDay } from "../mail/mail_days.ts";
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
 * everybody, from all spellings of the mailbox.
 *
 * @throws {AppError} `not_found` when nobody asked.
 */
export async function decide(
  app: App,
  tx: Tx,
  { ownerId, reply, ...to }: Spelling & { ownerId: string; reply: Reply },
): Promise<void> {
  const { hash } = to;
  const consent = await tx.get(keys.consent(ownerId, hash));
  if (consent === null) throw linkNotFound();
  const state = reply === "accept" ? "accepted" : "refused";
  const moved = reply === "accept"
    ? await letIn(app, tx, consent, to)
    : await shutOut(app, tx, consent, { ...to, everybody: reply === "never" });
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
async function letIn(app: App, tx: Tx, { ownerId }: Consent, to: Spelling): Promise<boolean> {
  const one = await lift(app, tx, to, { scope: `sender:${ownerId}`, causes: TAKEN_BACK });
  const all = await lift(app, tx, to, { scope: "all", causes: ["never"] });
  return one || all;
}

/** @returns whether that was not so before. */
async function shutOut(
  app: App,
  tx: Tx,
  { ownerId, address }: Consent,
  { everybody, ...spelling }: Spelling & { everybody: boolean },
): Promise<boolean> {
  const to = { ...spelling, shown: masked(address) };
  const one = await suppress(app, tx, to, { scope: `sender:${ownerId}`, cause: "refused" });
  const all = everybody && await suppress(app, tx, to, { scope: "all", cause: "never" });
  return one || all;
}
