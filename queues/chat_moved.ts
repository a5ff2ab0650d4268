import { chatMoved } from "../domain/chats/chat_links.ts";
import { completed, type Handler } from "../jobs/handler.ts";

/** Tells somebody that their chat was linked to another account. */
export const chatMovedJob: Handler<"chat_moved"> = (app, { payload: { accountId } }) =>
  Promise.resolve(completed((tx) => chatMoved(app, tx, accountId)));
