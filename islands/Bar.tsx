import type { JobView } from "../jobs/view.ts";

export interface BarProps {
  job: Pick<JobView, "id" | "state" | "progress">;
}

/** How much was sent and, apart and hatched, how much failed. The words stand beside it. */
export function Bar({ job: { id, state, progress } }: BarProps) {
  const total = Math.max(1, progress.total);
  const sent = 100 * progress.done / total;
  const failed = 100 * progress.failed / total;
  const queued = state === "scheduled" && sent + failed === 0;
  const hatch = `hatch-${id}`;
  return (
    <svg class={`bar ${queued ? "queued" : state}`} width="100%" height="10" aria-hidden="true">
      <defs>
        <pattern
          id={hatch}
          width="7"
          height="7"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect class="stripe" width="4" height="7" />
        </pattern>
      </defs>
      {queued && <line class="dash" x1="0" y1="5" x2="100%" y2="5" />}
      <rect class="sent" width={`${sent}%`} height="100%" />
      <rect
        class="failed"
        x={`${sent}%`}
        width={`${failed}%`}
        height="100%"
        fill={`url(#${hatch})`}
      />
      {failed > 0 && sent > 0 && <rect class="gap" x={`${sent}%`} width="2" height="100%" />}
    </svg>
  );
}
