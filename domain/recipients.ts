import type { App } from "../core/app.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import type { Account } from "../kv/schema.ts";

/** An address that may not be mailed, and what to do about it. */
export interface Blocked {
  text: string;
  why: string;
}

/**
 * Which of these addresses this account may not mail. Where nothing leaves the machine, and where the
 * operator has said so, anyone may be mailed; else only one's own verified address and the
 * operator's domains.
 */
export async function blockedFor(
  app: App,
  { ownerId, to }: { ownerId: string; to: readonly string[] },
): Promise<Blocked[]> {
  if (app.mailer.name === "outbox" || !app.config.recipientCheck) return [];
  const account = await read(app, keys.account(ownerId));
  const domains = app.config.recipientDomains;
  return to.filter((address) => {
    const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
    return !domains.includes(domain) && !isOwn(app, account, address);
  }).map((text) => ({
    text,
    why: "has not agreed to be mailed by you; only your own verified address may be",
  }));
}

/** Proof that went through the outbox shows nothing about who reads real mail. */
function isOwn(app: App, account: Account | null, address: string): boolean {
  return account !== null && account.email.toLowerCase() === address.toLowerCase() &&
    isVerified(app, account);
}

/** Whether the account's address counts as theirs for the mailer in use. */
export function isVerified(app: Pick<App, "mailer">, { verified }: Account): boolean {
  return verified !== null && (verified.by !== "outbox" || app.mailer.name === "outbox");
}
