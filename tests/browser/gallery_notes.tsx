import type { ComposeProps } from "../../islands/Compose.tsx";
import { NotesPage, type NotesProps } from "../../views/notes.tsx";
import {
  ada,
  chrome,
  HOUR,
  job,
  MINUTE,
  NOW,
  over,
  reader,
  sampleNotes,
} from "./gallery_samples.ts";

export const compose: ComposeProps = {
  action: "/notes",
  draftKey: `${ada.id} new`,
  draftId: "01jd00000000000000000draft",
  version: null,
  title: "",
  text: "",
  wrong: {},
  maxTitle: 200,
  maxBytes: 102_400,
  reader,
};

const running = job("a", [34, 120, 2]);
const { standup, visa, bread, hebrew, long, emoji } = sampleNotes;

const full: NotesProps = {
  chrome: chrome(),
  compose,
  running: [{ job: running, title: "Standup notes", href: "/mailings/a", retriedBy: null }],
  notes: [
    { note: standup, mailing: running },
    { note: visa, mailing: over("b", [2, 2, 0]) },
    { note: bread, mailing: null },
    { note: hebrew, mailing: over("c", [1, 3, 2]) },
    { note: long, mailing: over("d", [1, 3, 0], { state: "cancelled" }) },
    { note: emoji, mailing: null },
  ],
  total: 128,
  query: {
    q: "",
    tag: "",
    tags: ["team", "travel", "papers", "garden"],
    wrong: null,
    older: false,
  },
  next: "cursor",
  today: [
    {
      at: NOW - 9 * HOUR,
      kind: "sent",
      title: "Night watch",
      detail: "to 1 person",
      href: "/mailings/1",
    },
    {
      at: NOW - 2 * HOUR,
      kind: "failed",
      title: "Minutes of the board",
      detail: "to 38 people, 2 failed",
      href: "/mailings/2",
    },
    {
      at: NOW - 40 * MINUTE,
      kind: "sent",
      title: "Visa papers",
      detail: "to 2 people",
      href: "/mailings/3",
    },
    {
      at: NOW - MINUTE,
      kind: "sent",
      title: "Standup notes",
      detail: "34 of 120",
      href: "/mailings/4",
    },
  ],
  delivered: {
    span: "last 7 days",
    figures: [{ value: "1,204", name: "sent" }, { value: "12", name: "failed", tone: "bad" }],
  },
};

const empty: NotesProps = {
  ...full,
  chrome: chrome({ viewer: { ...ada, unread: 0 }, outbox: false }),
  running: [],
  notes: [],
  total: 0,
  query: { ...full.query, tags: [] },
  next: null,
  today: [],
  delivered: null,
};

export const notesPages = {
  notes: <NotesPage {...full} />,
  notes_empty: <NotesPage {...empty} />,
  notes_saved: (
    <NotesPage
      {...full}
      chrome={chrome({ flash: { tone: "good", text: "Saved “Bread, slower”." } })}
      running={[{
        job: job("q", [0, 12, 0], { state: "scheduled", startedAt: null, dueAt: null }),
        title: "Bread, slower",
        href: "/mailings/q",
        retriedBy: null,
      }]}
    />
  ),
  notes_no_match: (
    <NotesPage {...empty} query={{ ...full.query, q: "zeppelin", tag: "travel" }} total={128} />
  ),
  notes_refused: (
    <NotesPage
      {...full}
      running={[]}
      compose={{
        ...compose,
        text: "A note that is too long…",
        wrong: {
          text: "This note is 112 KB long; 100 KB is the most. Shorten it or split it in two.",
        },
      }}
      query={{
        ...full.query,
        q: "before:soon",
        wrong: "“before:” needs a date, as in before:2026-11-01.",
      }}
    />
  ),
};
