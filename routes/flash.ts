import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { isId } from "../core/ids.ts";
import { occurrenceRef } from "../domain/reminders/occurrence_id.ts";
import type { Chrome, Flash } from "../views/chrome.ts";
import type { Ctx } from "./router.ts";

/** As with the session's cookie: nobody on a neighbouring host puts words here. */
const cookieName = ({ var: { secure } }: Ctx) => secure ? "__Host-cw_flash" : "cw_flash";
/** A page that never comes must not say it to a later one, s. */
const SAID_WITHIN_S = 60;

/** What can be said on the next page. Only the name travels, so nobody else can put words there. */
const says = {
  saved: () => ({ tone: "good", text: "Saved." }),
  deleted: (id) => ({
    tone: "calm",
    text: "Note deleted. It can be brought back for 30 days.",
    undo: { label: "Undo", action: `/notes/${id}/restore` },
  }),
  restored: () => ({ tone: "good", text: "The note is back." }),
  cancelled: () => ({
    tone: "calm",
    text: "The mailing is cancelled. Nothing more of it will be sent.",
  }),
  ending: () => ({
    tone: "calm",
    text: "The mailing will stop after the message that is being sent.",
  }),
  over: () => ({ tone: "calm", text: "The mailing was over already." }),
  job_cancel: () => ({ tone: "calm", text: "The job is cancelled, or stops in a moment." }),
  job_retry: () => ({ tone: "good", text: "The job is taken up again." }),
  job_run: () => ({ tone: "good", text: "The next try begins now." }),
  job_not_so: () => ({ tone: "bad", text: "That cannot be done: the job has changed meanwhile." }),
  broadcast_saved: () => ({
    tone: "calm",
    text: "Saved as a draft. Nobody is told before you send it.",
  }),
  broadcast_sent: () => ({
    tone: "good",
    text: "It goes out in a minute; until then you can undo it.",
  }),
  broadcast_scheduled: () => ({ tone: "good", text: "It goes out at its time." }),
  broadcast_cancelled: () => ({ tone: "calm", text: "The broadcast is cancelled." }),
  broadcast_over: () => ({ tone: "calm", text: "The broadcast was over already." }),
  broadcast_changed: () => ({
    tone: "bad",
    text: "Not sent: it was changed, or it would now reach other people. Look at it again.",
  }),
  broadcast_soon: () => ({
    tone: "bad",
    text: "Not sent: another one was, less than ten minutes ago. Send it when those are over.",
  }),
  broadcast_past: () => ({ tone: "bad", text: "Not sent: its time is past. Change it first." }),
  activated: () => ({ tone: "good", text: "Your address is confirmed." }),
  signed_out: () => ({ tone: "calm", text: "You are signed out." }),
  sign_in_over: () => ({ tone: "calm", text: "That took too long. Sign in again." }),
  factor_added: () => ({ tone: "good", text: "Your second factor is in use." }),
  factor_removed: () => ({ tone: "good", text: "It is removed, and no longer asked for." }),
  factor_needed: () => ({ tone: "bad", text: "Admins need a second factor. Add one first." }),
  profile: () => ({ tone: "good", text: "Your profile is saved." }),
  password: () => ({
    tone: "good",
    text: "Your password is changed. Other browsers were signed out.",
  }),
  proved: () => ({ tone: "calm", text: "It is you. Now go on: it holds for ten minutes." }),
  password_reset: () => ({
    tone: "good",
    text: "Your new password is set, and every browser was signed out. Sign in with it.",
  }),
  email: () => ({ tone: "good", text: "Your address is changed. Other browsers were signed out." }),
  email_sign_in: () => ({ tone: "good", text: "Your address is changed. Sign in with it." }),
  email_dropped: () => ({ tone: "calm", text: "Your address stays as it is." }),
  email_undone: () => ({
    tone: "calm",
    text:
      "Your address is as it was, and every browser was signed out. If the change was not yours, choose a new password now.",
  }),
  letter_sent: () => ({ tone: "good", text: "A letter is on its way. Open its link to confirm." }),
  account_closed: () => ({ tone: "calm", text: "Your account is closed. Good-bye." }),
  account_kept: () => ({ tone: "good", text: "You keep your account. All is as it was." }),
  session_ended: () => ({ tone: "good", text: "That session is ended." }),
  reminder_set: (id) => ({
    tone: "good",
    text: "Reminder set.",
    undo: { label: "Undo", action: `/reminders/${id}/cancel` },
  }),
  reminder_done: (id) => ({ tone: "good", text: "Done.", undo: undoOf(id) }),
  reminder_snoozed: (id) => ({
    tone: "calm",
    text: "Snoozed. This one rings again then; its rule stays as it is.",
    undo: undoOf(id),
  }),
  reminder_skipped: (id) => ({
    tone: "calm",
    text: "Skipped this one. The next ones come as planned.",
    undo: undoOf(id),
  }),
  reminder_undone: () => ({ tone: "calm", text: "Undone. It is as it was." }),
  reminder_cancelled: (id) => ({
    tone: "calm",
    text: "The reminder is cancelled. It will not ring.",
    undo: { label: "Undo", action: `/reminders/${id}/restore` },
  }),
  reminder_back: () => ({ tone: "good", text: "The reminder is back." }),
  chat_linked: () => ({ tone: "good", text: "Your chat is linked." }),
  chat_waits: () => ({ tone: "calm", text: "Now press Link in the chat, and it is done." }),
  chat_over: () => ({ tone: "bad", text: "That link is over. Begin again if you still want it." }),
  chat_declined: () => ({ tone: "calm", text: "Nothing is linked. The code no longer works." }),
  chat_unlinked: () => ({ tone: "calm", text: "Your chat is no longer linked." }),
  address_proven: () => ({ tone: "good", text: "The address is confirmed." }),
  address_removed: () => ({ tone: "calm", text: "The address is removed." }),
  asked: () => ({
    tone: "calm",
    text: "Who has not agreed yet was asked. Their note waits for the answer here, up to 7 days.",
  }),
  recipients_asked: () => ({
    tone: "good",
    text: "Asked. Each gets one letter, and answers when they like.",
  }),
  recipient_forgotten: () => ({ tone: "calm", text: "The address is off your list." }),
  may_mail: () => ({ tone: "good", text: "They may mail you." }),
  may_not_mail: () => ({ tone: "calm", text: "They cannot mail you any more." }),
  lifted: () => ({ tone: "good", text: "It comes again from now on." }),
  news: () => ({ tone: "good", text: "Your notifications are saved." }),
  member_suspend: () => ({
    tone: "calm",
    text: "Suspended. They are signed out, and nothing of theirs leaves.",
  }),
  member_restore: () => ({ tone: "good", text: "Restored. They can sign in again." }),
  member_sessions: () => ({ tone: "calm", text: "Their sessions are ended." }),
  member_factors: () => ({ tone: "calm", text: "Their second factors are removed." }),
  member_release: () => ({ tone: "good", text: "Released. Their mail leaves again." }),
  member_role: () => ({ tone: "good", text: "Their role is changed, and they are signed out." }),
  member_quota: () => ({ tone: "good", text: "The limit is saved." }),
  member_not_so: () => ({ tone: "bad", text: "That cannot be done with this account." }),
  sending_stopped: () => ({ tone: "calm", text: "Sending is stopped. Nothing more leaves." }),
  sending_resumed: () => ({ tone: "good", text: "Sending goes on." }),
  restored_send: () => ({ tone: "good", text: "Sending goes on, with what was held." }),
  restored_drop: () => ({ tone: "calm", text: "Sending goes on, without what was held." }),
  restored_over: () => ({ tone: "bad", text: "Nothing is held any more: it was decided already." }),
  text_send: () => ({ tone: "good", text: "That text may leave." }),
  text_drop: () => ({ tone: "calm", text: "Nothing with that text will be sent." }),
  text_over: () => ({ tone: "bad", text: "It was decided already what becomes of that text." }),
  suppressed: () => ({ tone: "calm", text: "No mail reaches this address any more." }),
  suppression_lifted: () => ({ tone: "good", text: "Lifted. Mail may reach the address again." }),
  read: () => ({ tone: "calm", text: "Everything is marked as read." }),
} satisfies Record<string, (id: string) => Flash>;

