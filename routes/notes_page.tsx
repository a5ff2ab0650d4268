import { AppError } from "../core/errors.ts";
import { lastMailings, listMailings } from "../domain/mail/mailing_list.ts";
import { countNotes, listNotes } from "../domain/notes/note_list.ts";
import { listShelves } from "../domain/reminders/reminder_list.ts";
import { NotesPage } from "../views/notes.tsx";
import { composeOf } from "./compose.ts";
import { statusFor } from "./refused.ts";
import { remindersToday } from "./reminders_today.ts";
import { type Ctx, me } from "./router.ts";
import { chromeOf, show, type Site } from "./site.ts";
import { dayOf } from "./today.ts";

/** A note that was typed and could not be kept. */
export interface Refused {
  typed: Record<string, string>;
  wrong: Record<string, string>;
  error?: unknown;
}

/** The first page: compose, what is being mailed, the notes, the day. */
export async function notesPage(site: Site, c: Ctx, refused?: Refused): Promise<Response> {
  const { app } = site;
  const { id: ownerId, zone } = me(c);
  const { q = "", tag = "", cursor } = refused ? {} as Record<string, string> : c.req.query();
  let wrong: string | null = null;
  const listed = await listNotes(app, { ownerId, q, tag, cursor }).catch((error) => {
    if (!(error instanceof AppError)) throw error;
    wrong = error.message;
    return { items: [], next: null };
  });
  const [chrome, total, last, recent, shelves] = await Promise.all([
    chromeOf(site, c),
    countNotes(app, ownerId),
    lastMailings(app, listed.items),
    listMailings(app, { ownerId }),
    listShelves(app, { ownerId, zone }),
  ]);
  const { today, delivered } = dayOf(recent.items, chrome);
  const day = [...today, ...remindersToday(shelves, chrome)].sort((a, b) => a.at - b.at);
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
      today={day}
      delivered={delivered}
    />
  );
  return show(c, page, refused?.error ? statusFor(c, refused.error) : wrong || refused ? 400 : 200);
}

/** Tags to offer: those of the notes shown, the most frequent first. */
function tagsIn(notes: readonly { tags: string[] }[]): string[] {
  const counts = new Map<string, number>();
  for (const { tags } of notes) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 8).map(([tag]) => tag);
}
