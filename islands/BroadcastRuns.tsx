import { useEffect, useState } from "preact/hooks";
import type { BroadcastEvent, BroadcastRunView } from "../domain/broadcasts/broadcast_view.ts";
import type { BroadcastChannels, BroadcastState } from "../kv/schema.ts";
import { getBroadcast } from "./api.ts";
import { broadcastSigns, tallyWords } from "./broadcast_words.ts";
import { useServerNow } from "./clock.ts";
import { useLive } from "./live.ts";
import { Chip } from "./marks.tsx";
import { dayTime, type Reader } from "./times.ts";
import { people } from "./words.ts";

const SECOND_MS = 1_000;

export interface BroadcastRunsProps {
  id: string;
  state: BroadcastState;
  /** When one for now begins to go out, ms; null for others. */
  sendsAt: number | null;
  /** Newest first. */
  runs: BroadcastRunView[];
  channels: BroadcastChannels;
  reader: Reader;
  renderedAt: number;
}

/** How far each run of a broadcast is; follows them. */
export function BroadcastRuns(props: BroadcastRunsProps) {
  const { id, sendsAt, channels, reader, renderedAt } = props;
  const [{ state, runs }, setSeen] = useState({ state: props.state, runs: props.runs });
  useLive<BroadcastEvent>("broadcast", (event) => {
    if (event.id !== id) return;
    const { run } = event;
    setSeen({
      state: event.state,
      runs: run ? [run, ...runs.filter((one) => one.id !== run.id)] : runs,
    });
  });
  useLive("gap", () => void getBroadcast(id).then((seen) => seen && setSeen(seen), () => {}));
  const time = (at: string) => (
    <time dateTime={at}>{dayTime(Date.parse(at), reader, renderedAt)}</time>
  );
  return (
    <div class={`runs ${state}`}>
      <p role="status">
        <Chip sign={broadcastSigns[state]} />
      </p>
      {state === "scheduled" && sendsAt !== null && (
        <SendsIn
          at={sendsAt}
          renderedAt={renderedAt}
        />
      )}
      <ul>
        {runs.map((run) => (
          <li key={run.id}>
            <strong>{time(run.startedAt)}</strong>
            <dl>
              <div>
                <dt>Inbox</dt>
                <dd>{`${people(run.members)}${run.expanded ? "" : " so far"}`}</dd>
              </div>
              {channels.mail && <Way name="Mail" words={tallyWords(run.mail)} />}
              {channels.telegram && <Way name="Telegram" words={tallyWords(run.telegram)} />}
            </dl>
            <small>
              {run.finishedAt === null ? "Under way" : <>Over {time(run.finishedAt)}</>}
              {run.missed > 0 && ` · stands for ${run.missed} later times that were missed`}
              {run.reason !== null && ` · ${run.reason}`}
            </small>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** How long it can still be taken back. */
function SendsIn({ at, renderedAt }: { at: number; renderedAt: number }) {
  const serverNow = useServerNow(renderedAt);
  const [now, setNow] = useState(renderedAt);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  return <p>{`Sends in ${Math.max(0, Math.ceil((at - now) / SECOND_MS))} s`}</p>;
}

function Way({ name, words }: { name: string; words: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{words}</dd>
    </div>
  );
}
