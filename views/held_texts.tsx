import type { HeldText } from "../domain/mail/held_texts.ts";
import { count } from "../islands/words.ts";
import type { Chrome } from "./chrome.ts";
import { WholeTime } from "./time.tsx";

export interface HeldTextsProps {
  chrome: Chrome;
  texts: HeldText[];
}

/** What several members mail, with who they are, for an admin to decide on. */
export function HeldTexts({ chrome: { now, reader }, texts }: HeldTextsProps) {
  return (
    <section class="card sheet-form" aria-labelledby="held-texts">
      <h2 id="held-texts">The same text from many</h2>
      <p>
        More than three members mail the same words to more than fifty people. It may be one person
        with many accounts. What they wrote is not shown here.
      </p>
      <ul class="plain held-texts">
        {texts.map(({ ref, heldAt, recipients, senders }) => (
          <li key={ref}>
            <p>
              <strong>{`To ${count(recipients, "person", "people")}`}</strong>
              {", held "}
              <WholeTime at={heldAt} now={now} reader={reader} />
            </p>
            <p class="names">
              {senders.map(({ id, name }, i) => (
                <span key={id}>
                  {i > 0 && ", "}
                  <a href={`/admin/members/${id}`} dir="auto">{name}</a>
                </span>
              ))}
            </p>
            <form class="row" method="post" action={`/admin/sending/texts/${ref}`}>
              <button type="submit" name="past" value="drop">Never send it</button>
              <button type="submit" name="past" value="send" class="danger">Let it leave</button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  );
}
