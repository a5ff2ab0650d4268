import type { App } from "../../core/app.ts";
import { newId } from "../../core/ids.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { type JobView, jobView } from "../../jobs/view.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { StoredFile } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { audit } from "../admin/audit.ts";
import { requireSpace } from "../free_space.ts";
import { fileOf, newFile } from "./files.ts";
import { notify } from "../notifications.ts";
import { countTry, type Limit } from "../accounts/tries.ts";

/** Files with all that an account holds: each costs a reading of everything. */
const accountExports: Limit = {
  what: "export",
  cannot: "make a file of your data",
  most: [{ count: 1, perMs: 3_600_000 }],
};

/**
 * Asks for a file with all that an account holds; it takes the place of the one before.
 *
 * @returns the id of the job, which is the file's too.
 * @throws {AppError} `rate_limited` within an hour; `unavailable` while the disk is short.
 */
export async function requestExport(
  app: App,
  { accountId }: { accountId: string },
): Promise<string> {
  await requireSpace(app);
  return await transact(app, async (tx) => {
    await countTry(app, tx, { limit: accountExports, who: accountId });
    const id = newId();
    const last = keys.fileOf(accountId, "export");
    const replaces = await tx.get(last);
    tx.set(keys.file(id), newFile(app, { id, accountId, kind: "export" }));
    tx.set(last, id);
    await enqueue(app, tx, "export_account", { accountId, replaces }, { id, ownerId: accountId });
    await audit(app, tx, { act: "account_exported", by: accountId, about: accountId });
    return id;
  });
}

/** For the commit in which a file became whole: its owner is told, also by mail. */
export async function exportReady(app: App, tx: Tx, file: StoredFile): Promise<void> {
  const { id, accountId } = file;
  tx.set(keys.file(id), file);
  await notify(app, tx, accountId, {
    kind: "account",
    title: "Your data is ready",
    text: "The file can be fetched for a day.",
    href: "/account/data",
  });
  await enqueue(app, tx, "email_account", { accountId, letter: "export_ready" });
}

/** How the last file of a kind is: the job that writes or reads it, and the file while it counts. */
export interface FileWork {
  job: JobView | null;
  file: StoredFile | null;
}

/** The last export of an account. */
export async function exportOf(app: App, accountId: string): Promise<FileWork> {
  const file = await fileOf(app, accountId, "export");
  const job = file && await read(app, keys.job(file.id));
  return { file, job: job && jobView(job) };
}
