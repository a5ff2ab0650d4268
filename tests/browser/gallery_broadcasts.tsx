import { runView } from "../../domain/broadcasts/broadcast_view.ts";
import type { Broadcast, BroadcastRun, Notification } from "../../kv/schema.ts";
import { AnnouncementPage } from "../../views/announcement.tsx";
import { BroadcastPage, type BroadcastProps } from "../../views/broadcast.tsx";
import { type BroadcastFields, BroadcastFormPage } from "../../views/broadcast_form.tsx";
import { BroadcastsPage } from "../../views/broadcasts.tsx";
import { InboxPage } from "../../views/inbox.tsx";
import { ada, chrome, DAY, HOUR, LONG_WORD, MINUTE, notification, NOW } from "./gallery_samples.ts";

const TEXT = "We move to the new house on Friday at nine.\n\n- Bring boxes\n- <b>Label</b> them";
const admin = chrome({ viewer: { ...ada, role: "admin" } });
const zone = "Europe/Berlin";

function sample(id: string, change: Partial<Broadcast> = {}): Broadcast {
  return {
    id: id.padStart(26, "0"),
    authorId: ada.id,
    confirmedBy: null,
    title: "Moving on Friday",
    text: TEXT,
    channels: { mail: true, telegram: true },
    when: { is: "now" },
    via: "page",
    state: "draft",
    nextAt: null,
    openRuns: [],
    version: 1,
    ledger: [{ at: NOW - HOUR, text: "Written by Ada Lovelace" }],
    createdAt: NOW - HOUR,
    updatedAt: NOW - HOUR,
    ...change,
  };
}

function run(of: Broadcast, change: Partial<BroadcastRun> = {}): BroadcastRun {
  return {
    id: of.id.replace(/^./, "1"),
    broadcastId: of.id,
    dueAt: NOW - 5 * MINUTE,
    missed: 0,
    from: "Ada Lovelace",
    title: of.title,
    text: of.text,
    channels: of.channels,
    cursor: null,
    expanded: false,
    parts: 2,
    partsOver: 1,
    members: 200,
    mail: { total: 180, sent: 92, failed: 3, skipped: 0 },
    telegram: { total: 61, sent: 40, failed: 1, skipped: 0 },
    reason: null,
    startedAt: NOW - 5 * MINUTE,
    finishedAt: null,
    ...change,
  };
}

const draft = sample("d");
const weekly = sample("w", {
  title: LONG_WORD,
  state: "scheduled",
  nextAt: NOW + DAY,
  when: { is: "cron", pattern: "0 9 * * 1-5", zone },
});
const undoable = sample("u", { state: "scheduled", nextAt: NOW + MINUTE });
const running = sample("r", { state: "running", openRuns: [NOW - 5 * MINUTE] });
const over = sample("o", { title: "רשימת קניות", state: "finished" });
const cancelled = sample("c", {
  state: "cancelled",
  when: { is: "at", wall: "2026-11-24T09:00:00", zone },
});
const finished = run(over, {
  ...{ expanded: true, partsOver: 2, finishedAt: NOW, missed: 2 },
  ...{ mail: { total: 180, sent: 170, failed: 3, skipped: 7 }, reason: "it was cancelled" },
});

const page: Omit<BroadcastProps, "broadcast"> = {
  chrome: admin,
  runs: [],
  counts: { members: 1_280, mail: 1_102, telegram: 95 },
  next: [],
  mail: {
    subject: "[Clock Work] Moving on Friday",
    from: "clock@example.org",
    why: "Ada Lovelace sent this to everybody with an account at https://clock.example",
    stop: "https://clock.example/account",
  },
  chat: { html: "<b>Moving on Friday</b>\n\nWe move to the new house" },
};
const days = [1, 2, 3, 4, 5].map((n) => NOW + n * DAY);

const fields: BroadcastFields = {
  ...{ title: "", text: "", mail: true, telegram: true, when: "now", date: "", time: "09:00" },
  ...{ zone, pattern: "0 9 * * 1", key: "k", version: "0" },
};
const kind = (kind: Notification["kind"], title: string, readAt?: number): Notification => ({
  ...notification(title, TEXT.repeat(9), HOUR, readAt),
  kind,
});

export const broadcastPages = {
  broadcasts: (
    <BroadcastsPage
      chrome={admin}
      items={[
        { broadcast: draft, runs: [] },
        { broadcast: weekly, runs: [run(weekly)] },
        { broadcast: running, runs: [run(running)] },
        { broadcast: over, runs: [finished] },
        { broadcast: cancelled, runs: [] },
      ]}
      next="more"
    />
  ),
  broadcasts_none: <BroadcastsPage chrome={admin} items={[]} next={null} />,
  broadcast_new: <BroadcastFormPage chrome={admin} id={null} fields={fields} wrong={{}} telegram />,
  broadcast_wrong: (
    <BroadcastFormPage
      chrome={admin}
      id={draft.id}
      fields={{ ...fields, title: "Moving", text: TEXT, when: "at", date: "2020-01-01" }}
      wrong={{
        "": "Cannot do this: the broadcast was changed meanwhile",
        text: "Cannot announce nothing: write a text",
        at: "Cannot announce then: it is past",
        cron: "Cannot use this cron rule: it never comes",
      }}
      telegram={false}
    />
  ),
  broadcast_draft: <BroadcastPage {...page} broadcast={draft} />,
  broadcast_rule: (
    <BroadcastPage {...page} broadcast={weekly} next={days} runs={[runView(finished)]} />
  ),
  broadcast_undo: <BroadcastPage {...page} broadcast={undoable} />,
  broadcast_running: <BroadcastPage {...page} broadcast={running} runs={[runView(run(running))]} />,
  broadcast_over: <BroadcastPage {...page} broadcast={over} runs={[runView(finished)]} />,
  broadcast_cancelled: <BroadcastPage {...page} broadcast={cancelled} />,
  announcement: (
    <AnnouncementPage
      chrome={chrome()}
      announcement={{ from: "Ada Lovelace", title: LONG_WORD, text: TEXT, at: NOW - HOUR }}
    />
  ),
  inbox_kinds: (
    <InboxPage
      chrome={chrome()}
      show="all"
      items={[
        kind("broadcast", "Moving on Friday"),
        kind("reminder", "Call the bank"),
        kind("account", "Telegram is turned off", NOW),
        kind("mailing", "Standup notes", NOW),
      ]}
      next={null}
    />
  ),
};
