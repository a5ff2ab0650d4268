import type { Sender } from "../kv/schema.ts";
import type { Chrome } from "./chrome.ts";
import { WholeTime } from "./time.tsx";

/** Says to a member, where they mail, that nothing of theirs reaches other people for now. */
export function Paused(
  { chrome: { now, reader }, paused }: { chrome: Chrome; paused: Sender["paused"] },
) {
  if (paused === null) return null;
  return (
    <aside class="held" aria-label="Your mail is paused">
      <div>
        <p>
          <strong>Your mail to other people is paused</strong>{" "}
          <WholeTime at={paused.at} now={now} reader={reader} />
          {`: ${paused.why}.`}
        </p>
        <p>
          It waits here until an admin lets it go on, seven days at most. What you send to yourself
          still leaves.
        </p>
      </div>
    </aside>
  );
}
