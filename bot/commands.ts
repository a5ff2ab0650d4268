import type { Messenger } from "../core/chat.ts";
import type { Log } from "../core/log.ts";

/** The bot's commands as Telegram lists them; those of admins alone are not among them. */
export const COMMANDS = [
  { command: "note", description: "Save a note: /note buy milk #home" },
  { command: "notes", description: "Your notes, or those with some words: /notes milk" },
  { command: "remind", description: "Be reminded: /remind tomorrow 9 call the bank" },
  { command: "reminders", description: "What you will be reminded of" },
  { command: "zone", description: "Your time zone: /zone Europe/Berlin" },
  { command: "help", description: "What can be done here" },
  { command: "stop", description: "Unlink this chat from your account" },
] as const;

/** Has Telegram list them. Without it all works as before, so a failure is only a warning. */
export async function setCommands(messenger: Messenger, log: Log): Promise<boolean> {
  const answer = await messenger.setCommands(COMMANDS);
  if (answer.is !== "accepted") log.warn("commands_not_set", { reason: answer.reason });
  return answer.is === "accepted";
}
