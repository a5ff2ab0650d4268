import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { JobView } from "../jobs/view.ts";
import { getJob } from "./api.ts";
import { Bus } from "./bus.ts";
import { isFinal, Poll } from "./poll.ts";
import { Socket } from "./socket.ts";

/** How the page hears of news; null before it listens. */
export type Link =
  | "live"
  | "connecting"
  | "reconnecting"
  | "signed out"
  | { pollMs: number }
  | null;

const bus = new Bus();
const jobs = new Set<string>();
let link: Link = null;
let wanted = false;
let complete = false;
let started = false;

function setLink(next: Link): void {
  link = next;
  bus.emit("link", link);
}

/**
 * All islands of the page are there, also those that were loaded apart: what comes from now on finds
 * everybody who listens for it.
 */
export function listen(): void {
  complete = true;
  if (wanted) start();
}

/** Listens for the whole page, once; a page without topics is nobody's and stays still. */
function start(): void {
  wanted = true;
  if (started || !complete) return;
  started = true;
  const said = JSON.parse(document.body.dataset.live ?? "{}") as {
    topics?: Record<string, number>;
  };
  if (said.topics === undefined) return;
  setLink("connecting");
  const signedOut = () => {
    socket.close();
    poll.stop();
    setLink("signed out");
  };
  bus.on("signed out", signedOut);
  const poll = new Poll(jobs, {
    job: (job) => bus.emit("job", job),
    signedOut,
    pace: (pollMs) => setLink(pollMs === null ? "reconnecting" : { pollMs }),
  });
  const socket = new Socket(said.topics, {
    event: (type, data) => bus.emit(type, data),
    frame: (frame, size) => bus.emit("frame", { frame, size }),
    gap: () => {
      void poll.ask();
      bus.emit("gap", null);
    },
    open: () => {
      poll.stop();
      setLink("live");
    },
    lost: () => {
      if (typeof link === "string") setLink("reconnecting"); // while polling, that is the better news
      if (!document.hidden) poll.start();
    },
    signedOut,
  });
  socket.open();
  document.addEventListener("visibilitychange", () => {
    if (link === "live" || link === "signed out") return;
    if (document.hidden) return poll.stop();
    socket.open();
    poll.start();
  });
  addEventListener("pagehide", () => {
    socket.close();
    poll.stop();
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted || link === "signed out") return;
    setLink("connecting");
    socket.open();
  });
}

/** Hears of every event of a type while the component is on the page. */
export function useLive<T>(type: string, fn: (data: T) => void): void {
  const last = useRef(fn);
  last.current = fn;
  useLayoutEffect(() => { // at once, not after the next frame: `listen` may follow
    const stop = bus.on(type, (data) => last.current(data as T));
    start();
    return stop;
  }, [type]);
}

/** A job as it is: from the page at first, then from the socket or from polling. */
export function useJob<T extends JobView>(initial: T): T {
  const [job, setJob] = useState(initial);
  useLive<JobView>("job", (news) => {
    if (news.id === job.id && !(isFinal(job) && !isFinal(news))) setJob({ ...job, ...news });
  });
  useEffect(() => {
    if (isFinal(job)) jobs.delete(job.id);
    else jobs.add(job.id);
    return () => void jobs.delete(job.id);
  }, [job.id, isFinal(job)]);
  return job;
}

/** Asks for a job now and tells the whole page. */
export async function refreshJob(id: string): Promise<void> {
  const job = await getJob(id);
  if (job !== null) bus.emit("job", job);
}

/** Stops listening: the server has said 401. */
export const signedOut = (): void => bus.emit("signed out", null);

/** How the page hears of news, as it changes. */
export function useLink(): Link {
  const [seen, setSeen] = useState<Link>(null);
  useLive<Link>("link", setSeen);
  useEffect(() => setSeen(link), []);
  return seen;
}

/** "live · WebSocket", "polling every 3 s", "reconnecting" */
export function linkText(link: Exclude<Link, null>): string {
  if (link === "live") return "live · WebSocket";
  if (typeof link === "string") return link;
  return `polling every ${link.pollMs / 1_000} s`;
}
