import type { App } from "../../core/app.ts";
import { idOf } from "../../core/ids.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import type { Payload } from "../../jobs/catalog.ts";
import { ranges } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { isOpen } from "../accounts/accounts.ts";
import { putIntoInbox } from "../notifications.ts";

/** Has every admin find this in their inbox. With an `id` it is told once, and costs one check. */
export async function tellAdmins(
  app: App,
  tx: Tx,
  { id, ...news }: Payload<"tell_admins"> & { id?: string },
): Promise<void> {
  await enqueue(app, tx, "tell_admins", news, { id });
}

/** Of what admins hear who sign in with a password alone: only that there is something. */
const UNREAD = {
  title: "There is news for admins",
  text: "It is on the admin pages. Add a second factor to open them.",
  href: "/account#factor",
};

/** Puts it there; once for each admin, however often it is tried. */
export async function putBeforeAdmins(
  app: App,
  { jobId, ...news }: Payload<"tell_admins"> & { jobId: string },
): Promise<void> {
  const at = app.clock.now();
  for await (const { value } of app.store.list<Account>(ranges.accounts)) {
    if (value.role !== "admin" || !isOpen(value)) continue;
    const id = await idOf(`tell_admins ${jobId} ${value.id}`);
    const said = value.factorAt === undefined ? UNREAD : news;
    const notification = { ...said, id, kind: "account" as const, at, readAt: null };
    await transact(app, (tx) => putIntoInbox(app, tx, value.id, notification));
  }
}
