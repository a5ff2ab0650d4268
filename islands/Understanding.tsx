import type { Meant, Understood } from "../domain/when/asked_time.ts";
import { type Reader, relative, zoneCity } from "./times.ts";

export interface UnderstandingProps {
  understood: Understood | null;
  pending: boolean;
  /** Says that nothing is saved yet. */
  check: boolean;
  titled: boolean;
  reader: Reader;
  renderedAt: number;
  onChoose(understood: Understood): void;
}

/** What was understood, before it is saved: the words as chips, the sentence, the next times. */
export function Understanding(props: UnderstandingProps) {
  const { understood, pending, check, titled } = props;
  const meant = understood?.meant ?? null;
  return (
    <div class={pending ? "understood pending" : "understood"}>
      {check && meant && <p class="due">Is this right? Nothing is saved yet.</p>}
      {understood && understood.spans.length > 0 && <Said {...understood} titled={titled} />}
      <p class="sentence" aria-live="polite">
        {meant && `${meant.preview.sentence}, ${zoneCity(meant.schedule.zone)} time`}
      </p>
      {meant && <NextTimes {...meant} now={props.renderedAt} />}
      {understood && understood.assumed.length > 0 && (
        <p class="hint">
          {`Filled in: ${understood.assumed.join(", ")}. Say another to change it.`}
        </p>
      )}
      {meant && <Warnings texts={meant.preview.warnings} />}
      {understood && <Alternatives understood={understood} onChoose={props.onChoose} />}
    </div>
  );
}

function Said({ spans, title, titled }: Pick<Understood, "spans" | "title"> & { titled: boolean }) {
  return (
    <ul class="chips" aria-label="Understood">
      {!titled && title !== "" && (
        <li class="chip what" dir="auto">
          <span class="unseen">Title:</span> {title}
        </li>
      )}
      {spans.map(({ start, text, label }) => (
        <li key={start} class="chip heard">
          <span dir="auto">{text}</span>
          {label !== text && <b>{label}</b>}
        </li>
      ))}
    </ul>
  );
}

/** The next times of what repeats; what comes once has its time in the sentence. */
export function NextTimes(
  { schedule, preview: { next }, now }: Pick<Meant, "schedule" | "preview"> & { now: number },
) {
  const [first] = next;
  if (first === undefined) return null;
  if (schedule.rule === null) return <p class="hint">{relative(Date.parse(first.at), now)}</p>;
  return (
    <ol class="next" aria-label="Next times">
      {next.map(({ at, text }) => (
        <li key={at}>
          <time dateTime={at}>{text}</time> <small>{relative(Date.parse(at), now)}</small>
        </li>
      ))}
    </ol>
  );
}

export function Warnings({ texts }: { texts: string[] }) {
  if (texts.length === 0) return null;
  return (
    <ul class="warnings" aria-label="Warnings">
      {texts.map((text) => (
        <li key={text}>
          <svg class="mark" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M8 2.2 14.4 13.4H1.6zM8 6.4v3.2M8 11.4v.2" />
          </svg>
          {`${text}.`}
        </li>
      ))}
    </ul>
  );
}

function Alternatives(
  { understood, onChoose }: Pick<UnderstandingProps, "onChoose"> & { understood: Understood },
) {
  const { alternatives, meant } = understood;
  if (alternatives.length === 0) return null;
  return (
    <p class="alternatives">
      <span>Or did you mean</span>
      {alternatives.map((other) => (
        <button
          key={other.seen}
          type="submit"
          name="choose"
          value={other.seen}
          onClick={(event) => {
            event.preventDefault();
            const back = meant && { ...meant, label: meant.preview.next[0]?.text ?? "the first" };
            const others = alternatives.filter((one) => one !== other);
            onChoose({
              ...understood,
              spans: [],
              assumed: [],
              meant: other,
              alternatives: back ? [back, ...others] : others,
            });
          }}
        >
          {other.label}
        </button>
      ))}
    </p>
  );
}
