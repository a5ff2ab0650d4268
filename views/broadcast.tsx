import type { ChatMessage } from "../core/chat.ts";
import type { BroadcastCounts } from "../domain/broadcasts/broadcast_members.ts";
import type { BroadcastRunView } from "../domain/broadcasts/broadcast_view.ts";
import { whenWords } from "../islands/broadcast_words.ts";
import { people } from "../islands/words.ts";
import type { Broadcast } from "../kv/schema.ts";
import { AdminNav } from "./admin_nav.tsx";
import { BroadcastPreview } from "./broadcast_preview.tsx";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { BackIcon } from "./icons.tsx";
import { Island } from "./island.tsx";
import { Time, WholeTime } from "./time.tsx";

export interface BroadcastProps {
  chrome: Chrome;
  broadcast: Broadcast;
  /** Newest first. */
  runs: BroadcastRunView[];
  counts: BroadcastCounts;
  /** When it comes next, at most five. */
  next: number[];
  mail: { subject: string; from: string; why: string; stop: string };
  chat: Pick<ChatMessage, "html">;
}

/** One broadcast: as members will see it, whom it reaches, and what became of it. */
export function BroadcastPage(props: BroadcastProps) {
  const { chrome, broadcast, runs } = props;
  const { id, title, state, when, nextAt, channels, ledger } = broadcast;
  const { now, reader } = chrome;
  return (
    <Document chrome={chrome} title={title}>
      <h1 class="page-title">Admin</h1>
      <AdminNav section="broadcasts" />
      <p class="crumbs">
        <a href="/admin/broadcasts">
          <BackIcon /> Broadcasts
        </a>
      </p>
      <section class="card broadcast" aria-labelledby="broadcast">
        <h2 id="broadcast" dir="auto">{title}</h2>
        <Island
          name="BroadcastRuns"
          props={{
            ...{ id, state, runs, channels, reader, renderedAt: now },
            sendsAt: when.is === "now" ? nextAt : null,
          }}
        />
        <Whom {...props} />
        <Acts {...props} />
      </section>
      <BroadcastPreview {...props} />
      <section class="list" aria-labelledby="story">
        <header>
          <h2 id="story">What happened</h2>
        </header>
        <ol class="broadcast-story">
          {ledger.map(({ at, text }) => (
            <li key={`${at} ${text}`}>
              <Time at={at} now={now} reader={reader} how="full" /> <span dir="auto">{text}</span>
            </li>
          ))}
        </ol>
      </section>
    </Document>
  );
}

function Whom({ chrome: { now, reader }, broadcast, counts, next }: BroadcastProps) {
  const { channels, when, state } = broadcast;
  if (state === "finished" || state === "cancelled") return <p>{whenWords(when)}</p>;
  const ways = [
    `${people(counts.members)} in the inbox`,
    ...channels.mail ? [`${counts.mail.toLocaleString("en")} by mail`] : [],
    ...channels.telegram ? [`${counts.telegram.toLocaleString("en")} in Telegram`] : [],
  ];
  return (
    <>
      <p>{`Reaches ${ways.join(", ")}.`}</p>
      <p>{whenWords(when)}</p>
      {next.length > 0 && (
        <ul class="broadcast-times" aria-label="Next times">
          {next.map((at) => (
            <li key={at}>
              <WholeTime at={at} now={now} reader={reader} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Acts({ broadcast: { id, state, when, version }, counts }: BroadcastProps) {
  const here = `/admin/broadcasts/${id}`;
  const open = state === "draft" || state === "scheduled";
  const undo = state === "scheduled" && when.is === "now";
  return (
    <div class="broadcast-acts">
      {state === "draft" && (
        <form method="post" action={`${here}/confirm`}>
          <input type="hidden" name="version" value={version} />
          <input type="hidden" name="members" value={counts.members} />
          <button type="submit" class="primary">{`Send to ${people(counts.members)}`}</button>
        </form>
      )}
      {open && !undo && <a class="button" href={`${here}/edit`}>Change</a>}
      {(open || state === "running") && (
        <form method="post" action={`${here}/cancel`}>
          <button type="submit" class={undo ? undefined : "quiet"}>
            {state === "draft" ? "Drop it" : undo ? "Undo" : "Cancel the broadcast"}
          </button>
        </form>
      )}
      {(state === "running" || undo) && (
        <noscript>
          <a href={here}>Look how far it is now</a>
        </noscript>
      )}
    </div>
  );
}
