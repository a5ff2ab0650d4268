import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { mailingsOfNote } from "../domain/mail/mailing_list.ts";
import {
  createNote,
  deleteNote,
  getNote,
  restoreNote,
  UNDO_MS,
  updateNote,
} from "../domain/notes/notes.ts";
import { remindersOfNote } from "../domain/reminders/reminder_list.ts";
import { NotePage } from "../views/note.tsx";
import { NoteEditPage } from "../views/note_edit.tsx";
import { composeOf } from "./compose.ts";
import { flash } from "./flash.ts";
import { problemsOf } from "./form_body.ts";
import { notesPage } from "./notes_page.tsx";
import { statusFor } from "./refused.ts";
import { createRouter, type Ctx, form, me, signedIn } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";

const Draft = z.object({
  title: z.string().default(""),
  text: z.string().default(""),
  draft: z.string().max(64).optional(),
  then: z.enum(["save", "mail"]).catch("save"),
});
const Edit = Draft.extend({ version: z.coerce.number().int() });

/** Pages of notes: the first page, one note, its edit. */
export const notePages = (site: Site) => {
  const { app } = site;
  return createRouter()
    .get("/", signedIn, (c) => notesPage(site, c))
    .post("/notes", signedIn, form(Draft), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) {
        return await notesPage(site, c, { typed: filled.typed, wrong: filled.problems });
      }
      const { draft, then, ...words } = filled.data;
      try {
        const note = await createNote(app, { ...words, ownerId: me(c).id, key: draft });
        flash(c, { name: "saved", draft });
        return c.redirect(then === "mail" ? `/notes/${note.id}/mail` : "/", 303);
      } catch (error) {
        return await notesPage(site, c, { typed: filled.typed, wrong: problemsOf(error), error });
      }
    })
    .get("/notes/:id", signedIn, async (c) => {
      const note = await getNote(app, refOf(c), { orDeleted: true });
      const [mailings, reminders] = await Promise.all([
        mailingsOfNote(app, note.id),
        remindersOfNote(app, { noteId: note.id, ownerId: me(c).id }),
      ]);
      return show(
        c,
        <NotePage
          chrome={await chromeOf(site, c)}
          note={note}
          text={note.text}
          mailings={mailings.map(({ mailing, job }) => ({
            job,
            retriedBy: mailing.retriedBy,
          }))}
          reminders={reminders}
          undoUntil={note.deletedAt === null ? null : note.deletedAt + UNDO_MS}
        />,
      );
    })
    .get("/notes/:id/edit", signedIn, async (c) => {
      const note = await getNote(app, refOf(c));
      const compose = composeOf(c, { ...note, version: note.version, noteId: note.id });
      return show(
        c,
        <NoteEditPage
          chrome={await chromeOf(site, c)}
          noteId={note.id}
          compose={compose}
          theirs={null}
        />,
      );
    })
    .post("/notes/:id", signedIn, form(Edit), async (c) => {
      const filled = c.req.valid("form");
      const ref = refOf(c);
      if (!filled.ok) {
        throw new AppError("invalid", "Cannot save the note: the form is not complete");
      }
      const { draft, then, version, ...words } = filled.data;
      try {
        await updateNote(app, { ...ref, ...words, version });
        flash(c, { name: "saved", draft });
        return c.redirect(then === "mail" ? `/notes/${ref.id}/mail` : `/notes/${ref.id}`, 303);
      } catch (error) {
        const wrong = problemsOf(error);
        const theirs = await getNote(app, ref);
        const conflict = theirs.version !== version;
        const compose = composeOf(c, {
          ...words,
          noteId: ref.id,
          version: theirs.version,
          wrong: conflict ? {} : wrong,
        });
        const page = (
          <NoteEditPage
            chrome={await chromeOf(site, c)}
            noteId={ref.id}
            compose={compose}
            theirs={conflict ? theirs : null}
          />
        );
        return show(c, page, statusFor(c, error));
      }
    })
    .post("/notes/:id/delete", signedIn, async (c) => {
      const ref = refOf(c);
      await deleteNote(app, ref);
      flash(c, { name: "deleted", id: ref.id });
      return c.redirect("/", 303);
    })
    .post("/notes/:id/restore", signedIn, async (c) => {
      const ref = refOf(c);
      await restoreNote(app, ref);
      flash(c, { name: "restored" });
      return c.redirect(`/notes/${ref.id}`, 303);
    });
};

const refOf = (c: Ctx) => ({ id: c.req.param("id") ?? "", ownerId: me(c).id });
