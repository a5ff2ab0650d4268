import { addressHash } from "../../domain/recipients/address_hash.ts";
import { askFirst } from "../../domain/recipients/invitations.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { addOwnAddress } from "../../domain/recipients/own_addresses.ts";
import { createReminder } from "../../domain/reminders/reminders.ts";
import { scheduleAtInstant } from "../../domain/when/repeat.ts";
import { catalog, type Payload } from "../../jobs/catalog.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import type { TestApp } from "./app.ts";
import { confirmBroadcast, written } from "./broadcasts.ts";
import { hours, minutes } from "./clock.ts";
import { liveLink } from "./letter_links.ts";
import { linkChat } from "./reminders.ts";
import { spoilStore } from "./spoil.ts";

/** All letters there are about an account. */
export const accountLetters = catalog.email_account.payload.shape.letter.options;

/** Those that say what they are about: a browser, an address. */
const ABOUT = ["new_device", "email_asked", "email_changed"] as const;

/** Where addresses are the text, nothing could leave. */
const ADDRESSES = ["to", "address", "email"];

export interface Leaving {
  strings: readonly string[];
  /** One that holds all of them, where there is room. */
  all?: string;
  /** The number of the first member's chat; without it nobody has one. */
  chats?: number;
}

/** How many strings one member writes down: fewer members take less time. */
const EACH = 5;

/**
 * Has every kind of letter and message sent, with hostile strings wherever people's words stand: as a
 * title, as a text, as a name, as a browser. Each of them is a note of its own; of what else there is
 * each has every fifth, and one has all.
 */
export async function sendAll(t: TestApp, leaving: Leaving): Promise<void> {
  await announceAll(t, leaving); // while there is one to hear it
  const { strings, all, chats } = leaving;
  for (let i = 0; i < strings.length; i += EACH) {
    const member = await t.person(`Member${i}`);
    if (chats !== undefined) await linkChat(t.app, member, chats + i);
    await ask(t, member, { i, texts: strings.slice(i, i + EACH) });
  }
  for (const letter of accountLetters) {
    const reader = await t.person(`Reader${letter.replaceAll("_", "")}`);
    await write(t, reader, { letter, about: strings[0] });
  }
  await spoilStore(t.app, { strings, all, except: ADDRESSES });
  for (const ms of [0, minutes(2), minutes(2), minutes(2)]) {
    t.clock.advance(ms);
    await t.drain();
  }
}

async function announceAll(t: TestApp, { strings, all, chats }: Leaving): Promise<void> {
  const { app } = t;
  const root = await t.person("Root", { role: "admin" });
  if (chats !== undefined) await linkChat(app, root, chats - 1);
  const drafts = [];
  for (let i = 0; i < strings.length; i += EACH) {
    drafts.push(await written(t, root, { title: `${i}`, text: `${i}` }));
  }
  await spoilStore(app, { strings, all, except: ADDRESSES });
  for (const { id, version } of drafts) {
    t.clock.advance(hours(2)); // nobody gets more than so many letters a day
    await confirmBroadcast(app, { id, adminId: root.id, version, members: 1 });
    await t.drain();
  }
}

/** What one member asks for, and what comes to them by itself. */
async function ask(
  t: TestApp,
  member: Account,
  { i, texts }: { i: number; texts: readonly string[] },
): Promise<void> {
  const { app } = t;
  const { id: ownerId, email } = member;
  const friend = `friend${i}@example.net`;
  await agreed(app, ownerId, friend);
  for (const [nth, text] of texts.entries()) {
    const note = await createNote(app, { ownerId, title: `${i}`, text });
    const to = nth === 0 ? [email, friend] : [email];
    await requestMailing(app, { noteId: note.id, ownerId, to });
  }
  const [text = ""] = texts;
  await createReminder(app, {
    ownerId,
    title: `${i}`,
    text: `${i}`,
    schedule: scheduleAtInstant("UTC", app.clock.now() + minutes(1)),
    channels: { page: true, telegram: true, mail: [email, friend] },
  });
  await askFirst(app, { ownerId, to: [`asked${i}@example.net`] });
  await addOwnAddress(app, { accountId: ownerId, text: `further${i}@example.net` });
  await write(t, member, { letter: ABOUT[i % ABOUT.length]!, about: text });
  const news = { accountId: ownerId, title: text, text, href: "/inbox" };
  await transact(app, async (tx) => void await enqueue(app, tx, "tell_chat", news));
}

/** Has a letter about an account sent, with a link that works where it is about one. */
async function write(
  t: TestApp,
  account: Account,
  { letter, about }: Pick<Payload<"email_account">, "letter" | "about">,
): Promise<void> {
  const tokenId = await liveLink(t, letter, account);
  const payload = { accountId: account.id, letter, about, tokenId };
  await transact(t.app, async (tx) => void await enqueue(t.app, tx, "email_account", payload));
}

async function agreed(app: TestApp["app"], ownerId: string, address: string): Promise<void> {
  const hash = await addressHash(app, address);
  const now = app.clock.now();
  await transact(app, (tx) => {
    const answer = { state: "accepted", invitedAt: now, decidedAt: now } as const;
    tx.set(keys.consent(ownerId, hash), { ownerId, address, ...answer });
    tx.set(keys.consentByAddress(hash, ownerId), ownerId);
  });
}
