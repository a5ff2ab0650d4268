import { askForLink } from "../../domain/accounts/account_links.ts";
import { addressHash } from "../../domain/recipients/address_hash.ts";
import { ask, keepCard } from "../../domain/chats/chat_cards.ts";
import { askForEmail } from "../../domain/accounts/email_change.ts";
import { requestExport } from "../../domain/data/exports.ts";
import { receiveImport } from "../../domain/data/imports.ts";
import { countInDay } from "../../domain/mail/mail_days.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote, deleteNote } from "../../domain/notes/notes.ts";
import { addOwnAddress } from "../../domain/recipients/own_addresses.ts";
import { DEFAULT_PREFERENCES, setPreferences } from "../../domain/accounts/preferences.ts";
import { startSession } from "../../domain/accounts/sessions.ts";
import { addresseeOf } from "../../domain/recipients/addressee.ts";
import { suppress } from "../../domain/recipients/suppressing.ts";
import { countTries } from "../../domain/accounts/tries.ts";
import { keys } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import type { TestApp } from "./app.ts";
import { confirmBroadcast, written } from "./broadcasts.ts";
import { passkeyOf, phoneOf } from "./factor.ts";
import { daily, linkChat, remind } from "./reminders.ts";
import { zipOf } from "./zips.ts";

/** Stands in everything that a person of `wholeLife` wrote. */
export const MARK = "xyzzy-planted-marker";
export const CHAT = 770_770_770;

/** Does what anybody can do here, so that every kind of record holds something of theirs. */
export async function wholeLife(t: TestApp, person: Account): Promise<void> {
  const { app } = t;
  const { id: ownerId, email } = person;
  const note = (i: number, text = MARK) =>
    createNote(app, { ownerId, title: `${MARK} ${i}`, text: `${text} ${i}` });
  const kept = await note(1, `${MARK} ${"long ".repeat(15_000)}`);
  await deleteNote(app, { id: (await note(2)).id, ownerId });
  const [from, network] = ["203.0.113.7", { agent: MARK, address: "203.0.113.7" }];
  await linkChat(app, person, CHAT);
  const to = [email, `${MARK}@example.net`];
  const jobId = await requestMailing(app, { noteId: kept.id, ownerId, to });
  const channels = { page: true, telegram: true, mail: to };
  await remind(app, person, { title: MARK, rule: daily, noteId: kept.id, channels });
  await keepCard(app, {
    chatId: CHAT,
    key: "k",
    card: { is: "notes", q: MARK, ids: [], next: null },
  });
  await ask(app, CHAT, { is: "addresses", noteId: kept.id });
  await setPreferences(app, ownerId, DEFAULT_PREFERENCES);
  await startSession(app, { accountId: ownerId, epoch: 0, ...network, by: "password" });
  await addOwnAddress(app, { accountId: ownerId, text: `${MARK}@home.example` });
  await askForEmail(app, { account: person, email: `${MARK}@new.example`, address: from });
  await askForLink(app, { letter: "reset", email, address: from });
  const notes = zipOf({ "notes/a.md": `# ${MARK}` });
  await receiveImport(app, { accountId: ownerId, pieces: ReadableStream.from([notes]) });
  await t.drain();
  await requestExport(app, { accountId: ownerId });
  await phoneOf(t, person);
  await passkeyOf(t, person);
  const { id, version } = await written(t, person);
  await confirmBroadcast(app, { id, adminId: ownerId, version, members: 2 });
  await countTries(app, [{ limit: { what: "x", cannot: "x", most: [] }, who: email }]);
  await plant(t, person, jobId);
}

/** What needs real mail, a phone, or time. */
async function plant(
  { app }: TestApp,
  { id: ownerId, email, createdAt }: Account,
  jobId: string,
): Promise<void> {
  const hash = await addressHash(app, "friend@example.net");
  await transact(app, async (tx) => {
    const address = `${MARK}@example.net`;
    const asked = { ownerId, address, state: "invited", invitedAt: 0, decidedAt: null } as const;
    tx.set(keys.consent(ownerId, hash), asked);
    tx.set(keys.consentByAddress(hash, ownerId), ownerId);
    tx.set(keys.invited(ownerId, hash), 1);
    tx.set(keys.awaitingConsent(ownerId, hash, "job"), "job");
    tx.set(keys.accountUnproven(createdAt, ownerId), ownerId);
    tx.set(keys.chatProgress(jobId), { chatId: CHAT, messageId: 1 });
    tx.set(keys.demo(ownerId, 0), "job");
    tx.set(keys.sender(ownerId), { paused: null, perDay: 7 });
    await countInDay(app, tx, ownerId, { sent: 1 });
    const chat = { chatId: CHAT, name: MARK, username: null };
    const yes = { confirmedInChat: true, confirmedOnPage: true };
    const link = { accountId: ownerId, seed: "s", sessionId: "s", expiresAt: Infinity, chat };
    for (const linkId of ["old", "new"]) tx.set(keys.chatLink(linkId), { ...link, ...yes });
    tx.set(keys.chatLinkOf(ownerId), "new");
    const by = [{ accountId: ownerId, recipients: 1, at: app.clock.now() }];
    tx.set(keys.sameText("text"), { hash: "text", by, heldAt: null, decided: null });
    const said = { at: 0, shown: "f…@example.net", title: MARK, text: MARK, expiresAt: Infinity };
    tx.set(keys.reported(ownerId, hash), said);
    const own = await addresseeOf(app, email);
    await suppress(app, tx, own, { scope: "broadcasts", cause: "unsubscribe" });
    tx.set(keys.softBounces(own.hash), { at: [0] });
  });
}
