import type { VNode } from "preact";
import { understand } from "../../domain/when/asked_time.ts";
import type { RecipientStanding } from "../../domain/recipients/recipients.ts";
import type {
  OccurrenceView,
  ReminderShelves,
  ReminderView,
} from "../../domain/reminders/reminder_view.ts";
import { occurrenceId } from "../../domain/reminders/occurrence_id.ts";
import { repeatChoices } from "../../domain/when/repeat_menu.ts";
import { preview } from "../../domain/when/repeat.ts";
import { snoozeChoices } from "../../domain/reminders/snoozes.ts";
import { parseWhen, presets } from "../../domain/when/when.ts";
import { ReminderPage, type ReminderProps } from "../../views/reminder.tsx";
import { ReminderEditPage } from "../../views/reminder_edit.tsx";
import type { ReminderFormProps, ReminderValues } from "../../views/reminder_form.tsx";
import { RemindersPage } from "../../views/reminders.tsx";
import {
  ada,
  chrome,
  DAY,
  delivery,
  HOUR,
  iso,
  LONG_WORD,
  MINUTE,
  NOW,
  reader,
} from "./gallery_samples.ts";

const { zone } = reader;
const offers = snoozeChoices({ now: NOW, zone });

const blank: ReminderValues = {
  words: "",
  title: "",
  text: "",
  date: "",
  time: "",
  repeat: "",
  until: "",
  zone,
  page: true,
  telegram: false,
  mailMe: true,
  people: "",
  missed: "once",
};

function form(
  change: Partial<ReminderValues> = {},
  rest: Partial<ReminderFormProps> & { open?: boolean } = {},
): ReminderFormProps {
  const values = { ...blank, ...change };
  const { words, date, time, until, repeat } = values;
  const asked = { words, date, time, until, zone, repeat: repeat as "" };
  const said = words + date + time !== "";
  const understood = said ? understand(asked, { now: NOW }) : null;
  const { problem = null, meant = null } = understood ?? {};
  const { open = false, ...props } = rest;
  return {
    action: "/reminders",
    draft: "sample",
    of: null,
    values,
    understood,
    check: said && problem === null,
    titled: false,
    presets: presets(NOW, zone),
    wrong: problem ? { [problem.field]: problem.text } : {},
    more: {
      repeats: [
        { value: "", label: "As the words say" },
        ...repeatChoices(meant?.schedule.start ?? null),
      ],
      telegram: "on",
      own: ada.email,
      days: { from: "2026-11-23", to: "2036-11-23" },
      open,
    },
    ...props,
  };
}

let made = 0;
function item(title: string, inMs: number, change: Partial<OccurrenceView> = {}): OccurrenceView {
  const reminderId = String(++made).padStart(26, "0");
  const at = Math.round((NOW + inMs) / MINUTE) * MINUTE;
  return {
    id: occurrenceId({ reminderId, dueAt: at }),
    reminderId,
    noteId: null,
    title,
    excerpt: "",
    state: "waiting",
    dueAt: iso(at),
    ringAt: iso(at),
    rule: null,
    zone,
    missedBefore: 0,
    undoUntil: null,
    ...change,
  };
}

export const shelves: ReminderShelves = {
  overdue: [
    item("Water the plants", -102 * MINUTE, { state: "ringing", rule: "Every weekday at 09:00" }),
    item("Rent", -2 * HOUR, {
      state: "ringing",
      dueAt: iso(NOW - 3 * DAY),
      missedBefore: 2,
      rule: "Every day at 08:00",
    }),
  ],
  today: [
    item("Call the bank", 78 * MINUTE),
    item("Standup with Berlin", 213 * MINUTE, {
      rule: "Every weekday at 09:45",
      zone: "Europe/Berlin",
    }),
    item("התקשר לאמא", 8 * HOUR),
  ],
  tomorrow: [item("Visa papers to the consulate", 22 * HOUR + 18 * MINUTE)],
  week: [item("Bread: feed the starter", 3 * DAY, { rule: "Every 3 days at 10:42" })],
  later: [
    item("Backups: try a restore", 8 * DAY, { rule: "On the last day of each month at 09:00" }),
    item("Passport", 400 * DAY),
  ],
  snoozed: [
    item("Answer Ana", 98 * MINUTE, { state: "snoozed", dueAt: iso(NOW - 42 * MINUTE) }),
  ],
};
const none: ReminderShelves = {
  overdue: [],
  today: [],
  tomorrow: [],
  week: [],
  later: [],
  snoozed: [],
};
const today = [...shelves.overdue, ...shelves.today].map((one) => ({
  at: Date.parse(one.ringAt),
  kind: one.state === "ringing" ? "failed" as const : "due" as const,
  title: one.title,
  detail: one.state === "ringing" ? "overdue" : one.rule ?? "once",
  href: `/reminders/${one.reminderId}`,
}));

function list(props: ReminderFormProps, of = shelves, change = {}): VNode {
  return (
    <RemindersPage
      chrome={chrome(change)}
      form={props}
      shelves={of}
      offers={offers}
      today={of === none ? [] : today}
    />
  );
}

