import type { App } from "../core/app.ts";
import { ranges } from "../kv/keys.ts";
import { type Page, page } from "../kv/read.ts";
import type { Account } from "../kv/schema.ts";
import { mustBeAdmin } from "./admins.ts";

const PAGE = 50;

/** A member as admins see them. */
export type Member = Pick<
  Account,
  "id" | "email" | "name" | "role" | "zone" | "verified" | "createdAt"
>;

/**
 * All accounts, the newest first.
 *
 * @throws {AppError} `not_found` for who is no admin; `invalid` for a cursor that is none of ours.
 */
export async function listMembers(
  app: App,
  { by, cursor }: { by: Account; cursor?: string },
): Promise<Page<Member>> {
  mustBeAdmin(by);
  const { items, next } = await page(app, ranges.accounts, { limit: PAGE, cursor });
  const members = items.map(({ value }) => {
    const { id, email, name, role, zone, verified, createdAt } = value;
    return { id, email, name, role, zone, verified, createdAt };
  });
  return { items: members, next };
}
