import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { newId } from "../core/ids.ts";
import { lastMailings, listMailings, mailingsOfNote } from "../domain/mailings.ts";
import { countNotes, listNotes } from "../domain/note_list.ts";
import {
  createNote,
  deleteNote,
  getNote,
  restoreNote,
  UNDO_MS,
  updateNote,
} from "../domain/notes.ts";
import { MAX_TEXT_BYTES, MAX_TITLE_CHARS } from "../domain/text.ts";
import type { ComposeProps } from "../islands/Compose.tsx";
import { NotePage } from "../views/note.tsx";
import { NoteEditPage } from "../views/note_edit.tsx";
import { NotesPage } from "../views/notes.tsx";
import { flash } from "./flash.ts";
import { problemsOf } from "./form_body.ts";
import { createRouter, type Ctx, form, me, signedIn } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";
import { dayOf } from "./today.ts";

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
      const mailings = await mailingsOfNote(app, note.id);
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
        return show(c, page, statusFor(error));
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

/** The status that a page with a refused form has. */
export function statusFor(error: unknown): 400 | 409 | 413 | 429 {
  if (!(error instanceof AppError)) throw error;
  return error.code === "conflict"
    ? 409
    : error.code === "too_large"
    ? 413
    : error.code === "rate_limited"
    ? 429
    : 400;
}

interface Composing {
  title: string;
  text: string;
  noteId?: string;
  version?: number;
  wrong?: Record<string, string>;
}

function composeOf(c: Ctx, { title, text, noteId, version, wrong = {} }: Composing): ComposeProps {
  const account = me(c);
  return {
    action: noteId === undefined ? "/notes" : `/notes/${noteId}`,
    draftKey: `${account.id} ${noteId ?? "new"}`,
    draftId: newId(),
    version: version ?? null,
    title,
    text,
    wrong: { title: wrong.title, text: wrong.text, form: wrong[""] },
    maxTitle: MAX_TITLE_CHARS,
    maxBytes: MAX_TEXT_BYTES,
    reader: { zone: account.zone, locale: "en-GB" },
    backHref: noteId === undefined ? undefined : `/notes/${noteId}`,
  };
}

interface Refused {
  typed: Record<string, string>;
  wrong: Record<string, string>;
  error?: unknown;
}

async function notesPage(site: Site, c: Ctx, refused?: Refused): Promise<Response> {
  const { app } = site;
  const ownerId = me(c).id;
  const { q = "", tag = "", cursor } = refused ? {} as Record<string, string> : c.req.query();
  let wrong: string | null = null;
  const listed = await listNotes(app, { ownerId, q, tag, cursor }).catch((error) => {
    if (!(error instanceof AppError)) throw error;
    wrong = error.message;
    return { items: [], next: null };
  });
  const [chrome, total, last, recent] = await Promise.all([
    chromeOf(site, c),
    countNotes(app, ownerId),
    lastMailings(app, listed.items),
    listMailings(app, { ownerId }),
  ]);
  const running = recent.items.filter(({ job }) => job.finishedAt === null);
  const page = (
    <NotesPage
      chrome={chrome}
      compose={composeOf(c, {
        title: refused?.typed.title ?? "",
        text: refused?.typed.text ?? "",
        wrong: refused?.wrong,
      })}
      running={running.map(({ mailing, job }) => ({
        job,
        title: mailing.title,
        href: `/mailings/${job.id}`,
        retriedBy: mailing.retriedBy,
      }))}
      notes={listed.items.map((note) => ({ note, mailing: last.get(note.id)?.job ?? null }))}
      total={total}
      query={{ q, tag, tags: tagsIn(listed.items), wrong, older: cursor !== undefined }}
      next={listed.next}
      {...dayOf(recent.items, chrome)}
    />
  );
  return show(c, page, refused?.error ? statusFor(refused.error) : wrong || refused ? 400 : 200);
}

/** Tags to offer: those of the notes shown, the most frequent first. */
function tagsIn(notes: readonly { tags: string[] }[]): string[] {
  const counts = new Map<string, number>();
  for (const { tags } of notes) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 8).map(([tag]) => tag);
}
