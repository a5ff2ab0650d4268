import type { App } from "../../core/app.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import type { Preferences } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { openChatOf } from "./chats.ts";
import { preferencesIn } from "../accounts/preferences.ts";

export interface ChatNews {
  kind: keyof Preferences;
  title: string;
  text: string;
  /** A path of ours. */
  href: string;
}

/**
 * Has somebody told of something in their chat, if they have one and want it there: a job of its own,
 * exactly once with the commit it is part of.
 */
export async function tellInChat(
  app: App,
  tx: Tx,
  accountId: string,
  { kind, ...news }: ChatNews,
): Promise<void> {
  if (app.messenger === null || await openChatOf(tx, accountId) === null) return;
  if (!(await preferencesIn(tx, accountId))[kind].telegram) return;
  await enqueue(app, tx, "tell_chat", { accountId, ...news });
}
