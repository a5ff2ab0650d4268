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
  const here = `/notes/${noteId}`;
  const title = `${theirs ? "Conflict" : "Edit"}: ${compose.title || "note"}`;
  return (
    <Document chrome={chrome} title={title} section="notes" layout={theirs ? "one" : "two"}>
      <p class="crumbs">
        <a href={here}>
          <BackIcon /> Note
        </a>
      </p>
      {theirs
        ? <Conflict chrome={chrome} compose={{ ...compose, backHref: here }} theirs={theirs} />
        : (
          <>
            <h1 class="page-title">Edit note</h1>
            <div class="work">
              <Island name="Compose" props={{ ...compose, backHref: here }} />
            </div>
            <Marks />
          </>
        )}
    </Document>
  );
}

interface ConflictProps extends Pick<NoteEditProps, "chrome" | "compose"> {
  theirs: NonNullable<NoteEditProps["theirs"]>;
}

function Conflict({ chrome: { now, reader }, compose, theirs }: ConflictProps) {
  return (
    <>
      <h1 class="page-title">Changed elsewhere</h1>
      <p class="problem-box" role="alert">
        This note was changed elsewhere{" "}
        <Time at={theirs.updatedAt} now={now} reader={reader} how="relative" />, after you opened
        it. Nothing is lost: yours is in the form, the other one beside it. Take over what you need;
        saving replaces the other one.
      </p>
      <div class="versions">
        <Island name="Compose" props={{ ...compose, heading: "Your version" }} />
        <section class="card theirs" aria-labelledby="theirs">
          <h2 id="theirs">The other version</h2>
          <p class="title" dir="auto">{theirs.title}</p>
          <pre dir="auto" tabIndex={0} aria-label="Text of the other version">{theirs.text}</pre>
        </section>
      </div>
    </>
  );
}

const MARKS = [
  ["**bold**", "what matters"],
  ["*italic*", "what is said differently"],
  ["# Heading", "a part of its own"],
  ["- item", "a list; 1. for numbers"],
  ["> words", "what somebody said"],
  ["`code`", "exactly as typed"],
  ["#tag", "finds the note again"],
] as const;

function Marks() {
  return (
    <aside class="side" aria-label="Markdown">
      <section class="card know" aria-labelledby="marks">
        <h2 id="marks">Marks</h2>
        <dl>
          {MARKS.map(([mark, meaning]) => (
            <div key={mark}>
              <dt>
                <code>{mark}</code>
              </dt>
              <dd>{meaning}</dd>
            </div>
          ))}
        </dl>
      </section>
    </aside>
  );
}
