import { useRef } from "preact/hooks";
import type { JobView } from "../jobs/view.ts";

/** How long the past counts for the pace. */
const WINDOW_MS = 30_000;
/** Before this the pace is a guess, so none is shown. */
const LEAST_MS = 3_000;

export interface Pace {
  perMinute: number;
  leftMs: number;
}

interface Sample {
  at: number;
  through: number;
}

/** How fast a job is going and how long it will take, or null while that is not known. */
export function usePace(job: JobView, now: number): Pace | null {
  const samples = useRef<Sample[]>([]);
  const through = job.progress.done + job.progress.failed;
  const all = samples.current;
  if (all.length === 0 && job.startedAt !== null) {
    all.push({ at: Date.parse(job.startedAt), through: 0 });
  }
  if (all.at(-1)?.through !== through) all.push({ at: now, through });
  while (all.length > 2 && now - (all[1]?.at ?? now) > WINDOW_MS) all.shift();
  const first = all[0];
  if (first === undefined || job.finishedAt !== null) return null;
  const ms = now - first.at;
  const moved = through - first.through;
  if (ms < LEAST_MS || moved < 1) return null;
  return {
    perMinute: Math.round(moved * 60_000 / ms),
    leftMs: (job.progress.total - through) * ms / moved,
  };
}
