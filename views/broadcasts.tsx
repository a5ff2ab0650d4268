import { broadcastSigns, whenWords } from "../islands/broadcast_words.ts";
import { Chip } from "../islands/marks.tsx";
import { people } from "../islands/words.ts";
import type { Broadcast, BroadcastRun } from "../kv/schema.ts";
import { AdminNav } from "./admin_nav.tsx";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Time } from "./time.tsx";

export interface BroadcastsProps {
  chrome: Chrome;
  /** Newest first, each with its latest run. */
  items: { broadcast: Broadcast; runs: BroadcastRun[] }[];
  next: string | null;
}

/** All that was announced to everybody, or will be. */
export function BroadcastsPage({ chrome, items, next }: BroadcastsProps) {
  return (
    <Document chrome={chrome} title="Broadcasts">
      <h1 class="page-title">Admin</h1>
      <AdminNav section="broadcasts" />
      <p class="broadcast-new">
        <a class="button primary" href="/admin/broadcasts/new">New broadcast</a>
      </p>
      {items.length === 0
        ? (
          <div class="none">
            <p>
              No broadcasts yet. What you announce here reaches everybody, at once or at a time.
            </p>
          </div>
        )
        : (
          <ul class="rows broadcasts">
            {items.map((item) => <Row key={item.broadcast.id} {...item} chrome={chrome} />)}
          </ul>
        )}
      {next && (
        <p class="more">
          <a
            class="button"
            rel="next"
            href={`/admin/broadcasts?${new URLSearchParams({ cursor: next })}`}
          >
            Show older broadcasts
          </a>
        </p>
      )}
    </Document>
  );
}

function Row(
  { broadcast, runs: [run], chrome: { now, reader } }:
    & BroadcastsProps["items"][number]
    & Pick<BroadcastsProps, "chrome">,
) {
  const { id, title, state, when, nextAt, createdAt } = broadcast;
  const time = (at: number) => <Time at={at} now={now} reader={reader} how="full" />;
  return (
    <li>
      <a href={`/admin/broadcasts/${id}`}>
        <strong dir="auto">{title}</strong>
        <Chip sign={broadcastSigns[state]} />
        <small>
          {whenWords(when)}
          {nextAt !== null && <>{" · next "}{time(nextAt)}</>}
          {run && <>{` · ${people(run.members)}, `}{time(run.startedAt)}</>}
          {!run && nextAt === null && <>{" · written "}{time(createdAt)}</>}
        </small>
      </a>
    </li>
  );
}
