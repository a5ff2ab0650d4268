import { understand } from "../../../domain/when/asked_time.ts";
import { type At, type Doors, known, own, self } from "./door.ts";

const draft = { title: "Tea", when: "tomorrow 9", zone: "UTC" };
const back = { back: "list" };

/** The form as it comes back with what was shown for its words; only that is saved. */
const asked = ({ t }: At, title = "") => {
  const words = title === "" ? "tea tomorrow 9" : "tomorrow 9";
  const time = { words, date: "", time: "", repeat: "" as const, until: "", zone: "UTC" };
  const { meant } = understand(time, { now: t.app.clock.now() });
  const seen = meant?.seen ?? "";
  return { ...time, title, text: "", more: "on", page: "on", step: "save", seen, version: "1" };
};
const titled = (at: At) => asked(at, "Tea");

/** Reminders, and the times that they come. */
export const doorsOfReminders: Doors = {
  "GET /api/when": self(),
  "GET /api/when/form": self(),
  "GET /api/reminders": self(),
  "POST /api/reminders": self(draft),
  "GET /api/reminders/:id": own("reminder"),
  "PATCH /api/reminders/:id": own("reminder", { title: "Other", version: 1 }),
  "DELETE /api/reminders/:id": own("reminder"),
  "POST /api/reminders/:id/restore": own("endedReminder"),
  "POST /api/reminders/:id/snooze": own("reminder", { minutes: 90 }),
  "POST /api/reminders/:id/done": own("reminder"),
  "POST /api/reminders/:id/skip": own("reminder"),
  "POST /api/reminders/:id/undo": own("reminderWithDoneTime"),
  "GET /reminders": self(),
  "POST /reminders": self((at) => asked(at)),
  "GET /reminders/:id": own("reminder"),
  "GET /reminders/:id/edit": own("reminder"),
  "POST /reminders/:id": own("reminder", titled),
  "POST /reminders/:id/cancel": own("reminder"),
  "POST /reminders/:id/restore": own("endedReminder"),
  "POST /reminders/:id/done": own("occurrence", back),
  "POST /reminders/:id/skip": own("occurrence", back),
  "POST /reminders/:id/undo": own("doneOccurrence", back),
  "POST /reminders/:id/snooze": own("occurrence", { ...back, choice: "words", words: "in 2 h" }),
  "GET /notes/:id/remind": own("note"),
  "POST /notes/:id/remind": own("note", titled),
  "GET /r/:link": known("reminderLink"),
  "POST /r/:link": known("reminderLink"),
};
