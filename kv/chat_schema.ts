/** The shapes of linked chats; part of schema.ts. */

import type { Schedule } from "./reminder_schema.ts";

/** A Telegram chat that belongs to an account. */
export interface Chat {
  chatId: number;
  accountId: string;
  /** As its owner calls themselves there. */
  name: string;
  username: string | null;
  /** Off: Telegram refuses to deliver there. */
  state: "on" | "off";
  /** Why it is off. */
  reason: string | null;
  linkedAt: number;
}

/** A wish to link a chat to an account, stored under the hash of its code. */
export interface ChatLink {
  accountId: string;
  /** Random; with the app's secret it gives the code, so that the page can show it again. */
  seed: string;
  /** The session that asked; its end is the end of the wish. */
  sessionId: string;
  expiresAt: number;
  /** The chat that has shown the code. */
  chat: Pick<Chat, "chatId" | "name" | "username"> | null;
  /** Both: it was used, and is only kept until it would have been too old. */
  confirmedInChat: boolean;
  confirmedOnPage: boolean;
}

/** An update of Telegram that was taken; kept for two days. */
export interface ChatUpdateTaken {
  /** When it was taken last; 0 when it was given back. */
  at: number;
  /** How often it was taken and did not come to an end. */
  tries: number;
  done: boolean;
}

/** Which process asks Telegram for updates. */
export interface ChatPoller {
  holder: string;
  until: number;
}

/** What the buttons of one of the bot's messages are about; they carry its id alone. */
export type ChatCard =
  & { expiresAt: number }
  & (
    /** A list of notes: those found so far, and where the search goes on. */
    | { is: "notes"; q: string; ids: string[]; next: string | null }
    /** A note that is mailed once this is confirmed. */
    | { is: "mailing"; noteId: string; to: string[] }
    /** A reminder whose time is chosen by one of its buttons. */
    | ReminderCard
  );

/** What the next plain message in a chat answers. */
export type ChatAsked =
  /** `answeredBy` is the update that did; it may come again. */
  & { expiresAt: number; answeredBy: string | null }
  & (
    /** To whom a note goes. */
    | { is: "addresses"; noteId: string }
    /** When to remind. */
    | { is: "when" } & ReminderWords
    /** Of what to remind then. */
    | { is: "title"; schedule: Schedule }
  );

/** What somebody is reminded of. */
export interface ReminderWords {
  title: string;
  text: string;
  noteId: string | null;
}

export interface ReminderCard extends ReminderWords {
  is: "reminder";
  times: ChatTime[];
}

/** A time on a button; words mean what they mean when it is pressed. */
export type ChatTime = { label: string; schedule: Schedule } | { label: string; words: string };

/** The message in a chat that shows how a mailing goes, under the mailing's id. */
export interface ChatProgress {
  chatId: number;
  messageId: number;
}

/** By which ways somebody hears of one kind of news, beside the inbox. */
export interface Ways {
  mail: boolean;
  telegram: boolean;
}

/** What somebody wants to hear of, and where. */
export interface Preferences {
  /** Where new reminders ring, if nothing else is said. */
  reminders: Ways;
  /** Finished mailings; never by mail. */
  mailings: Ways;
  broadcasts: Ways;
}
