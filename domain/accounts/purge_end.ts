/** The last steps of a purge. */
import { keys, ranges } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { removeJob } from "../job_removal.ts";
import type { PurgeStep } from "./purge.ts";
import { removeSome } from "./purge_indexes.ts";

/** How long the last letter may take, ms; until then its address is kept. */
const LETTER_MS = 24 * 3_600_000;
const LOOK_AGAIN_MS = 60_000;

/** Waits until the last letter has left, and forgets to whom. */
export const endLetter: PurgeStep = async (app, { letterId, closedAt }) => {
  if (letterId === null) return { next: null };
  const job = await read(app, keys.job(letterId));
  const over = job === null || job.finishedAt !== null ||
    app.clock.now() - closedAt >= LETTER_MS;
  if (!over) return { next: "", waitMs: LOOK_AGAIN_MS };
  const removed = await removeJob(app, letterId, "the account is closed");
  return removed ? { next: null } : { next: "", waitMs: LOOK_AGAIN_MS };
};

/** What its pages were told of. */
export const purgeEvents: PurgeStep = async (app, { accountId }) => {
  const removed = await removeSome(app, ranges.eventsOf(`account:${accountId}`));
  return { next: removed === 0 ? null : "" };
};
