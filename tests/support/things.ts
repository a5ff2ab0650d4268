import { newId } from "../../core/ids.ts";
import { listSuppressions, suppressAddress } from "../../domain/admin/admin_suppressions.ts";
import { broadcastCounts } from "../../domain/broadcasts/broadcast_members.ts";
import { requestExport } from "../../domain/data/exports.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote, deleteNote } from "../../domain/notes/notes.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { markDone, occurrenceId, occurrenceRef } from "../../domain/reminders/occurrences.ts";
import { cancelReminder, createReminder } from "../../domain/reminders/reminders.ts";
import { textHash } from "../../domain/mail/same_text.ts";
import { scheduleAtInstant } from "../../domain/when/repeat.ts";
import { startSession } from "../../domain/accounts/sessions.ts";
import { setUpToken } from "../../domain/accounts/set_up.ts";
import { signLink } from "../../domain/accounts/signed_links.ts";
import { addresseeOf } from "../../domain/recipients/addressee.ts";
import { suppress } from "../../domain/recipients/suppressing.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { confirmBroadcast, written } from "./broadcasts.ts";
import { passkeyOf } from "./factor.ts";
import { asked, further, type Make, rights, type World } from "./rights.ts";

export type { World } from "./rights.ts";

const HOUR_MS = 3_600_000;

const note: Make = async (t, { id: ownerId }) =>
  (await createNote(t.app, { ownerId, title: "Private", text: "words" })).id;

/** Of one note to oneself; it waits. */
const mailing: Make = async (t, owner) =>
  await requestMailing(t.app, {
    noteId: await note(t, owner),
    ownerId: owner.id,
    to: [owner.email],
  });

const sentMailing: Make = async (t, owner) => {
  const id = await mailing(t, owner);
  await t.drain();
  return id;
};

/** One that was given up, with nobody reached. */
const lostMailing: Make = async (t, owner) => {
  const id = await sentMailing(t, owner);
  await transact(t.app, async (tx) => {
    const [job, delivery] = [await tx.get(keys.job(id)), await tx.get(keys.delivery(id, 0))];
    if (job === null || delivery === null) throw new Error("There is no such mailing");
    tx.set(keys.job(id), { ...job, state: "discarded", reason: "given up" });
    tx.set(keys.delivery(id, 0), { ...delivery, state: "failed", reason: "given up" });
  });
  return id;
};

const reminder: Make = async (t, { id: ownerId }) => {
  const { id } = await createReminder(t.app, {
    ownerId,
    title: "Private",
    schedule: scheduleAtInstant("UTC", t.app.clock.now() + HOUR_MS),
    channels: { page: true, telegram: false, mail: [] },
  });
  return id;
};

const occurrence: Make = async (t, owner) => {
  const reminderId = await reminder(t, owner);
  const { nextAt } = (await read(t.app, keys.reminder(reminderId)))!;
  return occurrenceId({ reminderId, dueAt: nextAt! });
};

const doneOccurrence: Make = async (t, owner) => {
  const id = await occurrence(t, owner);
  await markDone(t.app, { ...occurrenceRef(id)!, ownerId: owner.id }, "page");
  return id;
};

const letter: Make = async (t, owner) => `${await sentMailing(t, owner)}-0`;

const broadcast: Make = async (t, { id }) => (await written(t, (await anAdmin(t, id))!)).id;

/** Whoever is asked for if they are one; members have none of their own. */
async function anAdmin(t: World, id: string): Promise<Account> {
  const account = await read(t.app, keys.account(id));
  if (account?.role === "admin") return account;
  return await t.person(`Author${newId()}`, { role: "admin" });
}

const member: Make = async (t) => (await t.person(`Other${newId()}`)).id;

/** How to get one of everything that an address can name. */
export const things = {
  note,
  mailing,
  sentMailing,
  lostMailing,
  reminder,
  occurrence,
  broadcast,
  deletedNote: async (t, owner) => {
    const id = await note(t, owner);
    await deleteNote(t.app, { id, ownerId: owner.id });
    return id;
  },
  notification: async (t, owner) => {
    await sentMailing(t, owner);
    const { items } = await listNotifications(t.app, { accountId: owner.id });
    return items[0]!.id;
  },
  letter,
  letterRight: async (t, owner) =>
    await rights.letterOf(t, { ...owner, id: await letter(t, owner) }),
  endedReminder: async (t, owner) => {
    const id = await reminder(t, owner);
    await cancelReminder(t.app, { id, ownerId: owner.id }, "page");
    return id;
  },
  doneOccurrence,
  reminderWithDoneTime: async (t, owner) => (await doneOccurrence(t, owner)).split("-")[0]!,
  session: async (t, { id: accountId, epoch }) => {
    return (await startSession(t.app, { accountId, epoch, agent: "Other/1.0" })).session.id;
  },
  announcement: async (t, owner) => {
    const id = await broadcast(t, owner);
    const { version, authorId } = (await read(t.app, keys.broadcast(id)))!;
    const { members } = await broadcastCounts(t.app, {
      channels: { mail: false, telegram: false },
    });
    const asked = { id, adminId: authorId!, version, members };
    const { nextAt } = await confirmBroadcast(t.app, asked);
    await t.drain();
    return `${id}-${nextAt!.toString(36)}`;
  },
  reminderLink: async (t, owner) => {
    const name = occurrenceRef(await occurrence(t, owner))!;
    return await signLink(t.app, { ...name, act: "done", ringAt: name.dueAt, ownerId: owner.id });
  },
  ...rights,
  member,
  suspendedMember: async (t) =>
    (await t.person(`Shut${newId()}`, { suspended: { at: 1, by: "x" } })).id,
  furtherAddress: further,
  passkey: passkeyOf,
  recipient: (t, owner) => asked(t, owner, `to.${newId()}@example.org`),
  /** Somebody who has asked this person whether they may write. */
  asker: async (t, owner) => {
    const other = await t.person(`Asking${newId()}`);
    await asked(t, other, owner.email);
    return other.id;
  },
  suppression: async (t, owner) => {
    const by = (await anAdmin(t, owner.id))!;
    const address = `gone.${newId()}@example.org`;
    await suppressAddress(t.app, { address, by });
    const { items } = await listSuppressions(t.app, { by, address });
    return items[0]!.ref;
  },
  /** What was stopped for this person's address, as the page names it. */
  stopped: async (t, { email }) => {
    const to = await addresseeOf(t.app, email);
    const news = { scope: "broadcasts", cause: "unsubscribe" } as const;
    await transact(t.app, (tx) => suppress(t.app, tx, to, news));
    return to.hash;
  },
  exportFile: async (t, { id: accountId }) => {
    const id = await requestExport(t.app, { accountId });
    await t.drain();
    return id;
  },
  heldText: async (t) => {
    const hash = await textHash(t.app, { title: "", text: newId() });
    const held = { hash, by: [], heldAt: t.app.clock.now(), decided: null };
    await transact(t.app, (tx) => tx.set(keys.sameText(hash), held));
    return hash;
  },
  setUp: async (t) => (await setUpToken(t.app)) ?? newId(),
} satisfies Record<string, Make>;
export type Thing = keyof typeof things;
