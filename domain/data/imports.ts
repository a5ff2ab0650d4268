import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { jobView } from "../../jobs/view.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { ImportReport } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { audit } from "../admin/audit.ts";
import { requireSpace } from "../free_space.ts";
import type { FileWork } from "./exports.ts";
import { fileOf, FileWriter, newFile, removeFile } from "./files.ts";
import { sourceOf } from "./import_items.ts";
import { notify } from "../notifications.ts";
import { countTries, type Limit } from "../accounts/tries.ts";
import { zipEntries } from "./unzip.ts";

/** Files that one account brings back. */
const accountImports: Limit = {
  what: "import",
  cannot: "take in a file",
  most: [{ count: 3, perMs: 86_400_000 }],
};

/**
 * Keeps a file that somebody brings and has a job read it. It is looked at first: what it unpacks to,
 * and whether it is such a file at all.
 *
 * @returns the job's id.
 * @throws {AppError} `rate_limited` after three in a day; `unavailable` while the disk is short; as
 *   `zipEntries`, and as `pieces` does.
 */
export async function receiveImport(
  app: App,
  { accountId, pieces }: { accountId: string; pieces: AsyncIterable<Uint8Array> },
): Promise<string> {
  await requireSpace(app);
  await countTries(app, [{ limit: accountImports, who: accountId }]);
  const file = newFile(app, { id: newId(), accountId, kind: "import" });
  try {
    const writer = new FileWriter(file, (build) => transact(app, build));
    for await (const piece of pieces) await writer.write(piece);
    const whole = await writer.end(app.clock.now());
    if (whole.bytes === 0) {
      throw new AppError("invalid", "Cannot take in nothing: choose a file", { field: "file" });
    }
    await zipEntries(sourceOf(app, whole));
    return await transact(app, async (tx) => {
      const { id } = whole;
      tx.set(keys.file(id), whole);
      tx.set(keys.fileOf(accountId, "import"), id);
      tx.set(keys.importReport(accountId), newReport(id));
      await enqueue(app, tx, "import_account", { accountId }, { id, ownerId: accountId });
      await audit(app, tx, { act: "account_imported", by: accountId, about: accountId });
      return id;
    });
  } catch (error) {
    await removeFile(app, file.id);
    throw error;
  }
}

export function newReport(jobId: string): ImportReport {
  const none = { notes: 0, reminders: 0, known: 0, addresses: 0, leftOut: 0 };
  return { jobId, ...none, preferences: false, why: [] };
}

/** For the commit that ends the reading: its owner is told what came of it. */
export async function importOver(
  app: App,
  tx: Tx,
  { accountId, report }: { accountId: string; report: ImportReport },
): Promise<void> {
  await notify(app, tx, accountId, {
    kind: "account",
    title: "Your file was read",
    text: importSentence(report),
    href: "/account/data",
  });
}

/** "200 notes and 3 reminders are new, 5 were here already, 1 was left out" */
export function importSentence({ notes, reminders, known, leftOut }: ImportReport): string {
  const of = (n: number, one: string, many: string) =>
    `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
  const news = notes + reminders === 1 ? "is new" : "are new";
  return [
    `${of(notes, "note", "notes")} and ${of(reminders, "reminder", "reminders")} ${news}`,
    ...known > 0 ? [`${of(known, "was", "were")} here already`] : [],
    ...leftOut > 0 ? [`${of(leftOut, "was", "were")} left out`] : [],
  ].join(", ");
}

/** The last file that an account brought, and what came of it. */
export async function importOf(
  app: App,
  accountId: string,
): Promise<FileWork & { report: ImportReport | null }> {
  const report = await read(app, keys.importReport(accountId));
  const job = report && await read(app, keys.job(report.jobId));
  const file = await fileOf(app, accountId, "import");
  return { file, job: job && jobView(job), report };
}
