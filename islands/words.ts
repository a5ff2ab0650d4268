import type { JobView } from "../jobs/view.ts";
import type { DeliveryState } from "../kv/schema.ts";

export type Tone = "calm" | "time" | "good" | "bad";
export type MarkName = "wait" | "run" | "done" | "fail" | "doubt" | "skip";

/** A state as people read it: a word, a picture and a colour, never the colour alone. */
export interface Sign {
  word: string;
  mark: MarkName;
  tone: Tone;
}

/** "1 person", "3 people" */
export function count(n: number, one: string, many: string): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

export const people = (n: number) => count(n, "person", "people");

/** What a mailing is doing, in two or three words. */
export function jobSign({ state, progress }: Pick<JobView, "state" | "progress">): Sign {
  const { done, failed } = progress;
  switch (state) {
    case "scheduled":
      return done + failed === 0
        ? { word: "Queued", mark: "wait", tone: "time" }
        : { word: "Mailing", mark: "run", tone: "time" };
    case "running":
      return { word: "Mailing", mark: "run", tone: "time" };
    case "completed":
      return failed === 0
        ? { word: "Done", mark: "done", tone: "good" }
        : { word: `Done with ${count(failed, "failure", "failures")}`, mark: "fail", tone: "bad" };
    case "cancelled":
      return { word: "Cancelled", mark: "skip", tone: "calm" };
    case "discarded":
      return { word: "Stopped", mark: "fail", tone: "bad" };
  }
}

export const deliverySigns: Record<DeliveryState, Sign> = {
  waiting: { word: "Waiting", mark: "wait", tone: "calm" },
  sending: { word: "Sending", mark: "run", tone: "time" },
  sent: { word: "Sent", mark: "done", tone: "good" },
  failed: { word: "Failed", mark: "fail", tone: "bad" },
  in_doubt: { word: "In doubt", mark: "doubt", tone: "time" },
  skipped: { word: "Skipped", mark: "skip", tone: "calm" },
};

/** The heading of a mailing: what happened, to what. */
export function jobSentence(job: Pick<JobView, "state" | "progress">, title: string): string {
  const { done, failed } = job.progress;
  switch (job.state) {
    case "completed":
      return failed === 0
        ? `Mailed “${title}” to ${people(done)}`
        : `Mailed “${title}”, ${count(failed, "failure", "failures")}`;
    case "cancelled":
      return `Cancelled “${title}”`;
    case "discarded":
      return `Stopped mailing “${title}”`;
    default:
      return `Mailing “${title}”`;
  }
}

/** "34 of 120" */
export function jobCount({ progress: { done, total } }: Pick<JobView, "progress">): string {
  return `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
}

/** Whole percent of the recipients that are through, one way or the other. */
export function jobPercent(
  { progress: { done, failed, total } }: Pick<JobView, "progress">,
): number {
  return total === 0 ? 0 : Math.floor(100 * Math.min(1, (done + failed) / total));
}

/** "about 2 min left" */
export function remaining(ms: number): string {
  if (ms < 10_000) return "a few seconds left";
  if (ms < 55_000) return `about ${Math.ceil(ms / 10_000) * 10} s left`;
  const minutes = Math.round(ms / 60_000);
  return minutes < 100 ? `about ${Math.max(1, minutes)} min left` : "hours left";
}

/** "8 s", "1 min 52 s", "2 h 5 min" */
export function took(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  }
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
