import type { DeliveryView } from "../domain/work.ts";
import { Chip } from "./marks.tsx";
import { clockTime, day, exactTime, type Reader } from "./times.ts";
import { count, deliverySigns } from "./words.ts";

export interface DeliveryRowProps {
  line: DeliveryView;
  reader: Reader;
  renderedAt: number;
}

/** One recipient: state, address, what happened, when, and the whole story on request. */
export function DeliveryRow({ line, reader, renderedAt }: DeliveryRowProps) {
  const { state, to, reason, attempts, maybeTwice, updatedAt, ledger } = line;
  const at = Date.parse(updatedAt);
  const begun = ledger.length > 0;
  return (
    <tr role="row" class={state}>
      <td role="cell" class="state">
        <Chip sign={deliverySigns[state]} />
      </td>
      <td role="cell" class="to">
        <bdi>{to}</bdi>
      </td>
      <td role="cell" class="story">
        {reason && <span class="reason">{reason}</span>}
        {maybeTwice && <span class="reason">It may have arrived twice.</span>}
        {attempts > 1 && <span class="tries">{count(attempts, "try", "tries")}</span>}
        {ledger.length > 1 && (
          <details>
            <summary>{`${count(ledger.length, "step", "steps")}`}</summary>
            <ol>
              {ledger.map((entry) => (
                <li key={entry.at + entry.text}>
                  <time dateTime={entry.at}>{exactTime(Date.parse(entry.at), reader)}</time>
                  <span>{entry.text}</span>
                </li>
              ))}
            </ol>
          </details>
        )}
      </td>
      <td role="cell" class="when">
        {begun && (
          <time dateTime={updatedAt} title={day(at, reader, renderedAt)}>
            {clockTime(at, reader)}
          </time>
        )}
      </td>
    </tr>
  );
}
