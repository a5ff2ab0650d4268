import type { App } from "../core/app.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import { isOwnAddress } from "./own_address.ts";

export { isVerified } from "./own_address.ts";

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
  const own = await Promise.all(
    to.map((address) => account !== null && isOwnAddress(app, account, address)),
  );
  return to.filter((address, i) => !isOfDomain(app, address) && !own[i]).map((text) => ({
    text,
    why: "has not agreed to be mailed by you; only your own verified address may be",
  }));
}

/** Whether the operator lets everybody mail the people of this address's domain. */
export function isOfDomain({ config }: Pick<App, "config">, address: string): boolean {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return config.recipientDomains.includes(domain);
}
