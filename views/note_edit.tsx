import type { ComposeProps } from "../islands/Compose.tsx";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { BackIcon } from "./icons.tsx";
import { Island } from "./island.tsx";
import { Time } from "./time.tsx";

export interface NoteEditProps {
  chrome: Chrome;
  noteId: string;
  /** With what was typed; after a conflict with the version of `theirs`, so that saving replaces it. */
  compose: ComposeProps;
  /** The note as it was saved elsewhere in the meantime. */
  theirs: { title: string; text: string; updatedAt: number } | null;
}

/** POST /notes/:id {title, text, version, draft, then} */
export function NoteEditPage({ chrome, noteId, compose, theirs }: NoteEditProps) {
  const { now, reader } = chrome;
  const here = `/notes/${noteId}`;
  return (
    <Document
      chrome={chrome}
      title={`${theirs ? "Conflict: " : "Edit: "}${compose.title || "note"}`}
      section="notes"
    >
      <p class="crumbs">
        <a href={here}>
          <BackIcon /> Note
        </a>
      </p>
      <h1 class="page-title">{theirs ? "Changed elsewhere" : "Edit note"}</h1>
      {theirs && (
        <p class="problem-box" role="alert">
          This note was changed elsewhere{" "}
          <Time at={theirs.updatedAt} now={now} reader={reader} how="relative" />
          , after you opened it. Nothing is lost: yours is in the form, the other one beside it.
          Take over what you need; saving replaces the other one.
        </p>
      )}
      <div class={theirs ? "versions" : ""}>
        <Island
          name="Compose"
          props={{ ...compose, backHref: here, heading: theirs ? "Your version" : undefined }}
        />
        {theirs && (
          <section class="card note theirs" aria-labelledby="theirs">
            <h2 id="theirs">The other version</h2>
            <p class="title" dir="auto">{theirs.title}</p>
            <pre dir="auto" tabIndex={0} aria-label="Text of the other version">{theirs.text}</pre>
          </section>
        )}
      </div>
    </Document>
  );
}
