/** Steps of a purge that look through what belongs to everybody, a page at a time. */
import type { App } from "../../core/app.ts";
import { keys, type Prefix, ranges } from "../../kv/keys.ts";
import { page, read } from "../../kv/read.ts";
import type { JobRecord, Purge } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { removeJob } from "../job_removal.ts";
import type { Purged, PurgeStep } from "./purge.ts";

const PAGE = 200;
/** When a job that was asked to end is looked at again, ms. */
const LOOK_AGAIN_MS = 1_000;
export const WHY = "the account is closed";

/** Deals with the entries of a range that are the account's; where one must wait, all of them again. */
export async function scan<T>(
  app: App,
  purge: Purge,
  { range, deal }: { range: Prefix<T>; deal: (value: T, key: Deno.KvKey) => Promise<boolean> },
): Promise<Purged> {
  const { cursor } = purge;
  const { items, next } = await page(app, range, {
    limit: PAGE,
    reverse: false,
    ...cursor === null ? {} : { cursor },
  });
  let busy = false;
  for (const { key, value } of items) busy = !await deal(value, key) || busy;
  return busy ? { next: cursor ?? "", waitMs: LOOK_AGAIN_MS } : { next };
}

/** Jobs that do something for the account, with their mailings and deliveries; running ones end first. */
export const purgeJobs: PurgeStep = (app, purge) =>
  scan(app, purge, {
    range: ranges.jobs,
    deal: async (job) => {
      if (job.id === purge.letterId || !await isOf(app, purge, job)) return true;
      if (job.kind === "purge_note") await eraseNote(app, job);
      return await removeJob(app, job.id, WHY);
    },
  });

async function isOf(app: App, purge: Purge, job: JobRecord): Promise<boolean> {
  const { accountId } = purge;
  if (job.ownerId !== null) return job.ownerId === accountId;
  const about = job.payload as {
    accountId?: string;
    ownerId?: string;
    reminderId?: string;
    noteId?: string;
    jobId?: string;
    reason?: string;
  };
  const whose = about.accountId ?? about.ownerId;
  if (whose !== undefined) return whose === accountId;
  if (about.reason !== undefined) return names(purge, about.reason); // what a provider said of its address
  const thing = about.reminderId !== undefined
    ? await read(app, keys.reminder(about.reminderId))
    : about.noteId !== undefined
    ? await read(app, keys.note(about.noteId))
    : about.jobId !== undefined
    ? await read(app, keys.mailing(about.jobId))
    : null;
  return thing?.ownerId === accountId;
}

/** A deleted note is in no list: its job is all that leads to it. */
async function eraseNote(app: App, { payload }: JobRecord): Promise<void> {
  const { noteId } = payload as { noteId: string };
  await transact(app, async (tx) => {
    const note = await tx.get(keys.note(noteId));
    if (note === null || note.deletedAt === null) return;
    for (let part = 0; part < note.parts; part++) tx.delete(keys.noteText(noteId, part));
    tx.delete(keys.note(noteId));
  });
}

/** Sessions whose value was changed are in no list either. */
export const purgeSessions: PurgeStep = (app, purge) =>
  scan(app, purge, {
    range: ranges.sessions,
    deal: ({ accountId }, key) => drop(app, key, accountId === purge.accountId),
  });

export const purgeTokens: PurgeStep = (app, purge) =>
  scan(app, purge, {
    range: ranges.tokens,
    deal: ({ subject }, key) => drop(app, key, subject.includes(purge.accountId)),
  });

/** Texts that others mail as well: they are known by what they say, not by who says it. */
export const purgeTexts: PurgeStep = (app, purge) =>
  scan(app, purge, {
    range: ranges.sameTexts,
    deal: async ({ hash }) => {
      await transact(app, async (tx) => {
        const text = await tx.get(keys.sameText(hash));
        const by = text?.by.filter((one) => one.accountId !== purge.accountId) ?? [];
        if (text && by.length < text.by.length) tx.set(keys.sameText(hash), { ...text, by });
      });
      return true;
    },
  });

/** Used codes stay until they would have been too old. */
export const purgeChatLinks: PurgeStep = (app, purge) =>
  scan(app, purge, {
    range: ranges.chatLinks,
    deal: ({ accountId }, key) => drop(app, key, accountId === purge.accountId),
  });

async function drop(app: App, key: Deno.KvKey, wanted: boolean): Promise<boolean> {
  if (wanted) await transact(app, (tx) => tx.delete(key));
  return true;
}

/** Whether one of its addresses stands in a text. */
export function names({ addresses }: Purge, text: string): boolean {
  const said = text.toLowerCase();
  return addresses.some((address) => said.includes(address.toLowerCase()));
}
