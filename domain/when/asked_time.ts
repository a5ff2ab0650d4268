import { AppError } from "../../core/errors.ts";
import type { Schedule } from "../../kv/schema.ts";
import { scheduleOfFields } from "./asked_fields.ts";
import { parseZone } from "../accounts/profile.ts";
import type { SchedulePreview } from "../reminders/reminder_view.ts";
import { checkSchedule, preview, SHORTEST_SHOWN_MS } from "./repeat.ts";
import { type Repeat, repeatChoices } from "./repeat_menu.ts";
import { seenOf } from "./seen_time.ts";
import { parseWhen, type Span } from "./when.ts";

/** A time as a form asks for it: in words, and in fields that win over them. */
export interface AskedTime {
  words: string;
  /** "2026-12-01", "09:30"; empty where the words decide. */
  date: string;
  time: string;
  repeat: Repeat | "" | "keep";
  /** The last day. */
  until: string;
  /** IANA name. */
  zone: string;
}

/** One time, with what a person sees of it before saving. */
export interface Meant {
  schedule: Schedule;
  preview: SchedulePreview;
  /** Sent back with the form, it says that exactly this was seen for what is asked. */
  seen: string;
}

/** What a form's words and fields are understood as. */
export interface Understood {
  /** The words that the spans are of. */
  words: string;
  spans: Span[];
  /** What the words say beside the time. */
  title: string;
  meant: Meant | null;
  assumed: string[];
  alternatives: (Meant & { label: string })[];
  /** How it may repeat, in words for the day that is meant. */
  repeats: { value: Repeat; label: string }[];
  /** Words to use instead of those that have a problem. */
  instead: string | null;
  /** "Cannot …: why; say …", and the field that it stands at. */
  problem: { field: keyof AskedTime; text: string } | null;
}

/**
 * What is meant, with its next five times. Whatever is asked has an answer; a problem is part of it.
 * `kept` is the schedule that the form changes: what is not asked stays as it is there.
 */
export function understand(
  asked: AskedTime,
  { now, kept = null }: { now: number; kept?: Schedule | null },
): Understood {
  const blank: Understood = {
    words: asked.words,
    spans: [],
    title: asked.words.trim(),
    meant: null,
    assumed: [],
    alternatives: [],
    repeats: repeatChoices(null),
    instead: null,
    problem: null,
  };
  let field: keyof AskedTime = "zone";
  try {
    const zone = parseZone(asked.zone);
    field = "words";
    const when = parseWhen(asked.words, { now, zone });
    const { spans, rest: title, assumed } = when;
    const said = { ...blank, spans, title, assumed };
    const meant = (schedule: Schedule) => meantBy(schedule, asked, now);
    if (isHandSet(asked) || kept && kept.zone !== zone && when.schedule === null) {
      field = asked.date !== "" ? "date" : asked.time !== "" ? "time" : "until";
      const schedule = scheduleOfFields({ ...asked, zone }, {
        base: when.schedule ?? kept,
        now,
      });
      checkSchedule(schedule, { now, shortestMs: SHORTEST_SHOWN_MS });
      const repeats = repeatChoices(schedule.start);
      return { ...said, assumed: [], repeats, meant: meant(schedule) };
    }
    if (when.problem !== null) return refused(said, field, when.problem);
    const schedule = when.schedule ?? kept;
    const alternatives = when.alternatives.map(({ label, schedule }) => {
      return { label, ...meant(schedule) };
    });
    const repeats = repeatChoices(schedule?.start ?? null);
    return { ...said, repeats, meant: schedule && meant(schedule), alternatives };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return refused(blank, field, error.message);
  }
}

/** Whether fields beside the words say something of the time. */
function isHandSet({ date, time, repeat, until }: AskedTime): boolean {
  return date !== "" || time !== "" || until !== "" || repeat !== "" && repeat !== "keep";
}

/** One schedule as it is shown before it is saved. */
export function meantBy(schedule: Schedule, asked: AskedTime, now: number): Meant {
  const { sentence, next, warnings } = preview(schedule, now);
  const times = next.map(({ at, text }) => ({ at: new Date(at).toISOString(), text }));
  return {
    schedule,
    preview: { sentence, next: times, warnings },
    seen: seenOf(asked, schedule),
  };
}

function refused(said: Understood, field: keyof AskedTime, text: string): Understood {
  const [, instead = null] = text.match(/; say ([^;]+)$/) ?? [];
  const usable = instead !== null && /^(today|tomorrow|in) /.test(instead);
  return { ...said, instead: usable ? instead : null, problem: { field, text } };
}
