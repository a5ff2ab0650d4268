import type { JobView } from "../jobs/view.ts";

/** One way of following a job: what it knows, what that cost, how late it was. */
export interface Lane {
  job: JobView;
  /** Messages that came: frames of the socket, answers to questions. */
  messages: number;
  bytes: number;
  requests: number;
  /** How long after it happened the last news was here, ms. */
  lastMs: number | null;
  /** Of all news. */
  sumMs: number;
  news: number;
  /** When how much was known: ms since the job was made, and percent. */
  points: [ms: number, percent: number][];
}

export function newLane(job: JobView, requests: number): Lane {
  return { job, messages: 0, bytes: 0, requests, lastMs: null, sumMs: 0, news: 0, points: [] };
}

export interface Arrival {
  /** What the message says of the job; absent where it says nothing. */
  job?: JobView;
  bytes: number;
  /** When it came, ms by the server's clock. */
  at: number;
  /** How long after it happened, ms; absent where nothing new was said. */
  lateMs?: number;
}

/** The lane after a message. */
export function arrived(lane: Lane, { job, bytes, at, lateMs }: Arrival): Lane {
  const more = { ...lane, messages: lane.messages + 1, bytes: lane.bytes + bytes };
  if (job === undefined || lateMs === undefined) return more;
  const ms = Math.max(0, at - Date.parse(job.createdAt));
  const late = Math.max(0, lateMs);
  return {
    ...more,
    job,
    lastMs: late,
    sumMs: lane.sumMs + late,
    news: lane.news + 1,
    points: [...lane.points, [ms, percentOf(job)]],
  };
}

/** Whether a view of a job says more than another: a step further, or that it is over. */
export function isNews(before: JobView, after: JobView): boolean {
  return before.finishedAt === null &&
    (after.finishedAt !== null || after.progress.done > before.progress.done);
}

export const percentOf = ({ progress: { done, total } }: JobView): number =>
  total === 0 ? 0 : Math.floor(100 * done / total);
