import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { accountByAddress } from "../accounts/accounts.ts";
import { audit } from "../admin/audit.ts";
import { dropFactors } from "./factors_drop.ts";

/**
 * Removes all second factors of whose address this is, on the word of who has the machine.
 *
 * @throws {AppError} `not_found` for an address that nobody signs in with; `conflict` without a factor.
 */
export async function removeLostFactors(
  app: Pick<App, "store" | "clock" | "hub" | "waker">,
  address: string,
): Promise<Account> {
  const found = await accountByAddress(app, address);
  if (found === null) throw new AppError("not_found", "nobody signs in with this address");
  return await transact(app, async (tx) => {
    const account = await tx.get(keys.account(found.id));
    if (account === null || account.factorAt === undefined) {
      throw new AppError("conflict", "this account has no second factor");
    }
    await dropFactors(app, tx, account);
    const facts = { how: "at the machine" };
    await audit(app, tx, { act: "factors_reset", about: account.id, facts });
    return account;
  });
}
