import { Document } from "./document.tsx";
import type { NoteProps } from "./note.tsx";
import { Time } from "./time.tsx";

/** Where a deleted note was, with the way to put it back. */
export function DeletedNotePage({ chrome, note, undoUntil }: NoteProps) {
  const { now, reader } = chrome;
  return (
    <Document chrome={chrome} title={`Deleted: ${note.title}`} section="notes" layout="narrow">
      <form class="card sheet-form" method="post" action={`/notes/${note.id}/restore`}>
        <h1 dir="auto">“{note.title}” is deleted</h1>
        <p class="lead">
          It is in no list and is not mailed again.
          {undoUntil !== null && (
            <>
              {" You can put it back until "}
              <Time at={undoUntil} now={now} reader={reader} how="full" />
              {`, ${reader.zone}. Then it is gone for good.`}
            </>
          )}
        </p>
        <p class="row">
          <button type="submit" class="primary">Put the note back</button>
          <a class="button quiet" href="/">Go to the notes</a>
        </p>
      </form>
    </Document>
  );
}
