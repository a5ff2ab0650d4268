import { renderMarkdown } from "../core/markdown.ts";
import { isFinal } from "../islands/poll.ts";
import type { OccurrenceView } from "../domain/reminders/reminder_view.ts";
import type { JobView } from "../jobs/view.ts";
import type { Note } from "../kv/schema.ts";
import type { Chrome } from "./chrome.ts";
import { DeletedNotePage } from "./note_deleted.tsx";
import { Document } from "./document.tsx";
import { BackIcon } from "./icons.tsx";
import { Island } from "./island.tsx";
import { MailingRow } from "./mailing_row.tsx";
import { Tag } from "./note_row.tsx";
import { NoteReminders } from "./note_reminders.tsx";
import { WholeTime } from "./time.tsx";

export interface NoteProps {
  chrome: Chrome;
  note: Note;
  text: string;
  /** Newest first. */
  mailings: { job: JobView; retriedBy: string | null }[];
  /** What was set from it and is to come. */
  reminders: OccurrenceView[];
  /** Until when a deleted note can be put back. */
  undoUntil: number | null;
}

/** One note: what it says, and what became of its mailings. */
export function NotePage(props: NoteProps) {
  const { chrome, note, text, mailings } = props;
  if (note.deletedAt !== null) return <DeletedNotePage {...props} />;
  const { now, reader } = chrome;
  const here = `/notes/${note.id}`;
  const running = mailings.filter(({ job }) => !isFinal(job));
  const over = mailings.filter(({ job }) => isFinal(job));
  return (
    <Document chrome={chrome} title={note.title} section="notes" layout="two">
      <p class="crumbs">
        <a href="/">
          <BackIcon /> Notes
        </a>
      </p>
      <div class="work">
        <article class="card note" aria-labelledby="note">
          <h1 id="note" dir="auto">{note.title}</h1>
          <div
            class="prose"
            dir="auto"
            dangerouslySetInnerHTML={{ __html: renderMarkdown(text) }}
          />
          {note.tags.length > 0 && (
            <p class="tags">
              {note.tags.map((tag) => <Tag key={tag} tag={tag} />)}
            </p>
          )}
          <div class="row acts">
            <a class="button primary" href={`${here}/mail`}>Mail note</a>
            <a class="button" href={`${here}/remind`}>Remind me</a>
            <a class="button" href={`${here}/edit`}>Edit note</a>
            <form method="post" action={`${here}/delete`}>
              <button type="submit" class="quiet">Delete note</button>
            </form>
          </div>
        </article>
        {running.map(({ job, retriedBy }) => (
          <Island
            key={job.id}
            name="JobProgress"
            props={{
              job,
              retriedBy,
              title: note.title,
              reader,
              renderedAt: now,
              href: `/mailings/${job.id}`,
              level: 2,
            }}
          />
        ))}
      </div>
      <aside class="side" aria-label="About the note">
        <section class="card" aria-labelledby="mailed">
          <h2 id="mailed">Mailed</h2>
          {over.length === 0
            ? <p class="none">{running.length === 0 ? "Not yet." : "Under way."}</p>
            : (
              <ul class="brief">
                {over.map(({ job }) => (
                  <MailingRow key={job.id} job={job} now={now} reader={reader} />
                ))}
              </ul>
            )}
        </section>
        <NoteReminders
          noteId={note.id}
          reminders={props.reminders}
          now={now}
          reader={reader}
        />
        <section class="card" aria-labelledby="times">
          <h2 id="times">Times</h2>
          <dl class="facts-list">
            <dt>Written</dt>
            <dd>
              <WholeTime at={note.createdAt} now={now} reader={reader} />
            </dd>
            {note.updatedAt !== note.createdAt && (
              <>
                <dt>Changed</dt>
                <dd>
                  <WholeTime at={note.updatedAt} now={now} reader={reader} />
                </dd>
              </>
            )}
          </dl>
        </section>
      </aside>
    </Document>
  );
}
