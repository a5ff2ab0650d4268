import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Preferences } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";

/** What holds for those who have not said anything. */
export const DEFAULT_PREFERENCES: Preferences = {
  reminders: { mail: true, telegram: true },
  mailings: { mail: false, telegram: true },
  broadcasts: { mail: true, telegram: true },
};

/** What an account wants to hear of, and where. */
export async function preferencesOf(
  app: Pick<App, "store">,
  accountId: string,
): Promise<Preferences> {
  return await read(app, keys.preferences(accountId)) ?? DEFAULT_PREFERENCES;
}

/** The same in a transaction. */
export async function preferencesIn(tx: Tx, accountId: string): Promise<Preferences> {
  return await tx.get(keys.preferences(accountId)) ?? DEFAULT_PREFERENCES;
}

/** Keeps what an account wants from now on; what is under way stays as it is. */
export async function setPreferences(
  app: App,
  accountId: string,
  preferences: Preferences,
): Promise<void> {
  await transact(app, (tx) => tx.set(keys.preferences(accountId), preferences));
}
