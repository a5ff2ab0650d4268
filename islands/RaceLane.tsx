import { Bar } from "./Bar.tsx";
import { Chip } from "./marks.tsx";
import { type Lane, percentOf } from "./race.ts";
import type { Sign } from "./words.ts";
import type { JobView } from "../jobs/view.ts";

export interface RaceLaneProps {
  name: "WebSocket" | "Polling";
  way: string;
  lane: Lane;
}

/** One way of following the job, as far as it knows. */
export function RaceLane({ name, way, lane }: RaceLaneProps) {
  const { job } = lane;
  const percent = percentOf(job);
  const id = `lane-${name}`;
  const figures = [
    [name === "Polling" ? "Answers" : "Frames", whole(lane.messages)],
    ["Requests", whole(lane.requests)],
    ["Received", size(lane.bytes)],
    ["With news", whole(lane.news)],
    ["Last news after", lane.lastMs === null ? "–" : ms(lane.lastMs)],
    ["On average", lane.news === 0 ? "–" : ms(lane.sumMs / lane.news)],
  ];
  return (
    <article class="card lane" aria-labelledby={id}>
      <header>
        <h2 id={id}>{name}</h2>
        <Chip sign={signOf(job)} />
      </header>
      <p class="hint" aria-live="polite">{way}</p>
      <p class="percent" aria-hidden="true">
        {percent}
        <small>%</small>
      </p>
      <div
        role="progressbar"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
      >
        <Bar job={{ ...job, id: `${name}-${job.id}` }} />
      </div>
      <Stairs lane={lane} />
      <dl>
        {figures.map(([what, value]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {job.reason && <p class="reason">{`It was stopped: ${job.reason}.`}</p>}
    </article>
  );
}

/** Ten seconds as a line that rises when news comes; many small steps or few large ones. */
function Stairs({ lane: { points } }: { lane: Lane }) {
  const span = Math.max(10_000, points.at(-1)?.[0] ?? 0);
  let before = 100;
  const path = points.map(([at, percent]) => {
    const x = (1_000 * at / span).toFixed(1);
    const step = `L${x} ${before}L${x} ${100 - percent}`;
    before = 100 - percent;
    return step;
  });
  return (
    <svg class="stairs" viewBox="0 -4 1000 108" preserveAspectRatio="none" aria-hidden="true">
      <path class="floor" d="M0 100H1000" />
      <path class="line" d={`M0 100${path.join("")}`} />
    </svg>
  );
}

function signOf({ state, startedAt }: JobView): Sign {
  switch (state) {
    case "scheduled": // also between two slices
      if (startedAt === null) return { word: "Queued", mark: "wait", tone: "time" };
      return { word: "Running", mark: "run", tone: "time" };
    case "running":
      return { word: "Running", mark: "run", tone: "time" };
    case "completed":
      return { word: "Done", mark: "done", tone: "good" };
    case "cancelled":
      return { word: "Cancelled", mark: "skip", tone: "calm" };
    case "discarded":
      return { word: "Failed", mark: "fail", tone: "bad" };
  }
}

const whole = (n: number) => n.toLocaleString("en");
const ms = (n: number) => `${Math.round(n).toLocaleString("en")} ms`;
const size = (bytes: number) => bytes < 1_000 ? `${bytes} B` : `${(bytes / 1_000).toFixed(1)} kB`;
