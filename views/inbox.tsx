import { hrefOf, KindMark } from "../islands/kinds.tsx";
import type { Notification } from "../kv/schema.ts";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Time } from "./time.tsx";

export interface InboxProps {
  chrome: Chrome;
  show: "all" | "unread";
  /** Newest first. */
  items: Notification[];
  next: string | null;
}

/** What was finished while one was elsewhere. POST /inbox/read marks all of it as read. */
export function InboxPage({ chrome, show, items, next }: InboxProps) {
  const unread = chrome.viewer?.unread ?? 0;
  return (
    <Document chrome={chrome} title="Inbox" section="inbox">
      <header class="page-head">
        <h1>Inbox</h1>
        <nav class="tabs" aria-label="Which notifications">
          <a href="/inbox" aria-current={show === "all" ? "page" : undefined}>All</a>
          <a href="/inbox?show=unread" aria-current={show === "unread" ? "page" : undefined}>
            {`Unread ${unread > 0 ? unread : ""}`.trim()}
          </a>
        </nav>
        {unread > 0 && (
          <form method="post" action="/inbox/read">
            <button type="submit" class="quiet">Mark all as read</button>
          </form>
        )}
      </header>
      {items.length === 0 && next === null
        ? (
          <div class="none">
            <p>
              {show === "all"
                ? "All quiet. Finished mailings, reminders and announcements land here."
                : "Nothing unread. Have a quiet day."}
            </p>
          </div>
        )
        : (
          <ul class="rows inbox">
            {items.map((item) => <Item key={item.id} item={item} chrome={chrome} />)}
          </ul>
        )}
      {next && (
        <p class="more">
          <a
            class="button"
            rel="next"
            href={`/inbox?${new URLSearchParams({ show, cursor: next })}`}
          >
            Show older notifications
          </a>
        </p>
      )}
    </Document>
  );
}

function Item({ item, chrome: { now, reader } }: { item: Notification; chrome: Chrome }) {
  const { kind, title, text, at, readAt } = item;
  return (
    <li class={readAt === null ? "unread" : "read"}>
      <a href={hrefOf(item)}>
        <KindMark kind={kind} />
        <strong dir="auto">{title}</strong>
        {readAt === null && <span class="unseen">unread</span>}
        {text !== "" && <small dir="auto">{text}</small>}
        <Time at={at} now={now} reader={reader} />
      </a>
    </li>
  );
}
