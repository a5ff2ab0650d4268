import { useEffect, useRef, useState } from "preact/hooks";
import type { JobView } from "../jobs/view.ts";
import type { ServerFrame } from "./frames.ts";
import { useLink, useLive } from "./live.ts";
import { isFinal } from "./poll.ts";
import { arrived, isNews, type Lane, newLane } from "./race.ts";
import { RaceLane } from "./RaceLane.tsx";

export interface ProgressRaceProps {
  job: JobView;
  /** When the page was made, ms by the server's clock. */
  renderedAt: number;
}

/** How often the job is asked for. */
const EVERY_MS = 1_000;

/** One job followed in two ways at once; before the script runs, as it was when the page was made. */
export function ProgressRace({ job, renderedAt }: ProgressRaceProps) {
  const [pushed, setPushed] = useState(() => newLane(job, 1));
  const [still, setStill] = useState(true);
  const [polled, setPolled] = useState(() => newLane(job, 0));
  const link = useLink();
  const lost = link !== null && link !== "live" && link !== "connecting" && !isFinal(pushed.job);
  /** What the socket told, and when that happened: how late the other way is. */
  const told = useRef<{ at: number; job: JobView }[]>([]);

  useLive<{ frame: ServerFrame; size: number }>("frame", ({ frame, size }) => {
    if (frame.type === "event") notBefore(frame.event.at);
    const at = serverNow(renderedAt);
    const news = frame.type === "event" && frame.event.type === "job"
      ? frame.event.data as JobView
      : null;
    setPushed((lane) => {
      if (isFinal(lane.job)) return lane;
      if (news?.id !== job.id || frame.type !== "event" || !isNews(lane.job, news)) {
        return arrived(lane, { bytes: size, at });
      }
      told.current.push({ at: frame.event.at, job: news });
      return arrived(lane, { job: news, bytes: size, at, lateMs: at - frame.event.at });
    });
  });

  useEffect(() => setStill(false), []);
  useEffect(() => {
    const over = new AbortController();
    if (!isFinal(job)) void ask(job, over.signal, renderedAt, told.current, setPolled);
    return () => over.abort();
  }, [job.id]);

  return (
    <>
      <div class="race">
        <RaceLane
          name="WebSocket"
          way={lost
            ? "No connection: it is told nothing until the page has one again."
            : "It is told at once, at most four times a second."}
          lane={pushed}
        />
        <RaceLane
          name="Polling"
          way="It asks once a second whether there is news."
          lane={polled}
        />
      </div>
      {still && (
        <p class="race-still">
          This is how it was when the page was made.{" "}
          <a href={`/progress?job=${job.id}`}>Look again</a>
        </p>
      )}
    </>
  );
}

/** Asks again and again until the job is over. */
async function ask(
  job: JobView,
  signal: AbortSignal,
  renderedAt: number,
  told: readonly { at: number; job: JobView }[],
  set: (change: (lane: Lane) => Lane) => void,
): Promise<void> {
  let known = job;
  let etag = "";
  while (!isFinal(known) && !signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    if (signal.aborted) return;
    set((lane) => ({ ...lane, requests: lane.requests + 1 }));
    const begun = performance.now();
    const headers: HeadersInit = etag ? { "if-none-match": etag } : {};
    const answer = await fetch(`/api/jobs/${job.id}`, { headers, signal }).catch(() => null);
    const text = await answer?.text().catch(() => null);
    if (!answer || text === null || text === undefined) continue;
    const at = serverNow(renderedAt);
    const bytes = headBytes(answer) + text.length;
    const news = answer.status === 200 ? JSON.parse(text) as JobView : null;
    if (news === null || !isNews(known, news)) {
      set((lane) => arrived(lane, { bytes, at }));
      continue;
    }
    etag = answer.headers.get("etag") ?? "";
    const first = told.find((one) => isNews(known, one.job));
    const lateMs = first ? at - first.at : performance.now() - begun;
    set((lane) => arrived(lane, { job: news, bytes, at, lateMs }));
    known = news;
  }
}

/** Least by which the server's clock is ahead of the page's: what has come had happened before. */
let least = -Infinity;

function notBefore(at: number): void {
  least = Math.max(least, at - performance.now());
}

/**
 * The server's time, ms: the page was made somewhere between its request and its answer, so this is
 * wrong by at most half of the time between these two.
 */
function serverNow(renderedAt: number): number {
  const [page] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const madeAt = page ? (page.requestStart + page.responseStart) / 2 : 0;
  return performance.now() + Math.max(least, renderedAt - madeAt);
}

/** The head of an answer as it went over the line. */
function headBytes({ headers }: Response): number {
  let bytes = "HTTP/1.1 200 OK\r\n\r\n".length;
  headers.forEach((value, name) => bytes += name.length + value.length + ": \r\n".length);
  return bytes;
}
