import type { App } from "../../core/app.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Sender } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { audit } from "../admin/audit.ts";
import { DAY_MS, lastDays, limitedInARow, mailed, today } from "./mail_days.ts";
import { notify } from "../notifications.ts";
import { tellAdmins } from "../admin/tell_admins.ts";

/** What pauses a member's mail; the first that holds is said. */
const MOST_COMPLAINTS = 2;
const BOUNCES = { percent: 5, atLeast: 40, days: 7 };
const REFUSALS = { percent: 30, atLeast: 10, days: 30 };
const LIMITED_DAYS = 3;

const FRESH: Sender = { paused: null, perDay: null };

/** In the commit that counts a complaint: which mailbox complained, so that one person counts once. */
export async function noteComplaint(
  app: App,
  tx: Tx,
  { accountId, box: by }: { accountId: string; box: string },
): Promise<void> {
  const now = app.clock.now();
  const sender = await tx.get(keys.sender(accountId)) ?? FRESH;
  const lately = lateComplaints(sender, now).filter((one) => one.by !== by);
  tx.set(keys.sender(accountId), { ...sender, complaints: [...lately.slice(-9), { by, at: now }] });
}

function lateComplaints({ complaints = [] }: Sender, now: number) {
  return complaints.filter(({ at }) => at > now - DAY_MS);
}

/** Since when and why a member's mail to others is held; null while it leaves. */
export async function pauseOf(
  app: Pick<App, "store">,
  accountId: string,
): Promise<Sender["paused"]> {
  return (await read(app, keys.sender(accountId)))?.paused ?? null;
}

/** Pauses a member's mail where too much of it is not wanted or does not arrive. */
export async function judgeSender(app: App, accountId: string): Promise<void> {
  const sender = await read(app, keys.sender(accountId)) ?? FRESH;
  if (sender.paused !== null) return;
  const why = await whyPause(app, accountId, sender);
  if (why === null) return;
  await transact(app, async (tx) => {
    const now = await tx.get(keys.sender(accountId)) ?? FRESH;
    if (now.paused !== null) return;
    const account = await tx.get(keys.account(accountId));
    if (account === null) return;
    tx.set(keys.sender(accountId), { ...now, paused: { at: app.clock.now(), why } });
    await audit(app, tx, { act: "sender_paused", about: accountId, facts: { why } });
    await notify(app, tx, accountId, {
      kind: "account",
      title: "Your mail to other people is paused",
      text: `Until an admin lets it go on: ${why}.`,
      href: "/mailings",
    });
    await enqueue(app, tx, "email_account", { accountId, letter: "sender_paused" });
    await tellAdmins(app, tx, {
      title: `The mail of ${account.name} is paused`,
      text: `By itself: ${why}.`,
      href: `/admin/members/${accountId}`,
    });
    tx.afterCommit(() => app.log.warn("sender_paused", { accountId }));
  });
}

async function whyPause(app: App, accountId: string, sender: Sender): Promise<string | null> {
  const since = sender.released;
  if (lateComplaints(sender, app.clock.now()).length >= MOST_COMPLAINTS) {
    return "people complained about it";
  }
  const week = await lastDays(app, accountId, BOUNCES.days, since);
  const sent = mailed(week);
  if (sent >= BOUNCES.atLeast && week.bounced * 100 >= sent * BOUNCES.percent) {
    return `${week.bounced} of ${sent} messages came back`;
  }
  const { invited, refused } = await lastDays(app, accountId, REFUSALS.days, since);
  if (invited >= REFUSALS.atLeast && refused * 100 >= invited * REFUSALS.percent) {
    return `${refused} of ${invited} invitations were refused`;
  }
  const limited = await limitedInARow(app, accountId, LIMITED_DAYS, since);
  return limited ? `its limit was hit on ${LIMITED_DAYS} days in a row` : null;
}

/** In the commit that makes a new reason to: has a member, and all mail, judged once that is stored. */
export async function judgeSoon(app: App, tx: Tx, accountId: string | null): Promise<void> {
  await enqueue(app, tx, "judge_sender", { accountId });
}

/** Lets a member's mail leave again, and counts afresh from now on. Costs the commit some four checks. */
export async function release(app: App, tx: Tx, accountId: string, sender: Sender): Promise<void> {
  const released = { at: app.clock.now(), counted: await today(app, tx, accountId) };
  tx.set(keys.sender(accountId), { ...sender, paused: null, complaints: [], released });
  await notify(app, tx, accountId, {
    kind: "account",
    title: "Your mail to other people goes on",
    text: "An admin has looked at it and let it leave again.",
    href: "/mailings",
  });
}
