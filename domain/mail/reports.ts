import type { App } from "../../core/app.ts";
import { idOf } from "../../core/ids.ts";
import { catalog } from "../../jobs/catalog.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account, Reported } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { audit } from "../admin/audit.ts";
import { addressHash } from "../recipients/address_hash.ts";
import { sentByRef } from "./letter_from.ts";
import { countInDay, DAY_MS, EVERYBODY } from "./mail_days.ts";
import { mailingText } from "./mailings.ts";
import { provenAddresses } from "../recipients/own_addresses.ts";
import { judgeSoon, noteComplaint } from "./senders.ts";
import { scopeOf, type StopLink } from "../recipients/stop_links.ts";
import { suppress } from "../recipients/suppressing.ts";
import { tellAdmins } from "../admin/tell_admins.ts";

/** How long admins can read what was reported, ms; as long as jobs are kept. */
const KEPT_MS = 90 * DAY_MS;
/** Of its text, in UTF-16 code units. */
const MOST_TEXT = 4_000;

/**
 * Reports a letter as unwanted: stops more like it, counts as a complaint against its sender, and
 * admins are told, who then can read it. Once for a reader and a sender; again it is no change. Who
 * reports a letter about their own account goes on getting those.
 *
 * @param ref names the message; nothing of it is shown if it did not go to this reader.
 */
export async function report(app: App, link: StopLink, ref: string): Promise<void> {
  const { stops, senderId, hash, box, shown } = link;
  const scope = scopeOf(link);
  const id = await idOf(`reported ${stops === "account" ? `${stops} ${senderId}` : scope} ${box}`);
  const sender = senderId === null ? null : await read(app, keys.account(senderId));
  const own = await isReadersOwn(app, link, sender);
  const said = await reportedText(app, link, ref);
  // An account that nobody has proven is nobody's yet: there is no one to hold it against.
  const against = own || sender?.verified === null ? null : sender;
  await transact(app, async (tx) => {
    // "All" goes beyond the letter: those that open an account of its reader's own must still arrive.
    const cause = scope === "all" ? "never" : "complaint";
    if (!own) await suppress(app, tx, link, { scope, cause });
    if (await tx.get(keys.job(id)) !== null) return;
    await tellAdmins(app, tx, {
      id,
      title: titleOf(link, sender),
      text: own
        ? `${shown} did not expect it.`
        : `${shown} did not want it, and gets no more of it.`,
      href: against === null ? "/admin/sending" : `/admin/members/${against.id}`,
    });
    await audit(app, tx, { act: "reported", about: senderId, facts: { shown } });
    await countInDay(app, tx, EVERYBODY, { complained: 1 });
    await judgeSoon(app, tx, against?.id ?? null);
    if (against === null) return;
    await countInDay(app, tx, against.id, { complained: 1 });
    await noteComplaint(app, tx, { accountId: against.id, box });
    if (said !== null) tx.set(keys.reported(against.id, hash), said);
  });
}

/** Whether the letter was about the reader's own account, as it also is at the address before. */
export async function isReadersOwn(
  app: App,
  { stops, hash }: StopLink,
  account: Account | null,
): Promise<boolean> {
  if (stops !== "account" || account === null) return false;
  const changes = await read(app, keys.emailChange(account.id));
  const before = changes?.kept.map(({ address }) => address) ?? [];
  const theirs = [...await provenAddresses(app, account), ...before];
  return (await Promise.all(theirs.map((one) => addressHash(app, one)))).includes(hash);
}

function titleOf({ stops }: StopLink, sender: Account | null): string {
  if (stops === "account") return "A letter about an account was reported";
  if (stops === "broadcasts") return "An announcement was reported";
  return sender === null ? "Mail was reported" : `Mail from ${sender.name} was reported`;
}

/** What the message said, if it is one of this sender's to this reader. */
async function reportedText(
  app: App,
  { senderId, hash, shown }: StopLink,
  ref: string,
): Promise<Reported | null> {
  const sent = await sentByRef(app, { ref });
  if (sent === null || senderId === null || sent.letter.ownerId !== senderId) return null;
  if (await addressHash(app, sent.delivery.to) !== hash) return null;
  const words = await wordsOf(app, sent.job);
  if (words === null) return null;
  const at = app.clock.now();
  const text = words.text.slice(0, MOST_TEXT).toWellFormed();
  return { at, shown, title: words.title, text, expiresAt: at + KEPT_MS };
}

async function wordsOf(
  app: App,
  { id, kind, payload }: { id: string; kind: string; payload: unknown },
): Promise<{ title: string; text: string } | null> {
  if (kind === "email_note") {
    const { mailing, text } = await mailingText(app, id);
    return { title: mailing.title, text };
  }
  const { data } = catalog.fire_reminder.payload.safeParse(payload);
  return kind === "fire_reminder" && data ? await read(app, keys.reminder(data.reminderId)) : null;
}