function reminder(words: string, change: Partial<ReminderView> = {}): ReminderView {
  const { schedule, rest } = parseWhen(words, { now: NOW - 5 * DAY, zone });
  const { sentence, next, warnings } = preview(schedule!, NOW);
  return {
    id: "1".padStart(26, "0"),
    noteId: null,
    title: rest,
    text: "",
    channels: { page: true, telegram: true, mail: [ada.email] },
    schedule: schedule!,
    missed: "once",
    state: "active",
    version: 1,
    createdAt: iso(NOW - 5 * DAY),
    preview: { sentence, warnings, next: next.map(({ at, text }) => ({ at: iso(at), text })) },
    occurrences: [],
    ...change,
  };
}

type Happened = ReminderView["occurrences"][number];
function happened(
  state: OccurrenceView["state"],
  inMs: number,
  lines: string[],
  change: Partial<Happened> = {},
): Happened {
  const at = NOW + inMs;
  return {
    ...item("Water the plants", inMs, { state, rule: "Every weekday at 09:00" }),
    reminderId: "1".padStart(26, "0"),
    ledger: lines.map((text, i) => ({ at: iso(at + i * 4 * MINUTE), text })),
    deliveries: lines.length === 0 ? [] : [
      delivery("", "sent", { channel: "page" }),
      delivery("", "sent", { channel: "telegram" }),
      delivery(ada.email, "sent"),
    ],
    ...change,
  };
}

const plants = reminder("every weekday 9 water the plants", {
  title: "Water the plants",
  text: "The fern on the stairs too.\nNot the cactus.",
  noteId: "note",
  occurrences: [
    happened("waiting", 22 * HOUR + 18 * MINUTE, []),
    happened("ringing", -102 * MINUTE, ["Rang"]),
    happened("done", -3 * DAY, ["Rang", "Snoozed until 09:20 in Telegram", "Done in Telegram"]),
    happened("missed", -4 * DAY, ["Missed: nothing could ring"], {
      deliveries: [delivery(ada.email, "failed", { reason: "The mailbox does not exist" })],
    }),
  ],
});

const standings: RecipientStanding[] = [
  { address: "ana@example.net", standing: "allowed", why: null },
  {
    address: "bob@example.net",
    standing: "pending",
    why: "was asked and has not answered yet",
  },
  {
    address: "carla.with.a.rather.long.name@subdomain.example.com",
    standing: "blocked",
    why: "does not want mail from you",
  },
  {
    address: "dmitri@example.com",
    standing: "bounced",
    why: "mail to this address came back: nobody is there",
  },
];
const mailed: ReminderView = {
  ...plants,
  channels: { page: true, telegram: true, mail: standings.map(({ address }) => address) },
};

function one(of: ReminderView, change: Partial<ReminderProps> = {}): VNode {
  return (
    <ReminderPage
      chrome={chrome()}
      reminder={of}
      offers={offers}
      note={null}
      standings={[]}
      problem={null}
      {...change}
    />
  );
}

const edit = (
  <ReminderEditPage
    chrome={chrome()}
    heading="Edit reminder"
    section="reminders"
    back={{ href: "/reminders/1", text: "Reminder" }}
    now="Every weekday at 09:00"
    form={form({ title: "Water the plants", repeat: "keep" }, {
      action: "/reminders/1",
      of: { id: "1", version: 3 },
      titled: true,
      open: true,
    })}
  />
);

/** Reminders: the list with its form in each state, one of them, its edit. */
export const reminderPages: Record<string, VNode> = {
  reminders: list(form()),
  reminders_none: list(form(), none),
  reminders_just_snoozed: list(form(), shelves, {
    flash: {
      tone: "calm",
      text: "Snoozed. This one rings again then; its rule stays as it is.",
      undo: { label: "Undo", action: "/reminders/x/undo" },
    },
  }),
  reminders_to_be_checked: list(form({ words: "call mum next friday" })),
  reminders_a_series_to_be_checked: list(form({ words: "pay the rent every 31st 9:00" })),
  reminders_past_words: list(form({ words: "yesterday 9 call the bank" })),
  reminders_all_fields: list(
    form({ words: "gym", date: "2026-12-01", time: "07:30", repeat: "nth_weekday" }, {
      open: true,
      wrong: {
        people: "Cannot mail eve@example.net: she has not agreed",
        zone: "Cannot use this zone: there is none of this name",
        channels: "Cannot remind nowhere: choose the page, Telegram or mail",
      },
    }),
  ),
  reminders_long_words: list(form({ words: LONG_WORD }), {
    ...none,
    later: [item(LONG_WORD, 40 * DAY, { rule: "On the last Monday of each month at 09:00" })],
  }),
  reminder_mailed: one(mailed, { standings }),
  reminder: one(plants, { note: { id: "note", title: "Plants of the house" } }),
  reminder_once: one(reminder("tomorrow 9 call the bank", {
    occurrences: [happened("waiting", 22 * HOUR, [], { title: "call the bank", rule: null })],
  })),
  reminder_refused: one(plants, {
    problem: "Cannot snooze without a time: say when, as in “tomorrow 9” or “in 2 h”",
  }),
  reminder_over: one(reminder("tomorrow 9 call the bank", {
    state: "over",
    occurrences: [
      happened("done", -4 * MINUTE, ["Rang", "Done on the page"], {
        rule: null,
        undoUntil: iso(NOW + 6 * MINUTE),
      }),
    ],
  })),
  reminder_cancelled: one(reminder("every day 9 tablets", {
    state: "cancelled",
    channels: { page: true, telegram: false, mail: [] },
  })),
  reminder_edit: edit,
};
