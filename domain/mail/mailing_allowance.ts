import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { addressKey } from "../recipients/addresses.ts";
import { provenAddresses } from "../recipients/own_addresses.ts";
import { allowanceOf, hasQuotas } from "./quotas.ts";

/**
 * How many messages the member may send a day, and how many of these go to other people, where that
 * is counted.
 *
 * @throws {AppError} `invalid` for too many recipients.
 */
export async function mailingAllowance(
  app: App,
  { ownerId, to }: { ownerId: string; to: readonly string[] },
): Promise<{ perDay: number; others: number }> {
  const account = await read(app, keys.account(ownerId));
  if (account === null) throw notFound("account");
  const { perDay, recipients } = await allowanceOf(app, account);
  if (to.length <= recipients) {
    const own = new Set((await provenAddresses(app, account)).map(addressKey));
    const others = to.filter((address) => !own.has(addressKey(address))).length;
    return { perDay, others: hasQuotas(app) ? others : 0 };
  }
  const message = `Cannot mail to ${to.length} people at once: at most ${recipients} for now`;
  throw new AppError("invalid", message, { field: "to" });
}
