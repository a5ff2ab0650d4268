import type { App } from "../../core/app.ts";
import { AppError, type Quota } from "../../core/errors.ts";
import { redact } from "../../core/redact.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys } from "../../kv/keys.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { addresseeOf } from "./addressee.ts";
import { auditSeldom } from "../admin/audit.ts";
import { countInDay, DAY_MS } from "../mail/mail_days.ts";
import { mailboxOf } from "./mailbox.ts";
import { limitHit, roomFor, type Wanted } from "../mail/quotas.ts";
import { type RecipientStanding, refusedOf, standingsOf } from "./recipients.ts";
import { suppressionIn, whySuppressed } from "./suppressions.ts";
import { issueToken } from "../accounts/tokens.ts";
import { mailboxInvitations, memberInvitations } from "../mail/mail_limits.ts";
import { countTry, type Limit, triesLeft, type Try } from "../accounts/tries.ts";

/** How long an invitation can be answered, and the answer changed, by its link, ms: 30 days. */
export const INVITATION_MS = 30 * DAY_MS;

export interface AskFirst {
  ownerId: string;
  to: readonly string[];
  /** What they are to be mailed; a note if nothing is said. */
  kind?: "note" | "reminder";
  /** What the addresses are called where they were typed. */
  field?: string;
  /** What they are asked for: where the day has no room for it, nobody is. */
  wanted?: Wanted;
}

/**
 * Makes ready what is to be mailed to these: whoever is new is asked whether they want it, by one letter
 * that says nothing else. Doing it again asks nobody twice.
 *
 * @returns how the member then stands with each.
 * @throws {AppError} `invalid` for one who may be neither mailed nor asked; `rate_limited` when more are
 *   new than may be asked today, and then nobody is.
 */
export async function askFirst(
  app: App,
  { ownerId, to, kind, field = "to", wanted }: AskFirst,
): Promise<RecipientStanding[]> {
  const standings = await standingsOf(app, { ownerId, to, kind });
  const [refused] = refusedOf(standings);
  if (refused) {
    await noteRefusal(app, { ownerId, why: refused.why });
    throw cannotMail(refused.text, refused.why, field);
  }
  const fresh = standings.filter(({ standing }) => standing === "new");
  if (fresh.length === 0) return standings;
  const left = await triesLeft(app, { limit: memberInvitations, who: ownerId });
  if (fresh.length > left) {
    await limitHit(app, ownerId);
    throw tooManyNew(left, field);
  }
  for (const { address } of fresh) { // all before the first: a list is asked whole, or nobody of it
    const today = { limit: mailboxInvitations, who: mailboxOf(address) };
    if (await triesLeft(app, today) === 0) throw notToday(address, field);
  }
  for (const { address } of fresh) await invite(app, { ownerId, address, field, wanted });
  return standings.map((one) =>
    one.standing === "new"
      ? { ...one, standing: "pending", why: "was asked and has not answered yet" }
      : one
  );
}

/**
 * Asks somebody, once for ever, whether they want a member's mail: the only letter that reaches who did
 * not agree. Who was asked before is not asked again, whatever they answered.
 *
 * @throws {AppError} `invalid` when the address wants none; `rate_limited` when the member has asked too
 *   many today, or all members together this one.
 */
async function invite(
  app: App,
  { ownerId, address, field, wanted }: Omit<AskFirst, "to"> & { address: string; field: string },
): Promise<void> {
  const mailbox = mailboxOf(address);
  const to = await addresseeOf(app, address);
  const { hash, box } = to;
  await transact(app, async (tx) => {
    if (await tx.get(keys.consent(ownerId, hash))) return;
    if (await tx.get(keys.invited(ownerId, box)) !== null) {
      throw cannotMail(address, "was asked before in another spelling", field);
    }
    if (wanted) await roomFor(app, tx, wanted);
    const suppressed = await suppressionIn(app, tx, to, { kind: "invitation", ownerId });
    if (suppressed) throw cannotMail(address, whySuppressed(suppressed), field);
    const member = { limit: memberInvitations, who: ownerId };
    const today = { limit: mailboxInvitations, who: mailbox };
    await count(app, tx, member, tooManyNew(0, field));
    await count(app, tx, today, notToday(address, field));
    await countInDay(app, tx, ownerId, { invited: 1 });
    const now = app.clock.now();
    const tokenId = await issueToken(app, tx, {
      purpose: "invitation",
      subject: `${ownerId} ${hash} ${box}`,
      lifeMs: INVITATION_MS,
    });
    const { id: jobId } = await enqueue(app, tx, "email_invitation", { ownerId, hash, tokenId });
    const state = "invited";
    tx.set(keys.consent(ownerId, hash), {
      ownerId,
      address,
      jobId,
      state,
      invitedAt: now,
      decidedAt: null,
    });
    tx.set(keys.consentByAddress(hash, ownerId), ownerId);
    tx.set(keys.invited(ownerId, box), now);
  });
}

/** Counts a try; one too many is `refused` in our words. */
async function count(app: App, tx: Tx, one: Try, refused: AppError): Promise<void> {
  try {
    await countTry(app, tx, one);
  } catch (error) {
    if (error instanceof AppError && error.code === "rate_limited") throw refused;
    throw error;
  }
}

/** Audits that a member wanted to mail who may not be mailed; once an hour, and with no address. */
async function noteRefusal(
  app: App,
  { ownerId, why }: { ownerId: string; why: string },
): Promise<void> {
  const facts = { why: redact(why) };
  const line = { act: "mail_refused", by: ownerId, about: ownerId, facts } as const;
  await transact(app, (tx) => auditSeldom(app, tx, line, ownerId));
}

function tooManyNew(left: number, field: string): AppError {
  const most = memberInvitations.most[0]?.count ?? 0;
  const which = left === 0 ? "none is" : left === 1 ? "one is" : `${left} are`;
  return new AppError(
    "rate_limited",
    `Cannot ask so many new people: ${most} a day is the most, and ${which} left`,
    { field, retryAfterMs: DAY_MS, quota: quotaOf(memberInvitations) },
  );
}

function notToday(address: string, field: string): AppError {
  return new AppError("rate_limited", `Cannot ask ${address} today: try again tomorrow`, {
    field,
    retryAfterMs: DAY_MS,
    quota: quotaOf(mailboxInvitations),
  });
}

const quotaOf = ({ what, most: [most] }: Limit): Quota | undefined =>
  most && { name: what, ...most };

function cannotMail(address: string, why: string, field: string): AppError {
  return new AppError("invalid", `Cannot mail ${address}: ${why}`, { field });
}
