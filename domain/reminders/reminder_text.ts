import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Reminder } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { hasQuotas } from "../mail/quotas.ts";
import { countText, textHash } from "../mail/same_text.ts";
import { othersOf } from "../recipients/own_addresses.ts";
import type { SoundDraft } from "./reminder_draft.ts";

/**
 * Counts the words by which a member wants to remind others, before they are kept: a text that many
 * members send is held when the first of them rings. An edit counts for those to whom it is new. A
 * commit of its own, so what is not kept after all has been counted all the same.
 */
export async function countReminderText(
  app: App,
  ownerId: string,
  { title, text, channels, schedule }: SoundDraft,
  before?: Reminder,
): Promise<void> {
  if (channels.mail.length === 0 || !hasQuotas(app)) return;
  const account = await read(app, keys.account(ownerId));
  if (account === null) return;
  const hash = await textHash(app, { title, text });
  const same = before !== undefined && await textHash(app, before) === hash;
  const known = same ? before.channels.mail : [];
  const others = await othersOf(app, account, channels.mail);
  const recipients = others.filter((address) => !known.includes(address)).length;
  if (recipients === 0) return;
  const counted = { hash, accountId: ownerId, recipients, at: schedule.startAt };
  await transact(app, (tx) => countText(app, tx, counted));
}
