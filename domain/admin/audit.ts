import type { App } from "../../core/app.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { type Page, page, read } from "../../kv/read.ts";
import type { Account, AuditAct, AuditFloor, AuditLine } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { mustBeAdmin } from "./admins.ts";
import { sha256 } from "../accounts/digest.ts";

const PAGE = 50;
/** Most lines looked at for one page: a filter may pass over many. */
const MAX_LOOKED_AT = 2_000;
const SELDOM_MS = 3_600_000;

export type NewAuditLine =
  & Pick<AuditLine, "act">
  & Partial<Pick<AuditLine, "by" | "about" | "facts">>;

/**
 * Adds a line to the audit log, in the commit of what it tells of. Costs that commit one check, and
 * makes all that are audited follow one another.
 */
export async function audit(
  app: Pick<App, "clock">,
  tx: Tx,
  { act, by = null, about = null, facts = {} }: NewAuditLine,
): Promise<void> {
  const head = await tx.get(keys.auditHead);
  const seq = (head?.seq ?? 0) + 1;
  const said = { seq, at: app.clock.now(), act, by, about, facts };
  const line: AuditLine = { ...said, hash: await hashOf(head?.hash ?? "", said) };
  tx.set(keys.audit(seq), line);
  tx.set(keys.auditHead, line);
}

/**
 * As `audit`, once an hour for each `who` at most: what strangers cause must not fill the log. Costs
 * the commit one check more.
 */
export async function auditSeldom(
  app: Pick<App, "clock">,
  tx: Tx,
  line: NewAuditLine,
  who: string,
): Promise<void> {
  const key = keys.auditedLately(line.act, await sha256(who));
  const now = app.clock.now();
  if (((await tx.get(key))?.expiresAt ?? 0) > now) return;
  tx.set(key, { expiresAt: now + SELDOM_MS });
  await audit(app, tx, line);
}

/** As `audit`, for what changes nothing else in the store. */
export function auditAlone(app: App, line: NewAuditLine): Promise<void> {
  return transact(app, (tx) => audit(app, tx, line));
}

export interface AuditFilter {
  act?: AuditAct;
  /** An account: lines of what it did, and of what was done to it. */
  member?: string;
  cursor?: string;
}

/**
 * The lines of the audit log, the newest first. A page may have less than others, or nothing, where a
 * filter passes over many.
 *
 * @throws {AppError} `not_found` for who is no admin; `invalid` for a cursor that is none of ours.
 */
export async function listAudit(
  app: App,
  { by, act, member, cursor }: AuditFilter & { by: Account },
): Promise<Page<AuditLine>> {
  mustBeAdmin(by);
  const wanted = (line: AuditLine) =>
    (act === undefined || line.act === act) &&
    (member === undefined || line.by === member || line.about === member);
  const found: AuditLine[] = [];
  let next = cursor ?? null;
  for (let looked = 0; looked < MAX_LOOKED_AT; looked += PAGE) {
    const limit = PAGE - found.length;
    const part = await page(app, ranges.audit, { limit, cursor: next ?? undefined });
    found.push(...part.items.map(({ value }) => value).filter(wanted));
    next = part.next;
    if (next === null || found.length >= PAGE) break;
  }
  return { items: found, next };
}

/** The whole log, the oldest line first. @throws {AppError} `not_found` for who is no admin. */
export function allAudit(
  app: App,
  { by }: { by: Account },
): AsyncIterable<Deno.KvEntry<AuditLine>> {
  mustBeAdmin(by);
  return app.store.list<AuditLine>(ranges.audit);
}

/**
 * The number of the first line that is missing or not as it was written, or null. It shows what was
 * done to the log by who cannot make hashes; who can write a whole new log cannot be found out here.
 */
export async function firstAltered(app: Pick<App, "store">): Promise<number | null> {
  const head = await read(app, keys.auditHead); // first: what comes meanwhile need not be there
  let before: AuditFloor | null = null;
  for await (const { value } of app.store.list<AuditLine>(ranges.audit)) {
    const { hash, ...said } = value;
    before ??= await floor(app); // after the list has begun: what the broom takes now was in it
    if (said.seq <= before.seq) continue;
    if (said.seq !== before.seq + 1) return before.seq + 1;
    const right = hash === await hashOf(before.hash, said);
    if (!right || head?.seq === said.seq && head.hash !== hash) return said.seq;
    before = { seq: said.seq, hash };
  }
  const last = before ?? await floor(app);
  return head !== null && head.seq > last.seq ? last.seq + 1 : null;
}

async function floor(app: Pick<App, "store">): Promise<AuditFloor> {
  return await read(app, keys.auditFloor) ?? { seq: 0, hash: "" };
}

function hashOf(before: string, { seq, at, act, by, about, facts }: Omit<AuditLine, "hash">) {
  const sorted = Object.entries(facts).sort(([a], [b]) => a < b ? -1 : 1);
  return sha256(JSON.stringify([before, seq, at, act, by, about, sorted]));
}
