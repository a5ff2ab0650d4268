import type { App } from "../core/app.ts";
import { keys } from "../kv/keys.ts";
import { readMany } from "../kv/read.ts";
import type { MailDay } from "../kv/schema.ts";
import type { Tx } from "../kv/transact.ts";

export const DAY_MS = 86_400_000;

/** In place of a member: all mail of the instance, and that of accounts in their first 24 hours. */
export const EVERYBODY = "";
export const NEWCOMERS = "new";

const NONE: MailDay = {
  reserved: 0,
  sent: 0,
  bounced: 0,
  complained: 0,
  invited: 0,
  refused: 0,
  limited: false,
};

export type DayChange =
  & Partial<Record<Exclude<keyof MailDay, "limited">, number>>
  & { limited?: true };

/** The day of a moment, as quotas count them: of UTC, so that no change of zone brings a second one. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** When the day of a moment ends, ms since 1970. */
export function dayEnds(now: number): number {
  return (Math.floor(now / DAY_MS) + 1) * DAY_MS;
}

/** What became of a member's mail today, in a commit that fails if that changes meanwhile. */
export async function today(app: Pick<App, "clock">, tx: Tx, accountId: string): Promise<MailDay> {
  return await tx.get(keys.mailDay(accountId, dayOf(app.clock.now()))) ?? NONE;
}

/** Adds to what is counted of today. Costs the commit one check. */
export async function countInDay(
  app: Pick<App, "clock">,
  tx: Tx,
  accountId: string,
  change: DayChange,
): Promise<MailDay> {
  const counted = added(await today(app, tx, accountId), change);
  tx.set(keys.mailDay(accountId, dayOf(app.clock.now())), counted);
  return counted;
}

/** The sums of the last so many days, today among them; `limited` when any of them was. */
export async function lastDays(
  app: Pick<App, "store" | "clock">,
  accountId: string,
  days: number,
): Promise<MailDay> {
  const now = app.clock.now();
  const names = Array.from({ length: days }, (_, i) => dayOf(now - i * DAY_MS));
  const found = await readMany(app, names.map((day) => keys.mailDay(accountId, day)));
  return found.reduce(
    (sum, { limited, ...counts }) => added(sum, limited ? { ...counts, limited } : counts),
    NONE,
  );
}

function added(day: MailDay, { limited, ...counts }: DayChange): MailDay {
  const sum: MailDay = { ...day, limited: day.limited || limited === true };
  for (const name of Object.keys(counts) as (keyof typeof counts)[]) sum[name] += counts[name] ?? 0;
  return sum;
}
