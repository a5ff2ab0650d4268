import type { BroadcastState, BroadcastTally, BroadcastWhen } from "../kv/schema.ts";
import type { Sign } from "./words.ts";

export const broadcastSigns: Record<BroadcastState, Sign> = {
  draft: { word: "Draft", mark: "doubt", tone: "calm" },
  scheduled: { word: "Scheduled", mark: "wait", tone: "time" },
  running: { word: "Going out", mark: "run", tone: "time" },
  finished: { word: "Finished", mark: "done", tone: "good" },
  cancelled: { word: "Cancelled", mark: "skip", tone: "calm" },
};

/** "At once", "24 Nov at 09:00, Europe/Berlin", "By the rule 0 9 * * 1, Europe/Berlin" */
export function whenWords(when: BroadcastWhen): string {
  if (when.is === "now") return "At once";
  if (when.is === "cron") return `By the rule ${when.pattern}, ${when.zone}`;
  const [date = "", time = ""] = when.wall.split("T");
  return `On ${date} at ${time.slice(0, 5)}, ${when.zone}`;
}

/** "34 of 120 sent, 2 failed" */
export function tallyWords({ total, sent, failed, skipped }: BroadcastTally): string {
  const more = [
    failed > 0 ? `${failed} failed` : "",
    skipped > 0 ? `${skipped} not sent` : "",
  ].filter((text) => text !== "");
  return [`${sent.toLocaleString("en")} of ${total.toLocaleString("en")} sent`, ...more].join(", ");
}
