import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { isOpen } from "../accounts/accounts.ts";
import { issueToken, peekToken, tokenValue, useToken } from "../accounts/tokens.ts";

/** How long somebody may take between the first factor and the second, ms. */
export const TICKET_MS = 600_000;

/** Half of a sign-in: who holds it has shown the password or the link of a letter, and no more. */
export async function issueTicket(
  app: App,
  { id, epoch }: Pick<Account, "id" | "epoch">,
): Promise<string> {
  const token = { purpose: "factor", subject: id, epoch, lifeMs: TICKET_MS } as const;
  const tokenId = await transact(app, (tx) => issueToken(app, tx, token));
  return await tokenValue(app, "factor", tokenId);
}

/** Whose sign-in a ticket is half of. @throws {AppError} `unauthorized` for one that is over. */
export async function ticketHolder(app: App, ticket: string): Promise<Account> {
  const token = await peekToken(app, "factor", ticket).catch(gone);
  const account = token && await read(app, keys.account(token.subject));
  if (!token || !account || account.epoch !== token.epoch || !isOpen(account)) throw over();
  return account;
}

/** Ends a ticket: a sign-in has come of it. @throws {AppError} `unauthorized` where one has already. */
export async function useTicket(app: App, ticket: string): Promise<void> {
  const used = await transact(app, (tx) => useToken(app, tx, "factor", ticket)).catch(gone);
  if (used === null) throw over();
}

function gone(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}

function over(): AppError {
  return new AppError("unauthorized", "Cannot go on: it took too long, sign in again");
}
