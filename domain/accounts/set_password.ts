import { AppError } from "../../core/errors.ts";
import type { Account } from "../../kv/schema.ts";
import { MIN_PASSWORD_CHARS } from "./password_policy.ts";

/**
 * An account with another password, and whether it is too short to stand alone.
 *
 * @throws {AppError} `conflict` for such a one when the second factor has been removed meanwhile.
 */
export function withPassword(
  { shortPassword: _, ...account }: Account,
  { password, hashed }: { password: string; hashed: string },
): Account {
  if ([...password].length >= MIN_PASSWORD_CHARS) return { ...account, password: hashed };
  if (account.factorAt === undefined) {
    const why = `without a second factor it needs ${MIN_PASSWORD_CHARS} characters`;
    throw new AppError("conflict", `Cannot use this password: ${why}`);
  }
  return { ...account, password: hashed, shortPassword: true };
}
