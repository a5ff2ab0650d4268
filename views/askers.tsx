import type { Asker } from "../domain/recipients/consents.ts";
import { Chip } from "../islands/marks.tsx";
import type { Sign } from "../islands/words.ts";
import type { Chrome } from "./chrome.ts";
import { Time } from "./time.tsx";

const signs: Record<Asker["state"], Sign> = {
  accepted: { word: "May mail you", mark: "done", tone: "good" },
  invited: { word: "Asks you", mark: "wait", tone: "time" },
  refused: { word: "May not", mark: "skip", tone: "calm" },
};

/** Who may mail the reader, with the way to change that. */
export function Askers({ askers, chrome }: { askers: Asker[]; chrome: Chrome }) {
  return (
    <section class="card know askers" aria-labelledby="askers">
      <h2 id="askers">People who may mail you</h2>
      {askers.length === 0
        ? <p>Nobody has asked you. Whoever does needs your yes first.</p>
        : <ul>{askers.map((one) => <Line key={one.ownerId} one={one} chrome={chrome} />)}</ul>}
    </section>
  );
}

function Line({ one, chrome: { now, reader } }: { one: Asker; chrome: Chrome }) {
  const { ownerId, name, state, at } = one;
  return (
    <li>
      <form method="post" action={`/recipients/from/${ownerId}`}>
        <p>
          <strong dir="auto">{name}</strong>
        </p>
        <p>
          <Chip sign={signs[state]} /> · <Time at={at} now={now} reader={reader} how="full" />
        </p>
        <p class="row">
          {state !== "accepted" && (
            <Answer value="accept" word={state === "invited" ? "Accept" : "Let them"} name={name} />
          )}
          {state !== "refused" && (
            <Answer value="refuse" word={state === "invited" ? "Refuse" : "Stop it"} name={name} />
          )}
        </p>
      </form>
    </li>
  );
}

function Answer({ value, word, name }: { value: string; word: string; name: string }) {
  return (
    <button type="submit" name="answer" value={value} aria-label={`${word}: ${name}`}>
      {word}
    </button>
  );
}
