import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { addressHash } from "./address_hash.ts";
import { addressKey } from "./addresses.ts";

/** A proof that an address is somebody's, and who carried it. */
type Proof = { by: string } | null;

/** Whether a proof counts for the mailer in use: one by the outbox shows nothing about real mail. */
export function proves({ mailer }: Pick<App, "mailer">, verified: Proof): boolean {
  return verified !== null && (verified.by !== "outbox" || mailer.name === "outbox");
}

/** Whether the account's address counts as theirs for the mailer in use. */
export function isVerified(app: Pick<App, "mailer">, { verified }: Account): boolean {
  return proves(app, verified);
}

/** Whether an address is proven to be the account's: its own one, or a further one. */
export async function isOwnAddress(app: App, account: Account, address: string): Promise<boolean> {
  if (addressKey(account.email) === addressKey(address)) return isVerified(app, account);
  const hash = await addressHash(app, address);
  const further = await read(app, keys.ownAddress(account.id, hash));
  return further !== null && proves(app, further.verified);
}
