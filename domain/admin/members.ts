import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { type Page, page, read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { accountByAddress } from "../accounts/accounts.ts";
import { mustBeAdmin } from "./admins.ts";

/** Accounts read at once, and least members of a page, as long as there are more. */
const PART = 50;
/** Most accounts looked at for one page of a search. */
const MOST_SEARCHED = 2_000;
const MAX_QUERY_CHARS = 200;

/** A member as admins see them. */
export type Member = Pick<
  Account,
  | "id"
  | "email"
  | "name"
  | "role"
  | "zone"
  | "verified"
  | "createdAt"
  | "factorAt"
  | "suspended"
  | "closedAt"
>;

/** Members, and how many accounts were looked at to find them. */
export interface MemberPage extends Page<Member> {
  looked: number;
}

export interface MemberSearch {
  /** Part of a name or an address, in any case, or a whole id; everybody without. */
  q?: string;
  cursor?: string;
}

/**
 * All accounts, the newest first, or those with `q` in their name or address; whose whole address or
 * id it is comes first. A search looks at so many accounts a page, so it may find fewer, or none, and go on.
 *
 * @throws {AppError} `not_found` for who is no admin; `invalid` of "q" when it is too long, and for a
 *   cursor that is none of ours.
 */
export async function listMembers(
  app: App,
  { by, q = "", cursor }: MemberSearch & { by: Account },
): Promise<MemberPage> {
  mustBeAdmin(by);
  if (q.length > MAX_QUERY_CHARS) {
    const why = `it is longer than ${MAX_QUERY_CHARS} characters`;
    throw new AppError("invalid", `Cannot search for this: ${why}`, { field: "q" });
  }
  const sought = q.trim().toLowerCase();
  const exact = isId(sought)
    ? await read(app, keys.account(sought))
    : sought.includes("@")
    ? await accountByAddress(app, sought)
    : null;
  const fits = ({ id, name, email }: Account) =>
    id !== exact?.id &&
    (name.toLowerCase().includes(sought) || email.toLowerCase().includes(sought));
  const found = exact !== null && cursor === undefined ? [exact] : [];
  let next = cursor ?? null;
  let looked = 0;
  do {
    const part = await page(app, ranges.accounts, { limit: PART, cursor: next ?? undefined });
    found.push(...part.items.map(({ value }) => value).filter(fits));
    looked += part.items.length;
    next = part.next;
  } while (next !== null && found.length < PART && looked < MOST_SEARCHED);
  return { items: found.map(toMember), next, looked };
}

/** What admins may see of an account; never its password's hash. */
export function toMember(account: Account): Member {
  const { id, email, name, role, zone, verified, createdAt } = account;
  const { factorAt, suspended, closedAt } = account;
  return { id, email, name, role, zone, verified, createdAt, factorAt, suspended, closedAt };
}

/** What somebody calls themselves; null when they are gone. */
export async function nameOf(app: App, id: string): Promise<string | null> {
  return (await read(app, keys.account(id)))?.name ?? null;
}
