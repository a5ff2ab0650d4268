import type { App } from "../../core/app.ts";
import { notFound } from "../../core/errors.ts";
import { isId } from "../../core/ids.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Account, Counts, MailDay, Reported, Sender } from "../../kv/schema.ts";
import { requireAdmin } from "./admins.ts";
import { lastDays } from "../mail/mail_days.ts";
import { type Member, toMember } from "./members.ts";
import { listSessions } from "../accounts/session_end.ts";

/** Over how many days a member's mail is summed up, as D.2 of the mail policy counts clean days. */
const MEMBER_DAYS = 14;
const MOST_REPORTED = 50;

/** A member as their page shows them to admins: how much there is of everything, and none but what was reported. */
export interface MemberView extends Member, Sender {
  counts: Counts;
  sessions: number;
  /** When one of their sessions was last used; null when there is none. */
  seenAt: number | null;
  chat: "on" | "off" | null;
  today: MailDay;
  lately: MailDay;
  /** How many days `lately` sums up. */
  days: number;
  /** What their readers have reported, the newest first: the only words of theirs that admins see. */
  reported: Reported[];
}

/** @throws {AppError} `not_found`, also for who is no admin. */
export async function memberView(
  app: App,
  { id, by }: { id: string; by: Account },
): Promise<MemberView> {
  await requireAdmin(app, by.id, "member");
  const account = isId(id) ? await read(app, keys.account(id)) : null;
  if (account === null) throw notFound("member");
  const [sender, counts, sessions, chatId, today, lately, reported] = await Promise.all([
    read(app, keys.sender(id)),
    read(app, keys.counts(id)),
    listSessions(app, account),
    read(app, keys.chatOf(id)),
    lastDays(app, id, 1),
    lastDays(app, id, MEMBER_DAYS),
    list(app, ranges.reportedOf(id), { limit: MOST_REPORTED }),
  ]);
  const chat = chatId === null ? null : await read(app, keys.chat(chatId));
  return {
    ...toMember(account),
    paused: sender?.paused ?? null,
    perDay: sender?.perDay ?? null,
    counts: counts ?? { notes: 0, unread: 0, reminders: 0 },
    sessions: sessions.length,
    seenAt: sessions.length === 0 ? null : Math.max(...sessions.map(({ seenAt }) => seenAt)),
    chat: chat?.state ?? null,
    today,
    lately,
    days: MEMBER_DAYS,
    reported: reported.sort((a, b) => b.at - a.at),
  };
}
