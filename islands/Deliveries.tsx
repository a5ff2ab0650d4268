import { useEffect, useRef, useState } from "preact/hooks";
import type { DeliveryView, WorkView } from "../domain/work.ts";
import { refreshJob, useLive } from "./live.ts";
import { DeliveryRow } from "./DeliveryRow.tsx";
import type { Reader } from "./times.ts";

/** Least time between two questions for the whole list. */
const REFRESH_MS = 1_000;
const ORDER: DeliveryView["state"][] = [
  "failed",
  "in_doubt",
  "sending",
  "waiting",
  "skipped",
  "sent",
];

export interface DeliveriesProps {
  jobId: string;
  deliveries: DeliveryView[];
  reader: Reader;
  renderedAt: number;
}

/** The ledger of a mailing, a line a recipient: what went wrong first. */
export function Deliveries({ jobId, deliveries, reader, renderedAt }: DeliveriesProps) {
  const [lines, setLines] = useState(deliveries);
  useLines(jobId, setLines);
  const sorted = lines.toSorted((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  return (
    <table class="ledger" role="table" aria-label="Recipients">
      <thead role="rowgroup">
        <tr role="row">
          <th role="columnheader" scope="col">State</th>
          <th role="columnheader" scope="col">To</th>
          <th role="columnheader" scope="col">What happened</th>
          <th role="columnheader" scope="col" class="when">When</th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {sorted.map((line) => (
          <DeliveryRow key={line.id} line={line} reader={reader} renderedAt={renderedAt} />
        ))}
      </tbody>
    </table>
  );
}

/** Follows the list: news of the job mean that it may have changed. */
function useLines(jobId: string, set: (lines: DeliveryView[]) => void): void {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useLive<Partial<WorkView>>("job", (job) => {
    if (job.id !== jobId) return;
    if (job.deliveries) return set(job.deliveries);
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      refreshJob(jobId).catch(() => {}); // the next news ask again
    }, REFRESH_MS);
  });
}
