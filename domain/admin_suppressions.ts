import type { App } from "../core/app.ts";
import { notFound } from "../core/errors.ts";
import { isId } from "../core/ids.ts";
import { keys, ranges } from "../kv/keys.ts";
import { type Page, page, readMany } from "../kv/read.ts";
import type { Account, Suppression, SuppressionScope } from "../kv/schema.ts";
import { transact } from "../kv/transact.ts";
import { addressHash, masked } from "./address_hash.ts";
import { parseAddress } from "./addresses.ts";
import { requireAdmin } from "./admins.ts";
import { audit } from "./audit.ts";

const PAGE = 50;

/** What must not reach an address, as admins see it: the address only in part. */
export interface SuppressionView extends Suppression {
  /** Names it. */
  ref: string;
  /** The member whose mail it stops, where that is one and they are still there. */
  sender: { id: string; name: string } | null;
  /** It ended by itself. */
  over: boolean;
}

export interface SuppressionSearch {
  by: Account;
  /** A whole address: only what is known of it. Part of one cannot be searched for. */
  address?: string;
  cursor?: string;
}

/**
 * All that is suppressed, in no order that means anything: addresses are known by their hashes alone.
 *
 * @throws {AppError} `not_found` for who is no admin; `invalid` of "address", and for a cursor that is
 *   none of ours.
 */
export async function listSuppressions(
  app: App,
  { by, address, cursor }: SuppressionSearch,
): Promise<Page<SuppressionView>> {
  await requireAdmin(app, by.id, "page");
  const of = address === undefined ? null : await hashOf(app, address);
  const range = of === null ? ranges.suppressions : ranges.suppressionsOf(of);
  const { items, next } = await page(app, range, { limit: PAGE, cursor, reverse: false });
  const senders = items.flatMap(({ value }) => senderOf(value.scope) ?? []);
  const accounts = await readMany(app, [...new Set(senders)].map((id) => keys.account(id)));
  const names = new Map(accounts.map(({ id, name }) => [id, name]));
  const now = app.clock.now();
  const views = items.map(({ key, value }) => {
    const id = senderOf(value.scope);
    const name = names.get(id ?? "");
    return {
      ...value,
      ref: `${String(key[1])}.${value.scope}`,
      sender: id === null || name === undefined ? null : { id, name },
      over: value.until !== null && value.until <= now,
    };
  });
  return { items: views, next };
}

/**
 * Sees to it that no mail reaches an address but letters about an account of its own.
 *
 * @throws {AppError} `not_found` for who is no admin; `invalid` of "address".
 */
export async function suppressAddress(
  app: App,
  { address, by }: { address: string; by: Account },
): Promise<void> {
  const parsed = parseAddress(address, "address").address;
  const hash = await addressHash(app, parsed);
  await transact(app, async (tx) => {
    await requireAdmin(tx, by.id, "page");
    const key = keys.suppression(hash, "all");
    const at = app.clock.now();
    const there = await tx.get(key);
    if (there !== null && (there.until ?? Infinity) > at) return; // its own cause may say more
    const shown = masked(parsed);
    tx.set(key, { shown, scope: "all", cause: "admin", at, until: null });
    await audit(app, tx, {
      act: "suppressed",
      by: by.id,
      facts: { address: shown, scope: "all", cause: "admin" },
    });
  });
}

/** Lets mail reach an address again. @throws {AppError} `not_found`, also for who is no admin. */
export async function liftSuppression(
  app: App,
  { ref, by }: { ref: string; by: Account },
): Promise<void> {
  await transact(app, async (tx) => {
    await requireAdmin(tx, by.id, "page");
    const key = keyOf(ref);
    const there = key === null ? null : await tx.get(key);
    if (key === null || there === null) throw notFound("suppression");
    tx.delete(key);
    const { shown, scope, cause } = there;
    await audit(app, tx, {
      act: "suppression_lifted",
      by: by.id,
      about: senderOf(scope),
      facts: { address: shown, scope: scope.split(":")[0] ?? scope, cause },
    });
  });
}

const hashOf = (app: App, address: string) =>
  addressHash(app, parseAddress(address, "address").address);

function senderOf(scope: SuppressionScope): string | null {
  return scope.startsWith("sender:") ? scope.slice("sender:".length) : null;
}

/** The key behind a `ref`; null for what is none. */
function keyOf(ref: string) {
  const [hash = "", scope = "", ...rest] = ref.split(".");
  if (!/^[\w-]{43}$/.test(hash) || rest.length > 0) return null;
  if (scope === "all" || scope === "broadcasts") return keys.suppression(hash, scope);
  const [kind, id = ""] = scope.split(":");
  return kind === "sender" && isId(id) ? keys.suppression(hash, `sender:${id}`) : null;
}
