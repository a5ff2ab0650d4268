import { notFound } from "../core/errors.ts";
import type { Account } from "../kv/schema.ts";

/** Lets admins pass. @throws {AppError} `not_found` for others: to them there is nothing here. */
export function mustBeAdmin({ role }: Pick<Account, "role">): void {
  if (role !== "admin") throw notFound("page");
}
