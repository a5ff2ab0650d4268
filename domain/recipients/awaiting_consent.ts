import type { App } from "../../core/app.ts";
import { poke } from "../../jobs/poke.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Delivery } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { GO, type Leave, type Leaving, MOST_WAIT_MS, never } from "../mail/leave.ts";
import { isOfDomain } from "./recipients.ts";

/** Whether a recipient wants this member's mail; a note waits for the answer to an invitation. */
export async function hasAgreed(
  app: App,
  tx: Tx,
  { kind, ownerId, askedAt }: Leaving,
  { hash, delivery: { to, jobId } }: { hash: string; delivery: Delivery },
): Promise<Leave> {
  const needed = kind === "note" || kind === "reminder";
  if (!needed || ownerId === null || !app.config.recipientCheck || isOfDomain(app, to)) return GO;
  const consent = await tx.get(keys.consent(ownerId, hash));
  const awaiting = keys.awaitingConsent(ownerId, hash, jobId);
  if (consent?.state === "accepted") return GO;
  const until = askedAt + MOST_WAIT_MS;
  if (consent?.state === "invited" && kind === "note" && app.clock.now() < until) {
    tx.set(awaiting, jobId);
    return { is: "wait", until, reason: "was asked and has not answered yet", awaits: "consent" };
  }
  if (kind === "note") tx.delete(awaiting);
  return never("has not agreed to be mailed by you");
}

/** Somebody has agreed: what waited for it is looked at now. */
export async function pokeAwaiting(
  app: App,
  { ownerId, hash }: { ownerId: string; hash: string },
): Promise<void> {
  for (const jobId of await list(app, ranges.awaitingConsent(ownerId, hash))) {
    await transact(app, async (tx) => {
      tx.delete(keys.awaitingConsent(ownerId, hash, jobId));
      await poke(app, tx, jobId);
    });
  }
}
