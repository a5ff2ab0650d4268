import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import { readMany } from "../../kv/read.ts";
import type { MailDay } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";

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
  & Partial<Record<Exclude<keyof MailDay, "limited" | "hours">, number>>
  & { limited?: true };

/** The day of a moment, as quotas count them: of UTC, so that no change of zone brings a second one. */
export function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}

/** All that left for a member, as bounces are a part of it: invitations are letters, too. */
export function mailed({ sent, invited }: Pick<MailDay, "sent" | "invited">): number {
  return sent + invited;
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
  const before = await today(app, tx, accountId);
  const counted = added(before, change);
  if (accountId === EVERYBODY) counted.hours = withHour(before, change, app.clock.now());
  tx.set(keys.mailDay(accountId, dayOf(app.clock.now())), counted);
  return counted;
}

/** A moment from which on is counted afresh, and what its day had counted until then. */
export interface Afresh {
  at: number;
  counted: MailDay;
}

/** The sums of the last so many days, today among them; `limited` when any of them was. */
export async function lastDays(
  app: Pick<App, "store" | "clock">,
  accountId: string,
  days: number,
  afresh?: Afresh,
): Promise<MailDay> {
  const names = namesOf(app.clock.now(), days, afresh?.at);
  const found = await readMany(app, names.map((day) => keys.mailDay(accountId, day)));
  const sum = found.reduce(
    (sum, { limited, hours: _, ...counts }) =>
      added(sum, limited ? { ...counts, limited } : counts),
    NONE,
  );
  if (!afresh || !names.includes(dayOf(afresh.at))) return sum;
  const { limited: _, hours: __, ...before } = afresh.counted;
  const less = Object.entries(before).map(([name, count]) => [name, -count]);
  return added(sum, Object.fromEntries(less));
}

function withHour(
  { hours = {} }: Pick<MailDay, "hours">,
  { sent = 0, complained = 0 }: DayChange,
  now: number,
): MailDay["hours"] {
  const hour = new Date(now).getUTCHours();
  const before = hours[hour] ?? { sent: 0, complained: 0 };
  const counted = { sent: before.sent + sent, complained: before.complained + complained };
  return { ...hours, [hour]: counted };
}

/** Whether a member wanted more than they may on each of the last so many days. */
export async function limitedInARow(
  app: Pick<App, "store" | "clock">,
  accountId: string,
  days: number,
  afresh?: Afresh,
): Promise<boolean> {
  const names = namesOf(app.clock.now(), days, afresh && afresh.at + DAY_MS);
  const found = await readMany(app, names.map((day) => keys.mailDay(accountId, day)));
  return found.filter(({ limited }) => limited).length === days;
}

/** The last so many days, today first, none before that of `from`. */
export function namesOf(now: number, days: number, from = 0): string[] {
  return Array.from({ length: days }, (_, i) => dayOf(now - i * DAY_MS))
    .filter((day) => day >= dayOf(from));
}

function added(day: MailDay, { limited, ...counts }: DayChange): MailDay {
  const sum: MailDay = { ...day, limited: day.limited || limited === true };
  for (const name of Object.keys(counts) as (keyof typeof counts)[]) sum[name] += counts[name] ?? 0;
  return sum;
}
