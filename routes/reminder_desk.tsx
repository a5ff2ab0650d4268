import type { VNode } from "preact";
import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import type { AskedTime, Understood } from "../domain/when/asked_time.ts";
import { chatOf } from "../domain/chats/chats.ts";
import { isVerified } from "../domain/recipients/recipients.ts";
import type { ReminderDraft } from "../domain/reminders/reminder_draft.ts";
import { repeatChoices, ruleWords } from "../domain/when/repeat_menu.ts";
import { presets } from "../domain/when/when.ts";
import type { Account, Missed, Reminder, Schedule } from "../kv/schema.ts";
import type { Wrong } from "../views/chrome.ts";
import type { ReminderFormProps, ReminderValues } from "../views/reminder_form.tsx";
import { flash, type FlashRef } from "./flash.ts";
import { statusFor } from "./refused.ts";
import {
  agreedOn,
  askedOf,
  blankValues,
  channelsOf,
  type ReminderFields,
  valuesOf,
} from "./reminder_form.ts";
import { type Ctx, me } from "./router.ts";
import { show, type Site } from "./site.ts";

/** A place where a reminder is written: its form, and what becomes of it. */
export interface Desk {
  action: string;
  titled: boolean;
  /** What it changes. */
  of: { id: string; version: number; schedule: Schedule } | null;
  /** With what the form begins where it is not what everybody's does. */
  begin: Partial<ReminderValues>;
  page(form: ReminderFormProps): Promise<VNode>;
  save(draft: ReminderDraft, fields: ReminderFields): Promise<Reminder>;
  /** What is said then, and where one goes. */
  after(reminder: Reminder): { say: FlashRef; href: string };
}

/** The page with the form as it begins. */
export async function openDesk({ app }: Site, c: Ctx, desk: Desk): Promise<Response> {
  const values = { ...await blankValues(app, me(c)), ...desk.begin };
  const form = await formOf(app, me(c), { desk, values, draft: newId() });
  return show(c, await desk.page(form));
}

/** Saves what was sent, or shows it again: to be checked, or with what is wrong with it. */
export async function takeForm(
  { app }: Site,
  c: Ctx,
  { desk, fields }: { desk: Desk; fields: ReminderFields },
): Promise<Response> {
  const account = me(c);
  const now = app.clock.now();
  const values = valuesOf(fields, { ...await blankValues(app, account), ...desk.begin }, now);
  const { understood, schedule } = agreedOn(fields, askedOf(values), {
    now,
    kept: desk.of?.schedule,
  });
  const again = async (wrong: Wrong, status: 200 | 400 | 409 | 413 | 429 | 503) => {
    const { draft } = fields;
    const shown = { desk, values, draft, understood, wrong, check: status === 200 };
    return show(c, await desk.page(await formOf(app, account, shown)), status);
  };
  const title = desk.titled ? values.title : understood.title;
  const wrong = wrongIn(understood, { title, titled: desk.titled });
  const adding = fields.preset !== undefined; // the words may still be to come
  if (Object.keys(wrong).length > 0) return await again(adding ? {} : wrong, adding ? 200 : 400);
  if (schedule === null) return await again({}, 200);
  try {
    const draft = {
      title,
      text: values.text,
      schedule,
      channels: channelsOf(values, account),
      missed: values.missed as Missed,
    };
    const { say, href } = desk.after(await desk.save(draft, fields));
    flash(c, say);
    return c.redirect(href, 303);
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "not_found") throw error;
    return await again({ [fieldOf(error, desk, values)]: error.message }, statusFor(c, error));
  }
}

/** What is wrong before anything is asked of the rules. */
function wrongIn(
  { problem, meant, title: rest }: Understood,
  { title, titled }: { title: string; titled: boolean },
): Wrong {
  if (problem) return { [problem.field]: problem.text };
  if (titled && rest !== "") {
    return { words: `Cannot read “${rest.slice(0, 80)}” as a time: say it as in “tomorrow 9”` };
  }
  if (!titled && title === "") {
    return { words: "Cannot remind of nothing: say what, as in “call the bank tomorrow 9”" };
  }
  if (meant === null) {
    return { words: "Cannot remind without a time: say when, as in “tomorrow 9” or “in 20 min”" };
  }
  return {};
}

/** At which field of the form a rule's complaint stands. */
function fieldOf({ field }: AppError, { titled }: Desk, { date, time }: ReminderValues): string {
  switch (field) {
    case "title":
      return titled ? "title" : "words";
    case "mail":
      return "people";
    case "when":
      return date !== "" ? "date" : time !== "" ? "time" : "words";
    case "text":
    case "channels":
    case "zone":
      return field;
    default:
      return "form";
  }
}

interface Shown {
  desk: Desk;
  values: ReminderValues;
  draft: string;
  understood?: Understood;
  wrong?: Wrong;
  check?: boolean;
}

const IN_MORE: (keyof AskedTime | "text" | "channels" | "people")[] = [
  "date",
  "time",
  "until",
  "zone",
  "text",
  "channels",
  "people",
];

async function formOf(
  app: App,
  account: Account,
  { desk, values, draft, understood, wrong = {}, check = false }: Shown,
): Promise<ReminderFormProps> {
  const now = app.clock.now();
  const { of } = desk;
  const chat = await chatOf(app, account.id);
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const start = understood?.meant?.schedule.start ?? of?.schedule.start ?? null;
  const { rule = null } = of?.schedule ?? {};
  const first = of
    ? {
      value: "keep",
      label: rule ? `As it is: ${ruleWords(rule, of.schedule.start)}` : "As it is",
    }
    : { value: "", label: "As the words say" };
  return {
    action: desk.action,
    draft,
    of: of && { id: of.id, version: of.version },
    values,
    understood: understood ?? null,
    check,
    titled: desk.titled,
    presets: presets(now, account.zone),
    wrong,
    more: {
      repeats: [first, ...repeatChoices(start)],
      telegram: app.messenger === null ? "none" : chat?.state === "on" ? "on" : "off",
      own: isVerified(app, account) ? account.email : null,
      days: { from: day(now - 86_400_000), to: day(now + 3_652 * 86_400_000) },
      open: IN_MORE.some((name) => wrong[name] !== undefined) || isSet(values),
    },
  };
}

/** Fields under "More" that say something of the time must be seen. */
const isSet = ({ date, time, until, repeat }: ReminderValues) =>
  date !== "" || time !== "" || until !== "" || repeat !== "" && repeat !== "keep";
