import type { App } from "../../core/app.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { readText } from "../../kv/parts.ts";
import { list, readMany } from "../../kv/read.ts";
import type { Account, Delivery, Mailing, Note, Reminder } from "../../kv/schema.ts";
import { csvLine } from "./csv.ts";
import { icsCalendar } from "./ics_calendar.ts";
import { noteFile, noteFileName } from "../notes/note_file.ts";
import { factorsOf } from "../factors/factors.ts";
import { preferencesOf } from "../accounts/preferences.ts";
import { reminderInFile } from "../reminders/reminder_file.ts";
import { iso } from "../reminders/reminder_views.ts";
import type { NewEntry } from "./zip.ts";

/** Reminders in one file: with the longest texts they stay below what is read back. */
const REMINDERS = 200;
/** Notes that are read together. */
const NOTES = 20;

/** Of what file this is; raised when it would be read differently. */
export const FORMAT = { format: "clock-work", version: 1 } as const;

/** How many notes there are, for the progress. */
export async function noteCount(app: App, { id }: Account): Promise<number> {
  return (await list(app, ranges.notesOf(id))).length;
}

/** Everything that an account holds, file by file: docs/export.md says how they are read. */
export async function* exportEntries(app: App, account: Account): AsyncGenerator<NewEntry> {
  const at = app.clock.now();
  const file = (name: string, text: string): NewEntry => ({
    name,
    bytes: new TextEncoder().encode(text),
    at,
  });
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  yield file("account.json", json(await accountInFile(app, account)));
  const reminders = await remindersOf(app, account);
  for (let i = 0; i < reminders.length; i += REMINDERS) {
    const some = reminders.slice(i, i + REMINDERS).map(reminderInFile);
    yield file(`reminders/${String(1 + i / REMINDERS).padStart(3, "0")}.json`, json(some));
  }
  const host = new URL(app.config.origin).hostname;
  yield file("reminders.ics", icsCalendar(reminders, { now: at, host }));
  yield file("deliveries.csv", await deliveriesTable(app, account, reminders));
  const ids = await list(app, ranges.notesOf(account.id));
  for (let i = 0; i < ids.length; i += NOTES) {
    const notes = await readMany<Note>(app, ids.slice(i, i + NOTES).map((id) => keys.note(id)));
    for (const note of notes.filter(({ deletedAt }) => deletedAt === null)) {
      const text = await readText(app, note.parts, (part) => keys.noteText(note.id, part));
      const entry = file(`notes/${noteFileName(note)}`, noteFile(note, text));
      yield { ...entry, at: note.updatedAt };
    }
  }
}

/** Who one is and whom one may mail. */
async function accountInFile(app: App, account: Account) {
  const [preferences, factors, consents, own] = await Promise.all([
    preferencesOf(app, account.id),
    factorsOf(app, account.id),
    list(app, ranges.consentsOf(account.id)),
    list(app, ranges.ownAddressesOf(account.id)),
  ]);
  return {
    ...FORMAT,
    exportedAt: iso(app.clock.now()),
    profile: {
      email: account.email,
      name: account.name,
      zone: account.zone,
      role: account.role,
      createdAt: iso(account.createdAt),
    },
    preferences,
    secondFactors: {
      app: factors.totp && { addedAt: iso(factors.totp.addedAt) },
      passkeys: factors.passkeys.map(({ name, addedAt, usedAt }) => ({
        name,
        addedAt: iso(addedAt),
        usedAt: usedAt && iso(usedAt),
      })),
      recoveryCodesLeft: factors.codes.length,
    },
    addresses: own.map(({ address, addedAt, verified }) => ({
      address,
      addedAt: iso(addedAt),
      verifiedAt: verified && iso(verified.at),
    })),
    recipients: consents.map(({ address, state, invitedAt, decidedAt }) => ({
      address,
      state,
      invitedAt: iso(invitedAt),
      decidedAt: decidedAt && iso(decidedAt),
    })),
  };
}

async function remindersOf(app: App, { id }: Account): Promise<Reminder[]> {
  const ids = await list(app, ranges.remindersOf(id));
  return await readMany(app, ids.map((one) => keys.reminder(one)));
}

/** What became of every message, as a table. */
async function deliveriesTable(
  app: App,
  { id }: Account,
  reminders: readonly Reminder[],
): Promise<string> {
  const lines = [csvLine(["at", "about", "title", "by", "to", "state", "reason", "tries"])];
  const add = (about: string, title: string, deliveries: readonly Delivery[]) => {
    for (const { ledger, channel, to, state, reason, attempts, triedAt } of deliveries) {
      const at = triedAt ?? ledger.at(-1)?.at ?? 0;
      lines.push(csvLine([iso(at), about, title, channel, to, state, reason ?? "", attempts]));
    }
  };
  for (const jobId of await list(app, ranges.mailingsOf(id))) {
    const [mailing] = await readMany<Mailing>(app, [keys.mailing(jobId)]);
    if (mailing) add("note", mailing.title, await list(app, ranges.deliveriesOf(jobId)));
  }
  for (const reminder of reminders) {
    for (const { jobs } of await list(app, ranges.occurrencesOf(reminder.id))) {
      for (const jobId of jobs) {
        add("reminder", reminder.title, await list(app, ranges.deliveriesOf(jobId)));
      }
    }
  }
  return lines.join("");
}
