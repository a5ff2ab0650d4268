import { z } from "zod";
import type { App } from "../core/app.ts";
import { newId } from "../core/ids.ts";
import {
  type AskedTime,
  type Meant,
  meantBy,
  understand,
  type Understood,
} from "../domain/when/asked_time.ts";
import { defaultChannels } from "../domain/reminders/reminder_channels.ts";
import { sameSchedule } from "../domain/reminders/reminder_draft.ts";
import { checkSchedule, SHORTEST_SHOWN_MS } from "../domain/when/repeat.ts";
import { REPEATS } from "../domain/when/repeat_menu.ts";
import { wasSeenFor } from "../domain/when/seen_time.ts";
import type { Account, ReminderChannels, Schedule } from "../kv/schema.ts";
import type { ReminderValues } from "../views/reminder_form.tsx";
import { Times } from "./when.ts";

const text = (max: number) => z.string().max(max).default("");
const ticked = z.string().optional().transform((value) => value !== undefined);

/** The form of a reminder as a browser sends it. */
export const ReminderFields = z.object({
  words: text(60_000),
  title: text(1_000),
  text: text(20_000),
  date: text(40),
  time: text(40),
  repeat: z.enum(["", "keep", ...REPEATS]).catch(""),
  until: text(40),
  zone: text(100),
  page: ticked,
  telegram: ticked,
  mail_me: ticked,
  people: text(10_000),
  missed: z.enum(["once", "skip", "all"]).catch("once"),
  /** Without it the fields of "More" were not there. */
  more: z.string().optional(),
  draft: z.string().max(64).default(newId),
  version: z.coerce.number().int().catch(0),
  seen: text(4_000),
  step: z.enum(["preview", "save"]).catch("preview"),
  preset: z.string().max(200).optional(),
  choose: z.string().max(4_000).optional(),
});
export type ReminderFields = z.output<typeof ReminderFields>;

/** An empty form: the page, and what its owner prefers and has. */
export async function blankValues(app: App, account: Account): Promise<ReminderValues> {
  const { page, telegram, mail } = await defaultChannels(app, account);
  return {
    words: "",
    title: "",
    text: "",
    date: "",
    time: "",
    repeat: "",
    until: "",
    zone: account.zone,
    page,
    telegram,
    mailMe: mail.length > 0,
    people: "",
    missed: "once",
  };
}

/** What was typed over what the form began with; a preset takes the place of the time in the words. */
export function valuesOf(
  fields: ReminderFields,
  blank: ReminderValues,
  now: number,
): ReminderValues {
  const { words, title, text } = fields;
  const zone = fields.zone.trim() || blank.zone;
  const said = { ...blank, words, title: title || blank.title };
  const values = fields.more === undefined ? said : {
    ...said,
    text,
    zone,
    date: fields.date,
    time: fields.time,
    repeat: fields.repeat,
    until: fields.until,
    page: fields.page,
    telegram: fields.telegram,
    mailMe: fields.mail_me,
    people: fields.people,
    missed: fields.missed,
  };
  if (fields.preset === undefined) return values;
  const rest = understand(askedOf(values), { now }).title;
  return { ...values, words: `${rest} ${fields.preset}`.trim() };
}

export function askedOf({ words, date, time, repeat, until, zone }: ReminderValues): AskedTime {
  return { words, date, time, until, zone, repeat: repeat as AskedTime["repeat"] };
}

/** What is meant, and whether its sender has seen just that. */
export interface Agreed {
  understood: Understood;
  /** The schedule to save; null while it is to be shown first. */
  schedule: Schedule | null;
}

/** Compares what is asked with what was seen before it was asked. `kept` is what the form changes. */
export function agreedOn(
  { seen, step, choose }: ReminderFields,
  asked: AskedTime,
  { now, kept = null }: { now: number; kept?: Schedule | null },
): Agreed {
  const understood = understand(asked, { now, kept });
  const shown = seenStill(choose ?? seen, asked, now);
  if (shown !== null && understood.problem === null) {
    const chosen = choose !== undefined || shown.seen !== understood.meant?.seen;
    return {
      understood: chosen ? { ...understood, ...onlyThis(shown) } : understood,
      schedule: step === "save" && choose === undefined ? shown.schedule : null,
    };
  }
  const same = kept && understood.meant && sameSchedule(understood.meant.schedule, kept);
  return { understood, schedule: same && step === "save" ? kept : null };
}

/** What was chosen is as it is, whatever the words say. */
const onlyThis = (meant: Meant) => ({ meant, spans: [], assumed: [], alternatives: [] });

const Seen = z.object({ of: z.string(), schedule: Times.required({ startAt: true }) });

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not written by us
  }
}

/** What was seen for this, if it can still be set. */
function seenStill(seen: string, asked: AskedTime, now: number): Meant | null {
  const parsed = Seen.safeParse(parsedJson(seen));
  if (!parsed.success || !wasSeenFor(parsed.data, asked)) return null;
  const { schedule } = parsed.data;
  try {
    checkSchedule(schedule, { now, shortestMs: SHORTEST_SHOWN_MS });
    return meantBy(schedule, asked, now);
  } catch {
    return null; // its time has come meanwhile, or it never was one
  }
}

/** Where it is to ring. */
export function channelsOf(values: ReminderValues, account: Account): ReminderChannels {
  const mail = [values.mailMe ? account.email : "", values.people].filter((one) => one !== "");
  return { page: values.page, telegram: values.telegram, mail };
}
