import type { Consent } from "../kv/schema.ts";
import { Mark } from "../islands/marks.tsx";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";

export interface InvitationProps {
  chrome: Chrome;
  /** Who would like to write. */
  from: string;
  state: Consent["state"];
  /** The reader wants nothing from anyone. */
  never: boolean;
  /** Where the answer goes. */
  action: string;
}

/** What somebody is asked who does not know us yet: what it is about, and three answers. */
export function InvitationPage({ chrome, from, state, never, action }: InvitationProps) {
  const title = `${from} would like to send you notes`;
  const answered = never ? "never" : state;
  return (
    <Document chrome={chrome} title={title} layout="narrow">
      <form class="card sheet-form" method="post" action={action}>
        <h1 dir="auto">{title}</h1>
        {answered === "invited"
          ? (
            <p class="lead">
              Through Clock Work, by mail to your address. You get none before you accept, and no
              answer means no.
            </p>
          )
          : (
            <p class="answered" role="status">
              <Mark name={answered === "accepted" ? "done" : "skip"} />
              <span dir="auto">{says[answered](from)}</span>
            </p>
          )}
        <ul class="answers">
          {answered !== "accepted" && (
            <li>
              <button type="submit" name="answer" value="accept" class="primary">
                {answered === "invited" ? "Accept" : "Accept after all"}
              </button>
              <p class="hint" dir="auto">
                {answered === "never"
                  ? `Lets ${from} write to you, and others ask again.`
                  : "What waits for you comes now. You can change your mind any time."}
              </p>
            </li>
          )}
          {answered !== "refused" && answered !== "never" && (
            <li>
              <button type="submit" name="answer" value="refuse">
                {answered === "accepted" ? "No more of it" : "Refuse"}
              </button>
              <p class="hint" dir="auto">{`Nothing from ${from}, for ever.`}</p>
            </li>
          )}
          {answered !== "never" && (
            <li>
              <button type="submit" name="answer" value="never">Never from anyone</button>
              <p class="hint">Nobody here can ask you again, or mail you anything.</p>
            </li>
          )}
        </ul>
      </form>
    </Document>
  );
}

const says: Record<"accepted" | "refused" | "never", (from: string) => string> = {
  accepted: (from) => `You have accepted: ${from} may send you notes.`,
  refused: (from) => `You have refused: nothing from ${from} reaches you.`,
  never: () => "You have chosen: nobody can send you anything through Clock Work.",
};
