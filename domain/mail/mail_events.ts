import type { App } from "../../core/app.ts";
import { idOf } from "../../core/ids.ts";
import type { Answer } from "../../core/answer.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import type { Payload } from "../../jobs/catalog.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Delivery } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { addressKey } from "../recipients/addresses.ts";
import { sentByRef, stoppedBy } from "./letter_from.ts";
import { DAY_MS } from "./mail_days.ts";
import { type Addressee, addresseeOf } from "../recipients/addressee.ts";
import { suppress } from "../recipients/suppressing.ts";

/** So many soft bounces in so long make an address rest; twice as long each time, at most a year. */
const SOFT = { count: 3, perMs: 7 * DAY_MS, restMs: 7 * DAY_MS, mostMs: 365 * DAY_MS };

/** What a mail service tells of a message after it took it. */
export interface MailEvent extends Payload<"mail_event"> {
  address: string;
}

/**
 * Takes what a mail service tells. When this returns nothing more is sent to who must not get it; what
 * else comes of it (the ledger, the sender's counts) is done by a job, once. Told twice, in any order,
 * or of messages long forgotten, the effect is the same.
 */
export async function hearMailEvent(app: App, told: MailEvent): Promise<void> {
  const { event, ref, reason, at, address } = told;
  if (event !== "unsubscribe" && await provenSince(app, told)) return;
  const to = await addresseeOf(app, address);
  const sent = await sentByRef(app, { ref, address });
  // Of a message that is none of ours any more nobody knows what it was about: all of it is stopped.
  const scope = sent ? stoppedBy(sent.letter, sent) ?? "all" : "all";
  const id = await idOf(`mail_event ${ref || `${to.hash} ${at}`} ${event}`);
  await transact(app, async (tx) => {
    if (await tx.get(keys.job(id)) !== null) return;
    if (event === "bounce" || event === "complaint") {
      await suppress(app, tx, to, { scope: "all", cause: event });
    } else if (event === "soft_bounce") await countSoft(app, tx, to);
    else if (event === "unsubscribe") {
      await suppress(app, tx, to, { scope, cause: scope === "all" ? "never" : "unsubscribe" });
    }
    await enqueue(app, tx, "mail_event", { event, ref: sent ? ref : "", reason, at }, { id });
  });
}

/** Whether somebody has shown since that they read the address: then it is old news. */
async function provenSince(app: App, { address, at }: MailEvent): Promise<boolean> {
  const id = await read(app, keys.accountByEmail(addressKey(address)));
  const account = id === null ? null : await read(app, keys.account(id));
  return (account?.verified?.at ?? 0) > at;
}

async function countSoft(app: App, tx: Tx, to: Addressee): Promise<void> {
  const now = app.clock.now();
  const key = keys.softBounces(to.hash);
  const before = (await tx.get(key))?.at ?? [];
  const at = [...before.filter((at) => at > now - SOFT.perMs), now];
  if (at.length < SOFT.count) return tx.set(key, { at });
  tx.delete(key);
  const last = await tx.get(keys.suppression(to.hash, "all"));
  const lasted = last?.cause === "soft_bounces" && last.until !== null ? last.until - last.at : 0;
  const restMs = lasted === 0 ? SOFT.restMs : Math.min(SOFT.mostMs, lasted * 2);
  await suppress(app, tx, to, { scope: "all", cause: "soft_bounces", until: now + restMs });
}

/** For the commit of an answer that says that nobody is there: as if the message had come back. */
export async function heardAtOnce(
  app: App,
  tx: Tx,
  { id: ref, channel }: Delivery,
  answer: Answer,
): Promise<void> {
  if (channel !== "mail" || answer.is !== "refused" || !answer.badAddress) return;
  const { reason } = answer;
  await enqueue(app, tx, "mail_event", { event: "bounce", ref, reason, at: app.clock.now() });
}
