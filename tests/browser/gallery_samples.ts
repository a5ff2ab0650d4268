import type { DeliveryView } from "../../domain/work.ts";
import type { JobView } from "../../jobs/view.ts";
import type { Note, Notification } from "../../kv/schema.ts";
import type { Chrome, Viewer } from "../../views/chrome.ts";

/** Monday 23 November 2026, 10:42:07 in Kolkata. */
export const NOW = Date.parse("2026-11-23T10:42:07+05:30");
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const reader = { zone: "Asia/Kolkata", locale: "en-GB" };

export const ada: Viewer = {
  id: "01jd0000000000000000000ada",
  name: "Ada Lovelace",
  email: "ada@example.org",
  role: "member",
  unread: 3,
};

export function chrome(change: Partial<Chrome> = {}): Chrome {
  return {
    nonce: "sample",
    assets: { css: "/static/app.css", js: "/static/islands/hydrate.js", parts: [] },
    now: NOW,
    reader,
    viewer: ada,
    live: { [`account:${ada.id}`]: 7, everyone: 1 },
    flash: null,
    savedDraft: null,
    signUp: true,
    outbox: true,
    sending: null,
    ...change,
  };
}

/** What a stranger's page gets. */
export const strangers = (change: Partial<Chrome> = {}) =>
  chrome({ viewer: null, live: null, ...change });

export const iso = (at: number) => new Date(at).toISOString();

export function job(
  id: string,
  [done, total, failed]: [number, number, number],
  change: Partial<JobView> = {},
): JobView {
  return {
    id: id.padStart(26, "0"),
    kind: "email_note",
    state: "running",
    progress: { done, total, failed, label: "" },
    reason: null,
    dueAt: iso(NOW + MINUTE),
    createdAt: iso(NOW - 55_000),
    startedAt: iso(NOW - 53_000),
    finishedAt: null,
    ...change,
  };
}

/** A finished job. */
export function over(
  id: string,
  counts: [number, number, number],
  change: Partial<JobView> = {},
): JobView {
  return job(id, counts, {
    state: "completed",
    dueAt: null,
    createdAt: iso(NOW - 40 * MINUTE),
    startedAt: iso(NOW - 40 * MINUTE + 900),
    finishedAt: iso(NOW - 38 * MINUTE),
    ...change,
  });
}

let notes = 0;
export function note(title: string, excerpt: string, age: number, tags: string[] = []): Note {
  return {
    id: String(++notes).padStart(26, "0"),
    ownerId: ada.id,
    title,
    tags,
    excerpt,
    size: excerpt.length,
    parts: 1,
    version: 2,
    createdAt: NOW - age - HOUR,
    updatedAt: NOW - age,
    deletedAt: null,
    lastMailing: null,
  };
}

export const LONG_WORD =
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

export const sampleNotes = {
  standup: note(
    "Standup notes",
    "Release on Thursday; Bob takes the migration, Ana the pictures. #team",
    40 * MINUTE,
    ["team"],
  ),
  visa: note(
    "Visa papers",
    "Photos 35 × 45 mm, bank statement of three months, printed form. #travel #papers",
    DAY,
    ["travel", "papers"],
  ),
  bread: note(
    "Bread, slower",
    "72 % water, fold twice, overnight in the cold. Bake at 240 with steam.",
    2 * DAY,
  ),
  hebrew: note("רשימת קניות", "לחם, חלב, ביצים, עגבניות ושמן זית מהשוק. #בית", 3 * DAY, ["בית"]),
  long: note(LONG_WORD, LONG_WORD.repeat(2), 40 * DAY, [LONG_WORD.slice(0, 40).toLowerCase()]),
  emoji: note("🌱 Garden 👩‍👩‍👧 2026", "🍅🍅🍅 by the wall, beans where the peas were 🫛", 400 * DAY, [
    "garden",
  ]),
};

let lines = 0;
export function delivery(
  to: string,
  state: DeliveryView["state"],
  change: Partial<DeliveryView> = {},
): DeliveryView {
  const at = NOW - 50_000 + ++lines * 700;
  return {
    id: `delivery-${lines}`,
    channel: "mail",
    to,
    state,
    reason: null,
    attempts: state === "waiting" ? 0 : 1,
    maybeTwice: false,
    updatedAt: iso(at),
    ledger: state === "waiting" ? [] : [
      { at: iso(at - 400), text: "Handed to the mail service" },
      { at: iso(at), text: state === "sent" ? "Accepted by the mail service" : "No answer yet" },
    ],
    ...change,
  };
}

export function notification(
  title: string,
  text: string,
  age: number,
  readAt: number | null = null,
): Notification {
  const at = NOW - age;
  const id = String(age).padStart(26, "0");
  return { id, kind: "mailing", title, text, href: "/mailings/1", at, readAt };
}
