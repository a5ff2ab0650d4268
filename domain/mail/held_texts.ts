import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, readMany } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { mustBeAdmin, requireAdmin } from "../admin/admins.ts";
import { audit } from "../admin/audit.ts";
import { sumOf } from "./same_text.ts";

/** A text that is held because several members mail it: who, and to how many, but not what it says. */
export interface HeldText {
  /** Names it. */
  ref: string;
  heldAt: number;
  recipients: number;
  /** Those who are still there. */
  senders: { id: string; name: string }[];
}

/** What waits for an admin's word, the newest first. @throws {AppError} `not_found`. */
export async function heldTexts(app: App, { by }: { by: Account }): Promise<HeldText[]> {
  mustBeAdmin(by);
  const waiting = (await list(app, ranges.sameTexts)).filter(({ decided }) => decided === null);
  const held = await Promise.all(waiting.flatMap((text) => {
    const { hash: ref, heldAt } = text;
    if (heldAt === null) return [];
    const senders = readMany(app, text.by.map(({ accountId }) => keys.account(accountId)));
    return senders.then((accounts) => ({
      ref,
      heldAt,
      recipients: sumOf(text),
      senders: accounts.map(({ id, name }) => ({ id, name })),
    }));
  }));
  return held.sort((a, b) => b.heldAt - a.heldAt);
}

/**
 * Says what becomes of a held text, also of what is asked for later.
 *
 * @throws {AppError} `not_found`, also for who is no admin; `conflict` when it has been said.
 */
export async function decideText(
  app: App,
  { ref, past, by }: { ref: string; past: "send" | "drop"; by: Account },
): Promise<void> {
  await transact(app, async (tx) => {
    const admin = await requireAdmin(tx, by.id, "text");
    const text = /^[\w-]{43}$/.test(ref) ? await tx.get(keys.sameText(ref)) : null;
    if (text === null || text.heldAt === null) throw notFound("text");
    if (text.decided !== null) {
      throw new AppError("conflict", "Cannot decide on this text: it was decided already");
    }
    tx.set(keys.sameText(ref), { ...text, decided: { at: app.clock.now(), past } });
    const facts = { past, senders: text.by.length, recipients: sumOf(text) };
    await audit(app, tx, { act: "text_decided", by: admin.id, facts });
  });
}
