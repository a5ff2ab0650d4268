import { MailNotePage, type MailNoteProps } from "../../views/mail_note.tsx";
import { NoteEditPage } from "../../views/note_edit.tsx";
import { NotePage, type NoteProps } from "../../views/note.tsx";
import { compose } from "./gallery_notes.tsx";
import { shelves } from "./gallery_reminders.tsx";
import { chrome, DAY, job, MINUTE, NOW, over, sampleNotes } from "./gallery_samples.ts";

const text = `Release on **Thursday**; Bob takes the migration, Ana the pictures.

# What is left

1. Migration, *dry run* on the copy first
2. Pictures in [the folder](https://example.org/pictures)
3. \`deno task ok\` on both machines
   - the old one too

> “It worked yesterday” is not a test.

| Who | What | Hours |
| :-- | :--: | --: |
| Bob | migration | 6 |
| Ana | pictures | 12 |

\`\`\`
$ deno task start
listening on http://localhost:8000, which is a line long enough to need to scroll on a small phone
\`\`\`

![The board](https://example.org/board.png) ~~Friday~~ https://example.org/a/very/long/path/that/goes/on/and/on/and/on/until/it/is/wider/than/a/phone #team`;

const props: NoteProps = {
  chrome: chrome(),
  note: { ...sampleNotes.standup, tags: ["team", "release"] },
  text,
  mailings: [
    { job: job("a", [34, 120, 2]), retriedBy: null },
    { job: over("b", [118, 120, 2]), retriedBy: null },
    { job: over("c", [1, 1, 0], { finishedAt: "2026-10-02T08:00:00Z" }), retriedBy: null },
    { job: over("d", [3, 40, 0], { state: "cancelled" }), retriedBy: null },
  ],
  reminders: [],
  undoUntil: null,
};
const hebrew = "לחם, חלב, ביצים\n\n- עגבניות\n- שמן זית";
const edit = {
  ...compose,
  action: "/notes/1",
  draftKey: "ada 1",
  version: 2,
  title: "Standup notes",
  text,
};

const mail: MailNoteProps = {
  chrome: chrome(),
  note: { id: "1", title: "Standup notes" },
  requestKey: "01jd000000000000000000key",
  recipients: { value: "", wrong: [], standings: [], own: "ada@example.org", limit: 200 },
  policy: { is: "outbox" },
  quota: null,
  paused: null,
  wrong: {},
  check: null,
};
const three =
  "ana@example.org\nbob@example.net\ncarla.with.a.rather.long.name@subdomain.example.com";

const standings = three.split("\n").map((address, i) => ({
  address,
  standing: (["allowed", "pending", "new"] as const)[i] ?? "allowed",
  why: null,
}));

export const notePages = {
  note: <NotePage {...props} />,
  note_reminders: (
    <NotePage {...props} reminders={[...shelves.overdue, ...shelves.later, ...shelves.snoozed]} />
  ),
  note_rtl: (
    <NotePage
      {...props}
      note={{ ...sampleNotes.hebrew, updatedAt: sampleNotes.hebrew.createdAt }}
      text={hebrew}
      mailings={[]}
    />
  ),
  note_deleted: (
    <NotePage
      {...props}
      note={{ ...props.note, deletedAt: NOW - MINUTE }}
      undoUntil={NOW + 30 * DAY}
    />
  ),
  note_edit: <NoteEditPage chrome={chrome()} noteId="1" compose={edit} theirs={null} />,
  note_conflict: (
    <NoteEditPage
      chrome={chrome()}
      noteId="1"
      compose={{ ...edit, text: text.replace("Thursday", "Friday"), version: 3 }}
      theirs={{ title: "Standup notes, Monday", text, updatedAt: NOW - 2 * MINUTE }}
    />
  ),
  mail_note: <MailNotePage {...mail} />,
  mail_note_paused: (
    <MailNotePage {...mail} paused={{ at: NOW - MINUTE, why: "people complained about it" }} />
  ),
  mail_note_refused: (
    <MailNotePage
      {...mail}
      recipients={{
        ...mail.recipients,
        value: "ana@example.org, bob@, zoe@example.net",
        wrong: [
          { text: "bob@", why: "has nothing after the @" },
          { text: "zoe@example.net", why: "does not want mail from you" },
        ],
      }}
      policy={{ is: "some", own: "ada@example.org", domains: ["example.org"] }}
      quota={{ perDay: 50, left: 4, renewsAt: NOW + 3 * 3_600_000 }}
      wrong={{ form: "Nothing was mailed: two addresses cannot be used. Fix or remove them." }}
    />
  ),
  mail_check: (
    <MailNotePage
      {...mail}
      recipients={{ ...mail.recipients, value: three, standings }}
      quota={{ perDay: 50, left: 30, renewsAt: NOW + 3 * 3_600_000 }}
      check={{
        from: "Ada Lovelace via Clock Work <clock-work@example.org>",
        replyTo: "ada@example.org",
        subject: "Standup notes",
        text:
          "Release on Thursday; Bob takes the migration, Ana the pictures.\n\n--\nAda sent you this.",
        htmlHref: "/notes/1/preview",
      }}
    />
  ),
};
