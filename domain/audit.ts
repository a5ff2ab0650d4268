import type { App } from "../core/app.ts";
import { keys, ranges } from "../kv/keys.ts";
import { type Page, page } from "../kv/read.ts";
import type { Account, AuditLine } from "../kv/schema.ts";
import { transact, type Tx } from "../kv/transact.ts";
import { mustBeAdmin } from "./admins.ts";
import { sha256 } from "./digest.ts";

const PAGE = 50;
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
  const key = keys.auditedLately(line.act, who);
  const now = app.clock.now();
  if (((await tx.get(key))?.expiresAt ?? 0) > now) return;
  tx.set(key, { expiresAt: now + SELDOM_MS });
  await audit(app, tx, line);
}

/** As `audit`, for what changes nothing else in the store. */
export function auditAlone(app: App, line: NewAuditLine): Promise<void> {
  return transact(app, (tx) => audit(app, tx, line));
}

/** The lines of the audit log, the newest first. @throws {AppError} `not_found` for who is no admin. */
export async function listAudit(
  app: App,
  { by, cursor }: { by: Account; cursor?: string },
): Promise<Page<AuditLine>> {
  mustBeAdmin(by);
  const { items, next } = await page(app, ranges.audit, { limit: PAGE, cursor });
  return { items: items.map(({ value }) => value), next };
}

/**
 * The number of the first line that is missing or not as it was written, or null. The oldest line that
 * is left is taken for right: those before it may have been removed for their age.
 */
export async function firstAltered(app: Pick<App, "store">): Promise<number | null> {
  let before: AuditLine | null = null;
  for await (const { value } of app.store.list<AuditLine>(ranges.audit)) {
    const { hash, ...said } = value;
    if (before !== null) {
      if (said.seq !== before.seq + 1) return before.seq + 1;
      if (hash !== await hashOf(before.hash, said)) return said.seq;
    }
    before = value;
  }
  const head = (await app.store.get<AuditLine>(keys.auditHead)).value;
  return head !== null && head.seq !== before?.seq ? (before?.seq ?? 0) + 1 : null;
}

function hashOf(before: string, { seq, at, act, by, about, facts }: Omit<AuditLine, "hash">) {
  const sorted = Object.entries(facts).sort(([a], [b]) => a < b ? -1 : 1);
  return sha256(JSON.stringify([before, seq, at, act, by, about, sorted]));
}
