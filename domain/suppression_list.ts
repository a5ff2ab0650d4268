import type { App } from "../core/app.ts";
import { notFound } from "../core/errors.ts";
import { keys, ranges } from "../kv/keys.ts";
import { type Page, page } from "../kv/read.ts";
import type { Account, Suppression, SuppressionScope } from "../kv/schema.ts";
import { transact } from "../kv/transact.ts";
import { parseAddress } from "./addresses.ts";
import { mustBeAdmin } from "./admins.ts";
import { FORCED } from "./suppressions.ts";
import { addresseeOf, lift, suppress } from "./suppressing.ts";

const PAGE = 50;

/** A suppression with what names it. */
export interface ListedSuppression extends Suppression {
  hash: string;
}

/**
 * All that is kept from anybody, a page at a time, in no order that means anything.
 *
 * @throws {AppError} `not_found` for who is no admin; `invalid` for a cursor that is none of ours.
 */
export async function listSuppressions(
  app: App,
  { by, cursor }: { by: Account; cursor?: string },
): Promise<Page<ListedSuppression>> {
  mustBeAdmin(by);
  const { items, next } = await page(app, ranges.suppressions, { limit: PAGE, cursor });
  return { items: items.map(({ key, value }) => ({ ...value, hash: String(key[1]) })), next };
}

/** Keeps all mail from an address, until an admin lifts it. @throws {AppError} `not_found`, `invalid`. */
export async function suppressByAdmin(
  app: App,
  { by, address }: { by: Account; address: string },
): Promise<void> {
  mustBeAdmin(by);
  const to = await addresseeOf(app, parseAddress(address, "address").address);
  await transact(app, (tx) => suppress(app, tx, to, { scope: "all", cause: "admin", by: by.id }));
}

/**
 * Lifts one. What the owner of the address has chosen stays: an admin cannot want mail for them.
 *
 * @throws {AppError} `not_found`, also for who is no admin.
 */
export async function liftByAdmin(
  app: App,
  { by, hash, scope }: { by: Account; hash: string; scope: string },
): Promise<void> {
  mustBeAdmin(by);
  await transact(app, async (tx) => {
    const named = scope as SuppressionScope; // only ever compared
    const there = await tx.get(keys.suppression(hash, named));
    const causes = [...FORCED, "admin" as const];
    const lifted = there && await lift(app, tx, hash, { scope: named, causes, by: by.id });
    if (!lifted) throw notFound("entry");
  });
}
