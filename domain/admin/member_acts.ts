import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import type { Account, AuditAct, Role, Sender } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { requireAdmin } from "./admins.ts";
import { dropFactors } from "../factors/factors_drop.ts";
import { audit, type NewAuditLine } from "./audit.ts";
import { release } from "../mail/senders.ts";
import { endAllSessions } from "../accounts/session_end.ts";

/** Most messages a day that an admin may allow a member. */
export const MAX_PER_DAY = 100_000;
const USUAL: Sender = { paused: null, perDay: null };

/** Which member, and the admin who asks. */
export interface MemberRef {
  id: string;
  by: Account;
}

/**
 * Shuts a member out: all their sessions and pages end, nobody signs in, nothing of theirs leaves until
 * they are restored. What they have stays. Doing it twice is once.
 *
 * @throws {AppError} `not_found`, also for who is no admin; `conflict` for oneself.
 */
export function suspendMember(app: App, ref: MemberRef): Promise<void> {
  return onMember(app, ref, "suspend", async (tx, account) => {
    if (account.suspended !== undefined) return null;
    const ended = await endAllSessions(app, tx, account);
    const suspended = { at: app.clock.now(), by: ref.by.id };
    tx.set(keys.account(account.id), { ...ended, suspended });
    return { act: "member_suspended" };
  });
}

/** Lets a member in again, who signs in anew. @throws {AppError} as `suspendMember`. */
export function restoreMember(app: App, ref: MemberRef): Promise<void> {
  return onMember(app, ref, "restore", (tx, account) => {
    const { suspended, ...open } = account;
    if (suspended === undefined) return null;
    tx.set(keys.account(account.id), open);
    return { act: "member_restored" };
  });
}

/**
 * Makes a member an admin or an admin a member. Their sessions end: rights change only with a new one
 * (ASVS 5.0, 7.2.4). Nobody does it to themselves, so whoever did it is an admin still, and of any
 * number who try it on each other one is left.
 *
 * @throws {AppError} as `suspendMember`; `conflict` also for who cannot sign in.
 */
export function changeRole(app: App, { role, ...ref }: MemberRef & { role: Role }): Promise<void> {
  return onMember(app, ref, "change the role of", async (tx, account) => {
    if (account.role === role) return null;
    if (role === "admin" && (account.verified === null || account.suspended !== undefined)) {
      throw new AppError("conflict", "Cannot make an admin of who cannot sign in");
    }
    const ended = await endAllSessions(app, tx, account);
    tx.set(keys.account(account.id), { ...ended, role });
    return { act: "role_changed", facts: { from: account.role, to: role } };
  });
}

/** Signs a member out everywhere. @throws {AppError} as `suspendMember`. */
export function endMemberSessions(app: App, ref: MemberRef): Promise<void> {
  return onMember(app, ref, "end the sessions of", async (tx, account) => {
    await endAllSessions(app, tx, account);
    return { act: "sessions_ended" };
  });
}

/**
 * Removes all second factors of a member who has lost them, ends their sessions and tells them by mail.
 * A password that is too short to stand alone fits no more: they choose another by a letter.
 *
 * @throws {AppError} as `suspendMember`.
 */
export function removeFactors(app: App, ref: MemberRef): Promise<void> {
  return onMember(app, ref, "remove the second factors of", async (tx, account) => {
    if (account.factorAt === undefined) return null;
    await dropFactors(app, tx, account);
    return { act: "factors_reset" };
  });
}

/**
 * Says how many messages a day may leave for a member, or null for as many as usual.
 *
 * @throws {AppError} `not_found`, also for who is no admin; `invalid` of "perDay".
 */
export async function setQuota(
  app: App,
  { perDay, ...ref }: MemberRef & { perDay: number | null },
): Promise<void> {
  if (perDay !== null && !(Number.isInteger(perDay) && perDay >= 0 && perDay <= MAX_PER_DAY)) {
    const why = `say a whole number from 0 to ${MAX_PER_DAY.toLocaleString("en")}`;
    throw new AppError("invalid", `Cannot allow so many: ${why}`, { field: "perDay" });
  }
  await onMember(app, ref, null, async (tx, { id }) => {
    const sender = await tx.get(keys.sender(id)) ?? USUAL;
    if (sender.perDay === perDay) return null;
    tx.set(keys.sender(id), { ...sender, perDay });
    return { act: "quota_changed", facts: { perDay: perDay ?? "usual" } };
  });
}

/**
 * Lets a sender go on who was paused, and tells them; what paused them is not held against them once
 * more.
 *
 * @throws {AppError} `not_found`, also for who is no admin.
 */
export function releaseSender(app: App, ref: MemberRef): Promise<void> {
  return onMember(app, ref, null, async (tx, { id }) => {
    const sender = await tx.get(keys.sender(id));
    if (sender === null || sender.paused === null) return null;
    await release(app, tx, id, sender);
    return { act: "sender_released" };
  });
}

type Done = { act: AuditAct } & Pick<NewAuditLine, "facts">;

/**
 * One commit that reads the admin and the member, does something, and writes down what was done; null
 * when there was nothing to do. `cannot` is what nobody does to themselves.
 */
async function onMember(
  app: App,
  { id, by }: MemberRef,
  cannot: string | null,
  act: (tx: Tx, account: Account) => Done | null | Promise<Done | null>,
): Promise<void> {
  await transact(app, async (tx) => {
    const admin = await requireAdmin(tx, by.id, "member");
    const account = isId(id) ? await tx.get(keys.account(id)) : null;
    if (account === null || account.closedAt !== undefined) throw notFound("member");
    if (cannot !== null && account.id === admin.id) {
      throw new AppError("conflict", `Cannot ${cannot} yourself: another admin can`);
    }
    const done = await act(tx, account);
    if (done === null) return;
    await audit(app, tx, { ...done, by: admin.id, about: id });
    tx.afterCommit(() => app.log.info(done.act, { accountId: id, adminId: admin.id }));
  });
}
