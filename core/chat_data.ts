/** Bot API: what a button sends back is 1–64 bytes. */
const MAX_BYTES = 64;
/** Buttons stay in chats for years; those of another version are answered as too old. */
const VERSION = "1";

/** What the bot's own buttons do; those under a reminder are made by `domain/reminders/reminder_chat.ts`. */
export type ChatAct =
  | "link"
  | "link_no"
  | "unlink"
  | "close"
  | "note"
  | "note_delete"
  | "note_restore"
  | "notes"
  | "mail"
  | "mail_me"
  | "mail_go"
  | "mail_retry"
  | "remind"
  | "remind_at"
  | "remind_cancel"
  | "remind_restore"
  | "reminder"
  | "announce"
  | "announce_way"
  | "announce_no";

/**
 * What a button sends back: an act and what it is about, ids only.
 *
 * @throws {RangeError} when it does not fit into a button.
 */
export function chatData(act: ChatAct, ...about: string[]): string {
  const data = [VERSION, act, ...about].join(":");
  const bytes = new TextEncoder().encode(data).length;
  if (bytes > MAX_BYTES) throw new RangeError(`Cannot make a button: ${bytes} bytes of data`);
  return data;
}

/** The parts behind the act in what a button sent back; null when it is none of this act. */
export function readChatData(act: ChatAct, data: string): string[] | null {
  const [version, name, ...about] = data.split(":");
  return version === VERSION && name === act ? about : null;
}
