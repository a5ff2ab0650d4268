import { exportEntries, noteCount } from "../domain/data/export_entries.ts";
import { exportReady } from "../domain/data/exports.ts";
import { FileWriter, newFile, removeFile } from "../domain/data/files.ts";
import { ZipWriter } from "../domain/data/zip.ts";
import { cancel, completed, type Handler, snooze } from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";

/** Entries that no note is. */
const OTHERS = 4;
/** Entries after which it is told how far it is. */
const TOLD_EVERY = 25;

/**
 * Writes everything an account holds into one file. A zip file has one end, so it is made in one go:
 * a try that takes over begins anew and writes over what is there.
 */
export const exportAccount: Handler<"export_account"> = async (app, job) => {
  const { accountId, replaces } = job.payload;
  const account = await read(app, keys.account(accountId));
  if (account === null || account.closedAt !== undefined) return cancel("the account is closed");
  if (replaces !== null) await removeFile(app, replaces);
  const total = OTHERS + await noteCount(app, account);
  const said = (done: number) => ({ done, total, failed: 0, label: "Writing" });
  const before = await read(app, keys.file(job.id));
  const file = before ?? newFile(app, { id: job.id, accountId, kind: "export" });
  let done = 0;
  const writer = new FileWriter(file, (build) => job.commit(build, said(Math.min(done, total))));
  const zip = new ZipWriter();
  for await (const entry of exportEntries(app, account)) {
    if (job.signal.aborted) return snooze(0);
    if (job.cancelAsked) {
      await removeFile(app, job.id);
      return cancel(job.cancelReason);
    }
    for (const piece of zip.entry(entry)) await writer.write(piece);
    if (++done % TOLD_EVERY === 0) await writer.flush();
  }
  for (const piece of zip.end()) await writer.write(piece);
  const whole = await writer.end(app.clock.now());
  await job.commit(() => {}, said(total));
  return completed((tx) => exportReady(app, tx, whole));
};
