import type { App } from "../../core/app.ts";
import type { Account, ReminderChannels } from "../../kv/schema.ts";
import { chatOf } from "../chats/chats.ts";
import { preferencesOf } from "../accounts/preferences.ts";
import { isVerified } from "../recipients/recipients.ts";

/** Where somebody's new reminder rings if nothing else is said: the page, and what they prefer and have. */
export async function defaultChannels(app: App, account: Account): Promise<ReminderChannels> {
  const [{ reminders }, chat] = await Promise.all([
    preferencesOf(app, account.id),
    app.messenger === null ? null : chatOf(app, account.id),
  ]);
  return {
    page: true,
    telegram: reminders.telegram && chat?.state === "on",
    mail: reminders.mail && isVerified(app, account) ? [account.email] : [],
  };
}