/** Takes back what was just done to one time of a reminder. */
function undoOf(id: string): Flash["undo"] {
  return { label: "Undo", action: `/reminders/${id}/undo` };
}

export interface FlashRef {
  name: keyof typeof says;
  /** What it is about. */
  id?: string;
  /** The draft that was saved with it. */
  draft?: string;
}

/** Says something on the page that the browser goes to next. */
export function flash(c: Ctx, { name, id = "", draft = "" }: FlashRef): void {
  setCookie(c, cookieName(c), [name, id, draft].join("."), {
    path: "/",
    secure: c.var.secure,
    httpOnly: true,
    sameSite: "Lax",
    maxAge: SAID_WITHIN_S,
  });
}

/** What is to be said now, and never again. */
export function takeFlash(c: Ctx): Pick<Chrome, "flash" | "savedDraft"> {
  const cookie = cookieName(c);
  const value = getCookie(c, cookie);
  if (value === undefined) return { flash: null, savedDraft: null };
  deleteCookie(c, cookie, { path: "/", secure: c.var.secure });
  const [name = "", id = "", draft = ""] = value.split(".");
  const say = Object.hasOwn(says, name) ? says[name as keyof typeof says] : null;
  return {
    flash: say && (id === "" || isId(id) || occurrenceRef(id) !== null)
      ? (say as (id: string) => Flash)(id)
      : null,
    savedDraft: isId(draft) ? draft : null,
  };
}
