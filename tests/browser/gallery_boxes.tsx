import type { OutboxMail } from "../../kv/schema.ts";
import { InboxPage } from "../../views/inbox.tsx";
import { MailingsPage } from "../../views/mailings.tsx";
import { OutboxPage } from "../../views/outbox.tsx";
import { OutboxMailPage } from "../../views/outbox_mail.tsx";
import {
  ada,
  chrome,
  DAY,
  HOUR,
  job,
  LONG_WORD,
  MINUTE,
  notification,
  NOW,
  over,
} from "./gallery_samples.ts";

const items = [
  notification("Mailed “Standup notes”, 2 failures", "118 of 120 sent", MINUTE),
  notification("Mailed “Visa papers” to 2 people", "All were accepted", 2 * HOUR),
  notification(`Mailed “${LONG_WORD}” to 1 person`, "All were accepted", DAY, NOW),
  notification("Cancelled “רשימת קניות”", "3 of 12 sent before", 9 * DAY, NOW),
];
const quiet = chrome({ viewer: { ...ada, unread: 0 } });
const mailings = [
  { job: job("a", [34, 120, 2]), title: "Standup notes", retriedBy: null },
  { job: over("b", [118, 120, 2]), title: "Minutes of the board", retriedBy: null },
  { job: over("c", [1, 1, 0]), title: LONG_WORD, retriedBy: null },
  { job: over("d", [3, 40, 0], { state: "cancelled" }), title: "רשימת קניות", retriedBy: null },
  {
    job: over("e", [0, 3, 0], { state: "discarded", finishedAt: "2026-03-02T08:00:00Z" }),
    title: "Bread",
    retriedBy: null,
  },
];
const delivered = {
  span: "last 7 days",
  figures: [{ value: "1,204", name: "sent" }, {
    value: "12",
    name: "failed",
    tone: "bad" as const,
  }],
};

const mail: OutboxMail = {
  id: "m1",
  from: { name: "Ada Lovelace via Clock Work", address: "clock-work@example.org" },
  to: { address: "ana@example.org" },
  replyTo: { name: "Ada Lovelace", address: "ada@example.org" },
  subject: "Confirm your address",
  textParts: 1,
  htmlParts: 1,
  headers: {
    "Auto-Submitted": "auto-generated",
    "List-Unsubscribe":
      "<https://notes.example.org/u/0123456789abcdef0123456789abcdef0123456789abcdef>",
  },
  at: NOW - 5 * MINUTE,
};
const welcome = "Welcome.\n\nhttps://notes.example.org/activate/0123456789abcdef\n";
const mails = [
  mail,
  { ...mail, id: "m2", subject: "Standup notes", to: { name: "Bob", address: "bob@example.net" } },
  { ...mail, id: "m3", subject: LONG_WORD, at: NOW - DAY },
];

export const boxPages = {
  mailings: (
    <MailingsPage
      chrome={chrome()}
      mailings={mailings}
      next="c"
      older={false}
      delivered={delivered}
      paused={null}
    />
  ),
  mailings_empty: (
    <MailingsPage
      chrome={quiet}
      mailings={[]}
      next={null}
      older={false}
      delivered={null}
      paused={null}
    />
  ),
  mailings_paused: (
    <MailingsPage
      chrome={chrome()}
      mailings={mailings}
      next={null}
      older={false}
      delivered={delivered}
      paused={{ at: NOW - 2 * DAY, why: "4 of 52 messages came back" }}
    />
  ),
  inbox: <InboxPage chrome={chrome()} show="all" items={items} next="c" />,
  inbox_empty: <InboxPage chrome={quiet} show="all" items={[]} next={null} />,
  inbox_read: <InboxPage chrome={quiet} show="unread" items={[]} next={null} />,
  outbox: <OutboxPage chrome={chrome()} mails={mails} next={null} />,
  outbox_empty: <OutboxPage chrome={quiet} mails={[]} next={null} />,
  outbox_mail: (
    <OutboxMailPage
      chrome={chrome()}
      mail={mail}
      htmlHref="/outbox/m1/html"
      text={welcome}
      links={["https://notes.example.org/activate/0123456789abcdef0123456789abcdef0123456789"]}
    />
  ),
};
