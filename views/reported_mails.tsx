import type { Reported } from "../kv/schema.ts";
import type { Chrome } from "./chrome.ts";
import { WholeTime } from "./time.tsx";

/** What readers have reported of one member's mail: as much as an admin needs to judge it. */
export function ReportedMails(
  { chrome: { now, reader }, reported }: { chrome: Chrome; reported: Reported[] },
) {
  return (
    <section class="card sheet-form reported" aria-labelledby="reported">
      <h2 id="reported">Reported by readers</h2>
      <ul>
        {reported.map(({ at, shown, title, text }) => (
          <li key={shown + at}>
            <details>
              <summary dir="auto">{title || "Untitled"}</summary>
              <p class="words" dir="auto">{text || "It has no text."}</p>
            </details>
            <p class="hint">
              {`By ${shown || "somebody"}, `}
              <WholeTime at={at} now={now} reader={reader} />
            </p>
          </li>
        ))}
      </ul>
      <p class="hint">Shown because it was reported; removed after 90 days.</p>
    </section>
  );
}
