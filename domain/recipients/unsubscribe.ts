import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import { read, readMany } from "../../kv/read.ts";
import type { Account, Suppression, SuppressionCause } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { preferencesIn } from "../accounts/preferences.ts";
import { scopeOf, stopLabel, type StopLink } from "./stop_links.ts";
import { lift, suppress } from "./suppressing.ts";
import { placesOf } from "./suppressions.ts";

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
): Promise<{ from: string | null; account: Account | null; offers: StopOffer[] }> {
  const { stops, senderId } = link;
  const [sender, own, all] = await Promise.all([
    senderId === null ? null : read(app, keys.account(senderId)),
    readMany(app, placesOf(link, [scopeOf(link)])),
    readMany(app, placesOf(link, ["all"])),
  ]);
  const from = sender && sender.closedAt === undefined ? sender.name : null;
  const now = app.clock.now();
  return {
    from,
    account: sender,
    offers: [
      ...stops === "account"
        ? []
        : [{ what: "this" as const, label: stopLabel(stops, from), ...stateOf(own, now) }],
      { what: "all", label: "Stop everything except sign-in mails", ...stateOf(all, now) },
    ],
  };
}

function stateOf(there: readonly Suppression[], now: number): Pick<StopOffer, "stopped" | "undo"> {
  const isOwn = ({ cause }: Pick<Suppression, "cause">) => OWN.includes(cause);
  return {
    stopped: there.some(({ until, chosen }) => until === null || until > now || chosen),
    undo: there.some((one) => isOwn(one) || one.chosen && isOwn(one.chosen)),
  };
}

/** Stops it; stopped already is no change. */
export async function stop(app: App, link: StopLink, what: StopWhat): Promise<void> {
  await transact(app, async (tx) => {
    if (what === "all" || link.stops === "account") {
      await suppress(app, tx, link, { scope: "all", cause: "never" });
    } else {
      await suppress(app, tx, link, { scope: scopeOf(link), cause: "unsubscribe" });
      await preferReminders(tx, link, false);
    }
  });
}

/** Lets it come again, as far as its reader stopped it. */
export async function undoStop(app: App, link: StopLink, what: StopWhat): Promise<void> {
  await transact(app, async (tx) => {
    const scope = what === "all" ? "all" : scopeOf(link);
    const lifted = await lift(app, tx, link, { scope, causes: OWN });
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
