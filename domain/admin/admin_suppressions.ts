import type { App } from "../../core/app.ts";
import { notFound } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { type Page, page, readMany } from "../../kv/read.ts";
import type { Account, Suppression, SuppressionCause, SuppressionScope } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type Addressee, addresseeOf } from "../recipients/addressee.ts";
import { parseAddress } from "../recipients/addresses.ts";
import { requireAdmin } from "./admins.ts";
import { lift, suppress } from "../recipients/suppressing.ts";
import { FORCED } from "../recipients/suppressions.ts";

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
  const of = address === undefined ? null : await personOf(app, address);
  const range = of === null ? ranges.suppressions : ranges.suppressionsOf(of.box);
  const { items, next } = await page(app, range, { limit: PAGE, cursor, reverse: false });
  if (of !== null && of.hash !== of.box && cursor === undefined) {
    // What is of this spelling alone is little: a page more than full holds it.
    items.unshift(
      ...await Array.fromAsync(app.store.list<Suppression>(ranges.suppressionsOf(of.hash))),
    );
  }
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
      over: value.chosen === undefined && value.until !== null && value.until <= now,
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
  const to = await personOf(app, address);
  await transact(app, async (tx) => {
    await requireAdmin(tx, by.id, "page");
    await suppress(app, tx, to, { scope: "all", cause: "admin", by: by.id });
  });
}

/** Every cause: an admin lifts whatever it is. */
const ALL: readonly SuppressionCause[] = [
  ...FORCED,
  ...["unsubscribe", "refused", "never", "admin"] as const,
];

/** Lets mail reach an address again. @throws {AppError} `not_found`, also for who is no admin. */
export async function liftSuppression(
  app: App,
  { ref, by }: { ref: string; by: Account },
): Promise<void> {
  const { hash, scope } = readRef(ref);
  await transact(app, async (tx) => {
    await requireAdmin(tx, by.id, "page");
    if (!await lift(app, tx, { hash, box: hash }, { scope, causes: ALL, by: by.id })) {
      throw notFound("suppression");
    }
  });
}

const personOf = (app: App, address: string): Promise<Addressee> =>
  addresseeOf(app, parseAddress(address, "address").address);

function senderOf(scope: SuppressionScope): string | null {
  return scope.startsWith("sender:") ? scope.slice("sender:".length) : null;
}

/** The scopes that name no member. */
const PLAIN = ["all", "broadcasts", "notes", "reminders"] as const;

function readRef(ref: string): { hash: string; scope: SuppressionScope } {
  const [hash = "", scope = "", ...rest] = ref.split(".");
  if (/^[\w-]{43}$/.test(hash) && rest.length === 0) {
    const plain = PLAIN.find((one) => one === scope);
    if (plain) return { hash, scope: plain };
    const [kind, id = ""] = scope.split(":");
    if (kind === "sender" && isId(id)) return { hash, scope: `sender:${id}` };
  }
  throw notFound("suppression");
}
