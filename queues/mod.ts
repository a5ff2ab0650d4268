import type { Endings, Handlers } from "../jobs/handler.ts";
import { demo } from "./demo.ts";
import { emailAccount } from "./email_account.ts";
import { emailNote } from "./email_note.ts";
import { fireReminder } from "./fire_reminder.ts";
import { giveUp } from "./give_up.ts";
import { giveUpReminder } from "./give_up_reminder.ts";
import { markChat } from "./mark_chat.ts";
import { prune } from "./prune.ts";
import { purgeNoteJob } from "./purge_note.ts";
import { tellChat } from "./tell_chat.ts";

/** One handler for each kind of the catalogue, or it does not compile. */
export const handlers: Handlers = {
  email_note: emailNote,
  email_account: emailAccount,
  tell_chat: tellChat,
  demo,
  fire_reminder: fireReminder,
  mark_chat: markChat,
  prune,
  purge_note: purgeNoteJob,
};

/** What ends with a job that is given up. */
export const endings: Endings = {
  email_note: giveUp,
  email_account: giveUp,
  tell_chat: giveUp,
  fire_reminder: giveUpReminder,
};
