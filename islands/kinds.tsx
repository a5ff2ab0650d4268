import type { Notification } from "../kv/schema.ts";

const kinds: Record<Notification["kind"], { word: string; path: string }> = {
  mailing: { word: "Mailing", path: "M13.5 2.8 2.6 7.1l4.3 1.7 1.7 4.4zM13.5 2.8 6.9 8.8" },
  reminder: {
    word: "Reminder",
    path: "M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5v3.2l2 1.3",
  },
  broadcast: {
    word: "Announcement",
    path: "M2.5 6.5v3h2.2l6.3 3V3.5l-6.3 3zM13 6.6v2.8M5 9.5l.8 3.5",
  },
  account: {
    word: "Account",
    path: "M8 2.6a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4zM3 13.4c0-5 10-5 10 0",
  },
};

/** What sort of news it is, as a picture and a word. */
export function KindMark({ kind }: Pick<Notification, "kind">) {
  const { word, path } = kinds[kind];
  return (
    <span class="kind">
      <svg class="mark" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <path d={path} />
      </svg>
      {word}
    </span>
  );
}

/** Where a notification leads: announcements open before they have come to the inbox. */
export function hrefOf({ kind, id, href }: Notification): string {
  return kind === "broadcast" ? href : `/inbox/${id}/open`;
}
