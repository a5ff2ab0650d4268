/** Steps of a purge that empty ranges which are the account's alone. */
import type { App } from "../../core/app.ts";
import { keys, type Prefix, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Consent, Purge } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { removeFile } from "../data/files.ts";
import type { PurgeStep } from "./purge.ts";

/** Entries that are removed in one commit. */
const BATCH = 500;
const CONSENTS = 200;

/** Everything that stands under the account's id, or its chat's, and leads nowhere. */
const rangesOf = ({ accountId, chatId }: Purge): Prefix<unknown>[] => [
  ranges.notificationsOf(accountId),
  ranges.notificationIdsOf(accountId),
  ranges.openOccurrencesOf(accountId),
  ranges.mailingsOf(accountId),
  ranges.jobsOf(accountId),
  ranges.sessionsOf(accountId),
  ranges.invitedBy(accountId),
  ranges.allAwaitingConsentOf(accountId),
  ranges.ownAddressesOf(accountId),
  ranges.mailDaysOf(accountId),
  ranges.demosOf(accountId),
  ranges.reportedOf(accountId),
  ...chatId === null ? [] : [ranges.cardsOf(chatId)],
];

export const purgeIndexes: PurgeStep = async (app, purge) => {
  const { accountId, chatId } = purge;
  await transact(app, (tx) => {
    tx.delete(keys.preferences(accountId));
    tx.delete(keys.sender(accountId));
    tx.delete(keys.emailChange(accountId));
    tx.delete(keys.devices(accountId));
    tx.delete(keys.factors(accountId));
    tx.delete(keys.importReport(accountId));
    if (chatId !== null) tx.delete(keys.chatAsked(chatId));
  });
  for (const range of rangesOf(purge)) {
    if (await removeSome(app, range) === BATCH) return { next: "" };
  }
  return { next: null };
};

/**
 * Whom the account has asked; each stands under the address's hash too. What others have asked its
 * addresses stays: that is theirs, and what was answered holds.
 */
export const purgeConsents: PurgeStep = async (app, { accountId }) => {
  const range = ranges.consentsOf(accountId);
  const entries = await Array.fromAsync(app.store.list<Consent>(range, { limit: CONSENTS }));
  await transact(app, (tx) => {
    for (const { key } of entries) {
      tx.delete(key);
      tx.delete(keys.consentByAddress(String(key.at(-1)), accountId));
    }
  });
  return { next: entries.length === CONSENTS ? "" : null };
};

/** Removes the first entries of a range. @returns how many. */
export async function removeSome(
  app: Pick<App, "store">,
  range: Prefix<unknown>,
): Promise<number> {
  const entries = await Array.fromAsync(app.store.list(range, { limit: BATCH }));
  await transact(app, (tx) => {
    for (const { key } of entries) tx.delete(key);
  });
  return entries.length;
}

/** Files to take away and files that were brought, whoever they were replaced by. */
export const purgeFiles: PurgeStep = async (app, { accountId }) => {
  for (const file of await list(app, ranges.files)) {
    if (file.accountId === accountId) await removeFile(app, file.id);
  }
  await removeSome(app, ranges.filesOf(accountId));
  return { next: null };
};
