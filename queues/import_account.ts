import { AppError } from "../core/errors.ts";
import { removeFile } from "../domain/data/files.ts";
import { leftOut, readItem } from "../domain/data/import_item.ts";
import { importItems } from "../domain/data/import_items.ts";
import { importOver, newReport } from "../domain/data/imports.ts";
import { cancel, completed, giveUpNow, type Handler, snooze } from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import type { ImportReport } from "../kv/schema.ts";

/**
 * Takes in a file, thing after thing, each in a commit with how far that makes it and what is said of
 * it: whoever goes on after a death begins with the next one. What is wrong is left out and told.
 */
export const importAccount: Handler<"import_account"> = async (app, job) => {
  const { accountId } = job.payload;
  const account = await read(app, keys.account(accountId));
  const file = await read(app, keys.file(job.id));
  if (account === null || account.closedAt !== undefined) return cancel("the account is closed");
  const { done, total } = job.progress;
  const through = total > 0 && done === total; // and the file may have been removed already
  if (file === null && !through) return giveUpNow("the file is gone");
  const { items, over } = file === null || through
    ? { items: [], over: 0 }
    : await importItems(app, file);
  let report = await read(app, keys.importReport(accountId)) ?? newReport(job.id);
  for (const [i, item] of items.entries()) {
    if (i < job.progress.done) continue; // by a try before this one
    if (job.cancelAsked) {
      await removeFile(app, job.id);
      return cancel(job.cancelReason);
    }
    if (job.sliceOver()) return snooze(0);
    const so: ImportReport = i === 0 ? { ...report, leftOut: over } : report;
    const save = (build: Parameters<typeof job.commit<ImportReport>>[0]) =>
      job.commit(async (tx) => {
        const after = await build(tx);
        tx.set(keys.importReport(accountId), after);
        return after;
      }, { done: i + 1, total: items.length, failed: 0, label: "Reading" });
    try {
      const write = await readItem(app, accountId, item);
      report = await save((tx) => write(tx, so));
    } catch (error) {
      if (!(error instanceof AppError) || error.code === "unavailable") throw error;
      report = await save(() => leftOut(so, item, error.message));
    }
  }
  await removeFile(app, job.id);
  return completed((tx) => importOver(app, tx, { accountId, report }));
};
