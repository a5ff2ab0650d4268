import { useEffect, useRef, useState } from "preact/hooks";
import type { Understood } from "../domain/when/asked_time.ts";
import type { Reader } from "./times.ts";
import { Presets, type PresetsProps } from "./Presets.tsx";
import { Understanding } from "./Understanding.tsx";
import { listZones, nameRepeats } from "./more_fields.ts";
import { useUnderstood } from "./useUnderstood.ts";

export interface WhenFieldProps extends Pick<PresetsProps, "presets"> {
  label: string;
  placeholder: string;
  words: string;
  /** Of what was posted; null before anything was. */
  understood: Understood | null;
  /** What is seen here is to be confirmed by the same button. */
  check: boolean;
  /** The title is a field of its own: words are for the time alone. */
  titled: boolean;
  wrong: string | null;
  /** What the button says. */
  save: string;
  reader: Reader;
  renderedAt: number;
}

/** Words for a time, what they are understood as while they are typed, and the button that saves. */
export function WhenField(props: WhenFieldProps) {
  const { label, reader, renderedAt } = props;
  const input = useRef<HTMLInputElement>(null);
  const formOf = () => input.current?.form ?? null;
  const [awake, setAwake] = useState(false);
  const handle = useUnderstood(formOf, props.understood);
  const { understood } = handle;
  useEffect(() => setAwake(true), []);
  useSave(formOf, handle.current);
  useEffect(() => listZones(formOf()), []);
  useEffect(() => nameRepeats(formOf(), understood), [understood]);

  const wrong = awake && understood ? problemOf(understood) : props.wrong;
  const type = (words: string) => {
    if (!input.current) return;
    input.current.value = words;
    input.current.dispatchEvent(new Event("input", { bubbles: true }));
    input.current.focus();
  };
  const addTime = (time: string) => {
    const known = understood && understood.words === input.current?.value ? understood.title : "";
    type(`${known} ${time}`.trim());
  };
  return (
    <>
      <div class="when-line">
        <label class={props.titled ? "label" : "unseen"} for="words">{label}</label>
        <input
          ref={input}
          id="words"
          name="words"
          dir="auto"
          defaultValue={props.words}
          maxLength={1_000}
          placeholder={props.placeholder}
          autocomplete="off"
          enterKeyHint="done"
          aria-describedby="words-wrong"
          aria-invalid={wrong ? true : undefined}
        />
        <button type="submit" name="step" value="save" class="primary">{props.save}</button>
      </div>
      <input type="hidden" name="seen" value={understood?.meant?.seen ?? ""} />
      <div id="words-wrong" class="wrong" role="alert">{wrong}</div>
      {understood?.instead && (
        <p class="instead">
          <button
            type="submit"
            name="preset"
            value={understood.instead}
            onClick={(event) => {
              event.preventDefault();
              addTime(understood.instead ?? "");
            }}
          >
            {`Use “${understood.instead}”`}
          </button>
        </p>
      )}
      <Understanding
        understood={understood}
        pending={handle.pending}
        check={props.check && understood === props.understood}
        titled={props.titled}
        reader={reader}
        renderedAt={renderedAt}
        onChoose={handle.choose}
      />
      <Presets presets={props.presets} reader={reader} renderedAt={renderedAt} onChoose={addTime} />
    </>
  );
}

/** What concerns the words; the server says the rest at its own field. */
const problemOf = ({ problem }: Understood) => problem?.text ?? null;

/** Saves at once what was seen; what was not yet answered, or has warnings that nobody saw, waits. */
function useSave(
  formOf: () => HTMLFormElement | null,
  current: () => Promise<Understood | null>,
): void {
  useEffect(() => {
    const form = formOf();
    if (form === null) return;
    let busy = false;
    let sure = false;
    const seen = () => form.querySelector<HTMLInputElement>("[name=seen]");
    const submit = (event: SubmitEvent) => {
      const by = event.submitter as HTMLButtonElement | null;
      if (by?.name !== "step" || sure) return;
      event.preventDefault();
      if (busy) return;
      busy = true;
      const before = seen()?.value;
      current().then((now) => {
        busy = false;
        if (now?.problem) return;
        const news = now?.meant?.seen !== before && (now?.meant?.preview.warnings.length ?? 0) > 0;
        if (news) return; // shown now, and saved by the next press
        if (now?.meant) seen()!.value = now.meant.seen;
        sure = true;
        setTimeout(() => form.requestSubmit(by)); // not within the event that was stopped
      });
    };
    const again = () => sure = false; // the page came back from the browser's memory
    form.addEventListener("submit", submit);
    addEventListener("pageshow", again);
    return () => {
      form.removeEventListener("submit", submit);
      removeEventListener("pageshow", again);
    };
  }, []);
}
