import type { App } from "../core/app.ts";
import { idOf } from "../core/ids.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import type { Suppression, SuppressionCause } from "../kv/schema.ts";
import { transact, type Tx } from "../kv/transact.ts";
import { audit } from "./audit.ts";
import { countInDay, EVERYBODY } from "./mail_days.ts";
import { preferencesIn } from "./preferences.ts";
import { judgeSoon, noteComplaint } from "./senders.ts";
import { scopeOf, stopLabel, type StopLink } from "./stop_links.ts";
import { lift, suppress } from "./suppressing.ts";
import { tellAdmins } from "./tell_admins.ts";

/** What can be stopped by a link: what its letter was, or all but letters about accounts. */
export type StopWhat = "this" | "all";

/** What its reader may take back; nobody can be reached by wishing, and an admin's word stays. */
const OWN: readonly SuppressionCause[] = ["unsubscribe", "never", "refused", "complaint"];

export interface StopOffer {
  what: StopWhat;
  /** "Stop mails from Ada" */
  label: string;
  stopped: boolean;
  /** Whether its reader may let it come again. */
  undo: boolean;
}

/** What a link can stop and what is stopped already. Changes nothing. */
export async function stopOffers(
  app: App,
  link: StopLink,
): Promise<{ from: string | null; offers: StopOffer[] }> {
  const { stops, senderId, hash } = link;
  const [sender, own, all] = await Promise.all([
    senderId === null ? null : read(app, keys.account(senderId)),
    read(app, keys.suppression(hash, scopeOf(link))),
    read(app, keys.suppression(hash, "all")),
  ]);
  const from = sender && sender.closedAt === undefined ? sender.name : null;
  const now = app.clock.now();
  return {
    from,
    offers: [
      { what: "this", label: stopLabel(stops, from), ...stateOf(own, now) },
      { what: "all", label: "Stop everything except sign-in mails", ...stateOf(all, now) },
    ],
  };
}

function stateOf(one: Suppression | null, now: number): Pick<StopOffer, "stopped" | "undo"> {
  if (one === null) return { stopped: false, undo: false };
  const counts = one.until === null || one.until > now;
  const undo = OWN.includes(one.cause) ||
    one.chosen !== undefined && OWN.includes(one.chosen.cause);
  return { stopped: counts || one.chosen !== undefined, undo };
}

/** Stops it; stopped already is no change. */
export async function stop(app: App, link: StopLink, what: StopWhat): Promise<void> {
  await transact(app, async (tx) => {
    if (what === "all") await suppress(app, tx, link, { scope: "all", cause: "never" });
    else {
      await suppress(app, tx, link, { scope: scopeOf(link), cause: "unsubscribe" });
      await preferReminders(tx, link, false);
    }
  });
}

/** Lets it come again, as far as its reader stopped it. */
export async function undoStop(app: App, link: StopLink, what: StopWhat): Promise<void> {
  await transact(app, async (tx) => {
    const scope = what === "all" ? "all" : scopeOf(link);
    const lifted = await lift(app, tx, link.hash, { scope, causes: OWN });
    if (lifted && what === "this") await preferReminders(tx, link, true);
  });
}

/** What one's account page says of reminders by mail goes with it. */
async function preferReminders(
  tx: Tx,
  { stops, senderId }: StopLink,
  mail: boolean,
): Promise<void> {
  if (stops !== "reminders" || senderId === null) return;
  if (await tx.get(keys.account(senderId)) === null) return;
  const before = await preferencesIn(tx, senderId);
  if (before.reminders.mail === mail) return;
  tx.set(keys.preferences(senderId), { ...before, reminders: { ...before.reminders, mail } });
}

/**
 * Reports a letter as unwanted: stops more like it, counts as a complaint against its sender, and
 * admins are told. Once for a reader and a sender; again it is no change.
 */
export async function report(app: App, link: StopLink): Promise<void> {
  const { senderId, hash, shown } = link;
  const id = await idOf(`reported ${scopeOf(link)} ${hash}`);
  const sender = senderId === null ? null : await read(app, keys.account(senderId));
  await transact(app, async (tx) => {
    await suppress(app, tx, link, { scope: scopeOf(link), cause: "complaint" });
    if (await tx.get(keys.job(id)) !== null) return;
    const whose = link.stops === "broadcasts" ? "An announcement" : `Mail from ${sender?.name}`;
    await tellAdmins(app, tx, {
      id,
      title: sender || link.stops === "broadcasts" ? `${whose} was reported` : "Mail was reported",
      text: `${shown} did not want it, and gets no more of it.`,
      href: sender === null ? "/admin/broadcasts" : `/admin/members/${sender.id}`,
    });
    await audit(app, tx, { act: "reported", about: senderId, facts: { shown } });
    await countInDay(app, tx, EVERYBODY, { complained: 1 });
    await judgeSoon(app, tx, sender?.id ?? null);
    if (sender === null) return;
    await countInDay(app, tx, sender.id, { complained: 1 });
    await noteComplaint(app, tx, { accountId: sender.id, hash });
  });
}
