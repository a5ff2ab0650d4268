import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import type { ImportReport } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import type { ImportItem } from "./import_items.ts";
import { importNote } from "../notes/note_import.ts";
import { importReminder, soundReminder } from "../reminders/reminder_import.ts";
import { countReminderText } from "../reminders/reminder_text.ts";

/** Reasons that are kept for who brought the file. */
const MOST_REASONS = 20;
const REASON_CHARS = 200;

/** Writes one thing of a file, and returns the report with it. @throws {AppError} for what may not be. */
export type ItemWrite = (tx: Tx, report: ImportReport) => Promise<ImportReport>;

/**
 * Reads one thing of a file, for the commit that keeps it.
 *
 * @throws {AppError} for what cannot be read.
 */
export async function readItem(
  app: App,
  ownerId: string,
  item: ImportItem,
): Promise<ItemWrite> {
  if (item.is === "preferences") {
    const preferences = await item.read();
    return (tx, report) => {
      if (preferences !== null) tx.set(keys.preferences(ownerId), preferences);
      return Promise.resolve({ ...report, preferences: preferences !== null });
    };
  }
  const known = (report: ImportReport) => ({ ...report, known: report.known + 1 });
  if (item.is === "note") {
    const note = await item.read();
    return async (tx, report) =>
      await importNote(app, tx, { ownerId, note }) === "known"
        ? known(report)
        : { ...report, notes: report.notes + 1 };
  }
  const given = await item.read();
  const { draft, unagreed } = await soundReminder(app, ownerId, given);
  if (given.state === "active") await countReminderText(app, ownerId, draft);
  return async (tx, report) =>
    await importReminder(app, tx, { ownerId, given, draft }) === "known" ? known(report) : {
      ...report,
      reminders: report.reminders + 1,
      addresses: report.addresses + unagreed,
    };
}

/** The report with one thing that was left out, and why. */
export function leftOut(report: ImportReport, item: ImportItem, why: string): ImportReport {
  const name = item.is === "preferences" ? "account.json" : item.name;
  const line = [...`${name}: ${why}`.replace(/\p{C}/gu, "")].slice(0, REASON_CHARS).join("");
  return {
    ...report,
    leftOut: report.leftOut + 1,
    why: [...report.why, line].slice(0, MOST_REASONS),
  };
}
