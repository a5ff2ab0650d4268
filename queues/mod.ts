import type { Endings, Handlers } from "../jobs/handler.ts";
import { emailAccount } from "./email_account.ts";
import { emailNote } from "./email_note.ts";
import { giveUp } from "./give_up.ts";
import { prune } from "./prune.ts";
import { purgeNoteJob } from "./purge_note.ts";
import { showProgress } from "./show_progress.ts";
import { tellChat } from "./tell_chat.ts";

/** One handler for each kind of the catalogue, or it does not compile. */
export const handlers: Handlers = {
  email_note: emailNote,
  email_account: emailAccount,
  tell_chat: tellChat,
  show_progress: showProgress,
  prune,
  purge_note: purgeNoteJob,
};

/** What ends with a job that is given up. */
export const endings: Endings = { email_note: giveUp, email_account: giveUp, tell_chat: giveUp };
