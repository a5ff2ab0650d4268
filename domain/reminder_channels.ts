import type { App } from "../core/app.ts";
import type { Account, ReminderChannels } from "../kv/schema.ts";
import { preferencesOf } from "./preferences.ts";
import { blockedFor } from "./recipients.ts";

/** Where a reminder rings that somebody makes in their chat: there, and where they want it besides. */
export async function channelsOfChat(app: App, account: Account): Promise<ReminderChannels> {
  const { id: ownerId, email } = account;
  const { reminders } = await preferencesOf(app, ownerId);
  const mail = reminders.mail && (await blockedFor(app, { ownerId, to: [email] })).length === 0;
  return { page: true, telegram: true, mail: mail ? [email] : [] };
}
