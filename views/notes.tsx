import type { ComposeProps } from "../islands/Compose.tsx";
import type { JobProgressProps } from "../islands/JobProgress.tsx";
import { count } from "../islands/words.ts";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { type Figure, Figures } from "./figures.tsx";
import { Island } from "./island.tsx";
import { type NoteItem, NoteRow } from "./note_row.tsx";
import { NoteSearch } from "./note_search.tsx";
import { Today, type TodayItem } from "./today.tsx";

export interface NotesProps {
  chrome: Chrome;
  compose: ComposeProps;
  /** Mailings under way, newest first. */
  running: Omit<JobProgressProps, "level" | "reader" | "renderedAt">[];
  notes: NoteItem[];
  /** How many there are in all. */
  total: number;
  query: NoteQueryProps;
  /** Of the next page. */
  next: string | null;
  today: TodayItem[];
  /** The big numbers of the side column; none yet, and the card stays away. */
  delivered: { span: string; figures: Figure[] } | null;
}

/** What the list was asked for. */
export interface NoteQueryProps {
  q: string;
  tag: string;
  /** Tags to offer. */
  tags: string[];
  /** Why the search cannot be understood. */
  wrong: string | null;
  /** This is not the first page. */
  older: boolean;
}

/** The first page: write, what is being mailed, all notes; beside them the day. */
export function NotesPage(props: NotesProps) {
  const { chrome, compose, running, query, today, delivered } = props;
  const { now, reader } = chrome;
  return (
    <Document chrome={chrome} title="Notes" section="notes" layout="two">
      <div class="work">
        <Island name="Compose" props={compose} />
        {running.map((one) => (
          <Island
            key={one.job.id}
            name="JobProgress"
            props={{ ...one, reader, renderedAt: now, level: 2 }}
          />
        ))}
        <section class="list" aria-labelledby="notes">
          <header>
            <h1 id="notes">Notes</h1>
            <small>{summary(props)}</small>
          </header>
          {(props.total > 0 || asked(query)) && <NoteSearch {...query} />}
          <NoteList {...props} />
        </section>
      </div>
      <aside class="side" aria-label="Today">
        <Today
          now={now}
          reader={reader}
          items={today}
          what={{ one: "thing", many: "things" }}
          none="Nothing today so far. Mail a note or set a reminder, and a dot marks its hour."
        />
        {delivered && <Figures title="Delivered" {...delivered} />}
      </aside>
    </Document>
  );
}

const asked = ({ q, tag }: NoteQueryProps) => q !== "" || tag !== "";

function summary({ notes, total, next, query }: NotesProps): string {
  if (total === 0 && !asked(query)) return "";
  if (!asked(query)) return `${total.toLocaleString("en")} · newest first`;
  return `${count(notes.length, "match", "matches")}${next ? " so far" : ""}`;
}

function NoteList({ chrome: { now, reader }, notes, next, query }: NotesProps) {
  const searched = asked(query);
  if (notes.length === 0 && next === null) {
    return searched ? <NoMatch {...query} /> : (
      <div class="none">
        <p>{query.older ? "No older notes." : "No notes yet. Write one above."}</p>
      </div>
    );
  }
  return (
    <>
      <ul class="rows">
        {notes.map((item) => <NoteRow key={item.note.id} {...item} now={now} reader={reader} />)}
      </ul>
      {next && (
        <p class="more">
          <a class="button" rel="next" href={olderHref(query, next)}>
            {searched ? "Search older notes" : "Show older notes"}
          </a>
        </p>
      )}
    </>
  );
}

function NoMatch({ q, tag }: NoteQueryProps) {
  const asked = [q === "" ? "" : `“${q}”`, tag === "" ? "" : `#${tag}`].filter(Boolean).join(
    " in ",
  );
  return (
    <div class="none">
      <p>{`No notes match ${asked}. Search looks at titles, text and #tags.`}</p>
      <a class="button" href="/">Show all notes</a>
    </div>
  );
}

function olderHref({ q, tag }: NoteQueryProps, cursor: string): string {
  const query = new URLSearchParams({ q, tag, cursor });
  for (const name of ["q", "tag"]) if (query.get(name) === "") query.delete(name);
  return `/?${query}`;
}
