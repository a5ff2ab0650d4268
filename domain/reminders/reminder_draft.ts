import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import type { Missed, Reminder, ReminderChannels, Rule, Schedule } from "../../kv/schema.ts";
import { parseAddresses } from "../recipients/addresses.ts";
import { parseZone } from "../accounts/profile.ts";
import { refusedOf, standingsOf } from "../recipients/recipients.ts";
import {
  checkRule,
  checkSchedule,
  scheduleAt,
  scheduleAtInstant,
  SHORTEST_SENT_MS,
  SHORTEST_SHOWN_MS,
} from "../when/repeat.ts";
import { firstLine, oneLine } from "../notes/text.ts";
import { parseWall } from "../when/wall.ts";

/** The longest title of a reminder, in characters. */
export const MAX_REMINDER_TITLE = 120;
/** The longest text of a reminder, in characters. */
export const MAX_REMINDER_TEXT = 4_000;
/** Most addresses of one reminder. */
export const MAX_REMINDER_MAIL = 20;

/** Nothing to read or to press: spaces, joiners and the letters that have no shape. */
const INVISIBLE = /^[\p{Cc}\p{Cf}\p{Z}\u115f\u1160\u2800\u3164]*$/u;

/** What a person says of a reminder. */
export interface ReminderDraft {
  title: string;
  text?: string;
  schedule: Schedule;
  channels: ReminderChannels;
  missed?: Missed;
}

/** The same, tidied and allowed. */
export type SoundDraft = Pick<Reminder, "title" | "text" | "schedule" | "channels" | "missed">;

/**
 * Reads a draft. A schedule that stays as it was (`before`) may have begun already.
 *
 * @throws {AppError} `invalid` of "title", "text", "channels", "mail", "when" or "zone".
 */
export async function soundDraft(
  app: App,
  ownerId: string,
  { title, text = "", schedule, channels, missed = "once" }: ReminderDraft,
  before?: Schedule,
): Promise<SoundDraft> {
  const sound = await soundChannels(app, ownerId, channels);
  const shortestMs = sound.telegram || sound.mail.length > 0 ? SHORTEST_SENT_MS : SHORTEST_SHOWN_MS;
  if (before && sameSchedule(before, schedule)) {
    if (before.rule) checkRule(before.rule, parseWall(before.start)!, shortestMs);
  } else {
    checkStart(schedule);
    checkSchedule(schedule, { now: app.clock.now(), shortestMs });
  }
  const known = { ...schedule, zone: parseZone(schedule.zone) };
  return { ...soundWords({ title, text }), schedule: known, channels: sound, missed };
}

function soundWords({ title, text }: { title: string; text: string }) {
  const plain = text.replaceAll("\r\n", "\n").replaceAll("\r", "\n").replaceAll("\0", "")
    .toWellFormed();
  if (plain.length > 2 * MAX_REMINDER_TEXT || [...plain].length > MAX_REMINDER_TEXT) {
    throw refuse("text", `Cannot use this text: it is longer than ${MAX_REMINDER_TEXT} characters`);
  }
  const tidy = title.slice(0, 4 * MAX_REMINDER_TEXT).replace(/\s+/gu, " ");
  const said = oneLine(tidy, { field: "title", max: MAX_REMINDER_TITLE });
  const line = INVISIBLE.test(said) ? firstLine(plain) : said;
  if (INVISIBLE.test(line)) throw refuse("title", "Cannot remind of nothing: write a title");
  return { title: line, text: plain };
}

async function soundChannels(
  app: App,
  ownerId: string,
  { page, telegram, mail }: ReminderChannels,
): Promise<ReminderChannels> {
  const { ok, wrong: [wrong] } = parseAddresses(mail);
  if (wrong) throw refuse("mail", `Cannot mail “${wrong.text.slice(0, 80)}”: ${wrong.why}`);
  if (ok.length > MAX_REMINDER_MAIL) {
    throw refuse("mail", `Cannot remind more than ${MAX_REMINDER_MAIL} people by mail`);
  }
  const [blocked] = refusedOf(await standingsOf(app, { ownerId, to: ok, kind: "reminder" }));
  if (blocked) throw refuse("mail", `Cannot mail ${blocked.text}: ${blocked.why}`);
  if (!page && !telegram && ok.length === 0) {
    throw refuse("channels", "Cannot remind nowhere: choose the page, Telegram or mail");
  }
  return { page, telegram, mail: ok };
}

/** A start and its instant must be the same time; where one comes twice, either of them. */
function checkStart({ zone, start, startAt }: Schedule): void {
  const first = scheduleAt(zone, start);
  if (first.startAt === startAt) return;
  if (Math.abs(first.startAt - startAt) < 86_400_000) {
    const second = scheduleAtInstant(zone, startAt);
    if (second.startAt === startAt && second.start === first.start) return;
  }
  throw refuse("when", "Cannot remind then: the start and its instant are not the same time");
}

/** Whether two schedules say the same. */
export function sameSchedule(a: Schedule, b: Schedule): boolean {
  const facts = ({ zone, start, startAt, rule }: Schedule) =>
    JSON.stringify([zone, start, startAt, rule && ruleFacts(rule)]);
  return facts(a) === facts(b);
}

function ruleFacts({ every, unit, weekdays, monthDay, nth, until }: Rule) {
  return [every, unit, weekdays ?? null, monthDay ?? null, nth?.week, nth?.weekday, until];
}

function refuse(field: string, message: string): AppError {
  return new AppError("invalid", message, { field });
}
