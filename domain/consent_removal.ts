import type { App } from "../core/app.ts";
import { keys, ranges } from "../kv/keys.ts";
import { transact } from "../kv/transact.ts";

/**
 * Removes some of what is kept of whom a member has asked, also where the address's owner finds it; the
 * links of their invitations open nothing from then on.
 *
 * @returns how many entries it removed.
 */
export async function removeConsents(
  app: Pick<App, "store">,
  ownerId: string,
  limit: number,
): Promise<number> {
  const consents = await Array.fromAsync(app.store.list(ranges.consentsOf(ownerId), { limit }));
  const invited = await Array.fromAsync(app.store.list(ranges.invitedBy(ownerId), { limit }));
  await transact(app, (tx) => {
    for (const { key } of consents) {
      tx.delete(keys.consentByAddress(String(key.at(-1)), ownerId));
      tx.delete(key);
    }
    for (const { key } of invited) tx.delete(key);
  });
  return consents.length + invited.length;
}
