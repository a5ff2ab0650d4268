import { AppError } from "../core/errors.ts";
import { getNote } from "../domain/notes/notes.ts";
import { standingsOf } from "../domain/recipients/recipients.ts";
import { getReminder, listShelves } from "../domain/reminders/reminder_list.ts";
import { createReminder, updateReminder } from "../domain/reminders/reminders.ts";
import { snoozeChoices } from "../domain/reminders/snoozes.ts";
import { ReminderPage } from "../views/reminder.tsx";
import { ReminderEditPage } from "../views/reminder_edit.tsx";
import { RemindersPage } from "../views/reminders.tsx";
import { type Desk, openDesk, takeForm } from "./reminder_desk.tsx";
import { ReminderFields } from "./reminder_form.ts";
import { remindersToday } from "./reminders_today.ts";
import { createRouter, type Ctx, form, me, signedIn } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

/** Pages of reminders: all that is to come with the form for a new one, one by itself, its edit. */
export const reminderPages = (site: Site) =>
  createRouter()
    .get("/reminders", signedIn, (c) => openDesk(site, c, newDesk(site, c)))
    .post("/reminders", signedIn, form(ReminderFields), (c) => {
      return takeForm(site, c, { desk: newDesk(site, c), fields: sound(c.req.valid("form")) });
    })
    .get("/reminders/:id", signedIn, (c) => reminderPage(site, c, c.req.param("id")))
    .get("/reminders/:id/edit", signedIn, async (c) => {
      return await openDesk(site, c, await editDesk(site, c));
    })
    .post("/reminders/:id", signedIn, form(ReminderFields), async (c) => {
      const fields = sound(c.req.valid("form"));
      return await takeForm(site, c, { desk: await editDesk(site, c), fields });
    })
    .get("/notes/:id/remind", signedIn, async (c) => {
      return await openDesk(site, c, await noteDesk(site, c));
    })
    .post("/notes/:id/remind", signedIn, form(ReminderFields), async (c) => {
      const fields = sound(c.req.valid("form"));
      return await takeForm(site, c, { desk: await noteDesk(site, c), fields });
    });

const refOf = (c: Ctx) => ({ id: c.req.param("id") ?? "", ownerId: me(c).id });

/** What no browser sends is refused as a whole. */
function sound(filled: { ok: true; data: ReminderFields } | { ok: false }): ReminderFields {
  if (filled.ok) return filled.data;
  throw new AppError("invalid", "Cannot set the reminder: the form is not as it should be");
}

function newDesk(site: Site, c: Ctx): Desk {
  const { app } = site;
  const ownerId = me(c).id;
  return {
    action: "/reminders",
    titled: false,
    of: null,
    begin: {},
    async page(form) {
      const chrome = await chromeOf(site, c);
      const { zone } = chrome.reader;
      const shelves = await listShelves(app, { ownerId, zone });
      return (
        <RemindersPage
          chrome={chrome}
          form={form}
          shelves={shelves}
          offers={snoozeChoices({ now: chrome.now, zone })}
          today={remindersToday(shelves, chrome)}
        />
      );
    },
    save: (draft, { draft: key }) => createReminder(app, { ...draft, ownerId, key }),
    after: ({ id }) => ({ say: { name: "reminder_set", id }, href: "/reminders" }),
  };
}

async function editDesk(site: Site, c: Ctx): Promise<Desk> {
  const { app } = site;
  const reminder = await getReminder(app, refOf(c));
  const { id, title, text, schedule, channels, missed, version } = reminder;
  const { email } = me(c);
  const mailMe = channels.mail.some((one) => one.toLowerCase() === email.toLowerCase());
  const people = channels.mail.filter((one) => one.toLowerCase() !== email.toLowerCase());
  return {
    action: `/reminders/${id}`,
    titled: true,
    of: { id, version, schedule },
    begin: {
      title,
      text,
      repeat: "keep",
      zone: schedule.zone,
      page: channels.page,
      telegram: channels.telegram,
      mailMe,
      people: people.join(", "),
      missed,
    },
    page: async (form) => (
      <ReminderEditPage
        chrome={await chromeOf(site, c)}
        heading="Edit reminder"
        section="reminders"
        back={{ href: `/reminders/${id}`, text: "Reminder" }}
        now={reminder.preview.sentence}
        form={form}
      />
    ),
    save: (draft, { version }) => updateReminder(app, { ...refOf(c), ...draft, version }),
    after: ({ id }) => ({ say: { name: "saved" }, href: `/reminders/${id}` }),
  };
}

async function noteDesk(site: Site, c: Ctx): Promise<Desk> {
  const { app } = site;
  const note = await getNote(app, refOf(c));
  const here = `/notes/${note.id}`;
  return {
    action: `${here}/remind`,
    titled: true,
    of: null,
    begin: { title: [...note.title].slice(0, 120).join(""), text: "" },
    page: async (form) => (
      <ReminderEditPage
        chrome={await chromeOf(site, c)}
        heading="Remind me of this note"
        section="notes"
        back={{ href: here, text: "Note" }}
        now={null}
        form={form}
      />
    ),
    save: (draft, { draft: key }) =>
      createReminder(app, { ...draft, ownerId: me(c).id, noteId: note.id, key }),
    after: ({ id }) => ({ say: { name: "reminder_set", id }, href: here }),
  };
}

/** One reminder, also when an act on it went wrong. */
export async function reminderPage(
  site: Site,
  c: Ctx,
  id: string,
  problem: { text: string; status: 400 | 409 } | null = null,
): Promise<Response> {
  const { app } = site;
  const ownerId = me(c).id;
  const reminder = await getReminder(app, { id, ownerId });
  const chrome = await chromeOf(site, c);
  const { noteId } = reminder;
  const note = noteId === null ? null : await getNote(app, { id: noteId, ownerId }).catch(gone);
  const to = reminder.channels.mail;
  const page = (
    <ReminderPage
      chrome={chrome}
      reminder={reminder}
      offers={snoozeChoices({ now: chrome.now, zone: chrome.reader.zone })}
      note={note}
      standings={await standingsOf(app, { ownerId, to, kind: "reminder" })}
      problem={problem?.text ?? null}
    />
  );
  return show(c, page, problem?.status ?? 200);
}

function gone(error: unknown): null {
  if (error instanceof AppError && error.code === "not_found") return null;
  throw error;
}
