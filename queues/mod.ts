import type { Endings, Handlers } from "../jobs/handler.ts";
import { closeAccountJob } from "./close_account.ts";
import { deliverBroadcast, giveUpDelivering } from "./deliver_broadcast.ts";
import { demo } from "./demo.ts";
import { emailAccount } from "./email_account.ts";
import { emailInvitation } from "./email_invitation.ts";
import { emailNote } from "./email_note.ts";
import { emailOwnAddress } from "./email_own_address.ts";
import { fireReminder } from "./fire_reminder.ts";
import { giveUp } from "./give_up.ts";
import { giveUpReminder } from "./give_up_reminder.ts";
import { chatMovedJob } from "./chat_moved.ts";
import { judgeSenderJob } from "./judge_sender.ts";
import { mailEvent } from "./mail_event.ts";
import { exportAccount } from "./export_account.ts";
import { importAccount } from "./import_account.ts";
import { markChat } from "./mark_chat.ts";
import { moveReminders } from "./move_reminders.ts";
import { prune } from "./prune.ts";
import { purgeAccount } from "./purge_account.ts";
import { purgeNoteJob } from "./purge_note.ts";
import { endShowing, showProgress } from "./show_progress.ts";
import { giveUpSending, sendBroadcast } from "./send_broadcast.ts";
import { tellAdminsJob } from "./tell_admins.ts";
import { tellChat } from "./tell_chat.ts";

/** One handler for each kind of the catalogue, or it does not compile. */
export const handlers: Handlers = {
  email_note: emailNote,
  email_account: emailAccount,
  tell_chat: tellChat,
  show_progress: showProgress,
  fire_reminder: fireReminder,
  mark_chat: markChat,
  send_broadcast: sendBroadcast,
  deliver_broadcast: deliverBroadcast,
  demo,
  close_account: closeAccountJob,
  purge_account: purgeAccount,
  export_account: exportAccount,
  import_account: importAccount,
  prune,
  purge_note: purgeNoteJob,
  mail_event: mailEvent,
  judge_sender: judgeSenderJob,
  chat_moved: chatMovedJob,
  tell_admins: tellAdminsJob,
  email_invitation: emailInvitation,
  email_own_address: emailOwnAddress,
  move_reminders: moveReminders,
};

/** What ends with a job that is given up. */
export const endings: Endings = {
  email_note: giveUp,
  email_account: giveUp,
  tell_chat: giveUp,
  show_progress: endShowing,
  fire_reminder: giveUpReminder,
  send_broadcast: giveUpSending,
  deliver_broadcast: giveUpDelivering,
  email_invitation: giveUp,
  email_own_address: giveUp,
};
