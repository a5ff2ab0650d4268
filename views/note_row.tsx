import { JobState } from "../islands/JobState.tsx";
import { isFinal } from "../islands/poll.ts";
import type { Reader } from "../islands/times.ts";
import type { JobView } from "../jobs/view.ts";
import type { Note } from "../kv/schema.ts";
import { Island } from "./island.tsx";
import { Time } from "./time.tsx";

/** A note in a list, with its last mailing. */
export interface NoteItem {
  note: Pick<Note, "id" | "title" | "excerpt" | "tags" | "updatedAt">;
  mailing: JobView | null;
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
      {mailing && (isFinal(mailing)
        ? <JobState job={mailing} />
        : <Island name="JobState" props={{ job: mailing }} />)}
      {note.tags.length > 0 && (
        <p class="tags">
          {note.tags.map((tag) => <Tag key={tag} tag={tag} />)}
        </p>
      )}
    </li>
  );
}

/** A #tag that leads to all its notes. */
export function Tag({ tag }: { tag: string }) {
  return <a class="tag" href={`/?tag=${encodeURIComponent(tag)}`}>{`#${tag}`}</a>;
}
