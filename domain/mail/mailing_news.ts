import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import type { Mailing } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { tellInChat } from "../chats/chat_news.ts";
import { notify } from "../notifications.ts";

/** Tells whoever asked for a mailing how it ended: in the inbox, and in the chat if they want that. */
export async function mailingOver(
  app: App,
  tx: Tx,
  { mailing: { jobId, ownerId, title }, text }: { mailing: Mailing; text: string },
): Promise<void> {
  const href = `/mailings/${jobId}`;
  await notify(app, tx, ownerId, { kind: "mailing", title, text, href });
  // A message in the chat that shows how the mailing goes says this too.
  if (await tx.get(keys.chatProgress(jobId))) return;
  await tellInChat(app, tx, ownerId, { kind: "mailings", title, text, href });
}
