import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { othersOf } from "../recipients/own_addresses.ts";
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
    const others = hasQuotas(app) ? await othersOf(app, account, to) : [];
    return { perDay, others: others.length };
  }
  const message = `Cannot mail to ${to.length} people at once: at most ${recipients} for now`;
  throw new AppError("invalid", message, { field: "to" });
}
