import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { HourCount } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { audit } from "../admin/audit.ts";
import { type Afresh, DAY_MS, dayOf, EVERYBODY, namesOf } from "./mail_days.ts";
import { OPEN } from "./sending.ts";
import { tellAdmins } from "../admin/tell_admins.ts";

const HOUR_MS = 3_600_000;
/** What stops the mail of all: one complaint in a thousand, where Gmail draws its line. */
const BREAKER = { perMille: 1, atLeast: 1_000 };

/** Stops the mail of all but letters about accounts and reminders where too many complain. */
export async function judgeInstance(app: App): Promise<void> {
  const before = await read(app, keys.sending) ?? OPEN;
  if (before.breaker !== null) return;
  const { sent, complained } = await lastDay(app, before.resumed);
  if (sent < BREAKER.atLeast || complained * 1_000 < sent * BREAKER.perMille) return;
  const why = `${complained} of ${sent} messages were reported as unwanted`;
  await transact(app, async (tx) => {
    const sending = await tx.get(keys.sending) ?? OPEN;
    if (sending.breaker !== null) return;
    tx.set(keys.sending, { ...sending, breaker: { at: app.clock.now(), why } });
    await audit(app, tx, { act: "breaker_opened", facts: { sent, complained } });
    await tellAdmins(app, tx, {
      title: "Sending is held",
      text:
        `By itself: ${why}. Letters about accounts and reminders still leave; the rest waits for you.`,
      href: "/admin/sending",
    });
    tx.afterCommit(() => app.log.error("breaker_opened", { sent, complained }));
  });
}

/**
 * What left and was complained about in the last 24 hours, of everybody: by whole hours, so with all of
 * the one in which they began. What was counted before `afresh` is left out.
 */
async function lastDay(app: Pick<App, "store" | "clock">, afresh?: Afresh): Promise<HourCount> {
  const now = app.clock.now();
  const from = Math.max(now - DAY_MS, afresh?.at ?? 0);
  const sum = { sent: 0, complained: 0 };
  const add = (day: string, hours: Record<number, HourCount> = {}, sign: 1 | -1 = 1) => {
    for (const [hour, { sent, complained }] of Object.entries(hours)) {
      if (Date.parse(day) + (Number(hour) + 1) * HOUR_MS <= from) continue;
      sum.sent += sign * sent;
      sum.complained += sign * complained;
    }
  };
  for (const day of namesOf(now, 2, from)) {
    add(day, (await read(app, keys.mailDay(EVERYBODY, day)))?.hours);
  }
  if (afresh) add(dayOf(afresh.at), afresh.counted.hours, -1);
  return sum;
}
