import { Mark } from "../islands/marks.tsx";
import type { Reader } from "../islands/times.ts";
import { jobCount, jobSign, people } from "../islands/words.ts";
import type { JobView } from "../jobs/view.ts";
import type { Note } from "../kv/schema.ts";
import { Time } from "./time.tsx";

/** A note in a list, with its last mailing. */
export interface NoteItem {
  note: Pick<Note, "id" | "title" | "excerpt" | "tags" | "updatedAt">;
  mailing: Pick<JobView, "state" | "progress"> | null;
}

export interface NoteRowProps extends NoteItem {
  now: number;
  reader: Reader;
}

/** One note as a line: what it says, what became of it, when it was touched. */
export function NoteRow({ note, mailing, now, reader }: NoteRowProps) {
  return (
    <li class="note-row">
      <h2 dir="auto">
        <a href={`/notes/${note.id}`}>{note.title}</a>
      </h2>
      <p class="excerpt" dir="auto">{note.excerpt}</p>
      <p class="touched">
        <Time at={note.updatedAt} now={now} reader={reader} />
      </p>
      {mailing && <MailingState {...mailing} />}
      {note.tags.length > 0 && (
        <p class="tags">
          {note.tags.map((tag) => <Tag key={tag} tag={tag} />)}
        </p>
      )}
    </li>
  );
}

function MailingState(job: Pick<JobView, "state" | "progress">) {
  const { tone, mark, word } = jobSign(job);
  const { state, progress } = job;
  const text = tone === "good"
    ? `Mailed to ${people(progress.done)}`
    : state === "completed" || state === "cancelled"
    ? word
    : `${word} ${jobCount(job)}`;
  return (
    <p class={`state sign ${tone}`}>
      <Mark name={mark} />
      {text}
    </p>
  );
}

/** A #tag that leads to all its notes. */
export function Tag({ tag }: { tag: string }) {
  return <a class="tag" href={`/?tag=${encodeURIComponent(tag)}`}>{`#${tag}`}</a>;
}
