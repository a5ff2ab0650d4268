import type { App } from "../../core/app.ts";
import { keys, type Prefix, ranges } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Purge } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { removeOutboxMail } from "../mail/outbox_removal.ts";
import type { PurgeStep } from "./purge.ts";
import { addressesOf } from "./purge_start.ts";

/** Messages that are removed before the caller may rest. */
const MAILS = 50;
/** What was under way to one of its addresses when it was closed is here by then, ms. */
const UNDER_WAY_MS = 5_000;

/**
 * A step of a purge: mail that never left the machine, what the account sent and what came to it. What
 * comes later is for who has the address next.
 */
export const purgeOutbox: PurgeStep = async (app, purge) => {
  const { accountId, closedAt } = purge;
  const until = closedAt + UNDER_WAY_MS;
  if (await removeMail(app, ranges.outboxOfSender(accountId), Infinity)) return { next: "" };
  for (const address of await allAddresses(app, purge)) {
    const box = ranges.outboxOfRecipient(address.toLowerCase());
    if (await removeMail(app, box, until)) return { next: "" };
  }
  const last = await read(app, keys.outboxMail(`${purge.letterId}-0`));
  if (last !== null) await removeOutboxMail(app, last);
  return { next: null };
};

/** Those that it had when it was closed, and what a request that was under way has added. */
async function allAddresses(app: App, { accountId: id, addresses }: Purge): Promise<string[]> {
  const [email = ""] = addresses;
  return [...new Set([...addresses, ...await addressesOf(app, { id, email })])];
}

/** Removes the first messages of a box, as far as they are not later. @returns whether there may be more. */
async function removeMail(app: App, box: Prefix<string>, until: number): Promise<boolean> {
  const entries = await Array.fromAsync(app.store.list<string>(box, { limit: MAILS }));
  const wanted = entries.filter(({ key }) => Number(key[2]) <= until);
  for (const { key, value } of wanted) {
    const mail = await read(app, keys.outboxMail(value));
    if (mail !== null) await removeOutboxMail(app, mail);
    else await transact(app, (tx) => tx.delete(key));
  }
  return wanted.length === MAILS;
}
