import type { Wrong } from "./chrome.ts";
import { FieldBox } from "./field.tsx";
import type { ReminderValues } from "./reminder_form.tsx";

export interface ReminderMoreProps {
  values: ReminderValues;
  wrong: Wrong;
  /** What the button says. */
  save: string;
  /** How it may repeat, with the day in words where it is known. */
  repeats: { value: string; label: string }[];
  /** Whether its Telegram chat can be used. */
  telegram: "on" | "off" | "none";
  /** One's own address; null while it may not be mailed. */
  own: string | null;
  /** The first and the last day that can be chosen, "2026-11-23". */
  days: { from: string; to: string };
  open: boolean;
}

/** All that words need not say: exact fields, where it rings, what becomes of one that is missed. */
export function ReminderMore(props: ReminderMoreProps) {
  const { values, wrong, days } = props;
  return (
    <details class="more-fields" open={props.open}>
      <summary>
        More: exact time, repeating, where it rings
      </summary>
      <div class="fields">
        <input type="hidden" name="more" value="yes" />
        <p class="hint">What is set here wins over the words.</p>
        <FieldBox name="date" label="Date" wrong={wrong.date}>
          <input
            type="date"
            id="date"
            name="date"
            min={days.from}
            max={days.to}
            defaultValue={values.date}
            aria-describedby="date-hint"
            aria-invalid={wrong.date ? true : undefined}
          />
        </FieldBox>
        <FieldBox name="time" label="Time" wrong={wrong.time}>
          <input
            type="time"
            id="time"
            name="time"
            defaultValue={values.time}
            aria-describedby="time-hint"
            aria-invalid={wrong.time ? true : undefined}
          />
        </FieldBox>
        <Repeat {...props} />
        <FieldBox
          name="until"
          label="Until"
          wrong={wrong.until}
          hint="The last day; empty for ever."
        >
          <input
            type="date"
            id="until"
            name="until"
            min={days.from}
            defaultValue={values.until}
            aria-describedby="until-hint"
            aria-invalid={wrong.until ? true : undefined}
          />
        </FieldBox>
        <FieldBox
          name="zone"
          label="Time zone"
          wrong={wrong.zone}
          hint="A name as Asia/Kolkata or Europe/Berlin."
        >
          <input
            type="text"
            id="zone"
            name="zone"
            maxLength={64}
            spellcheck={false}
            autocomplete="off"
            defaultValue={values.zone}
            aria-describedby="zone-hint"
            aria-invalid={wrong.zone ? true : undefined}
          />
        </FieldBox>
        <FieldBox name="missed" label="If nothing could ring at its time">
          <select id="missed" name="missed" aria-describedby="missed-hint">
            {MISSED.map(([value, label]) => (
              <option key={value} value={value} selected={values.missed === value}>{label}</option>
            ))}
          </select>
        </FieldBox>
        <Channels {...props} />
        <div class="field wide">
          <label for="text">Text</label>
          <textarea
            id="text"
            name="text"
            dir="auto"
            rows={3}
            maxLength={4_000}
            placeholder="What to know when it rings"
            aria-describedby="text-hint"
          >
            {values.text}
          </textarea>
          <div id="text-hint" class={wrong.text ? "wrong" : "hint"}>{wrong.text}</div>
        </div>
        <p class="wide">
          <button type="submit" name="step" value="save">{props.save}</button>
        </p>
      </div>
    </details>
  );
}

const MISSED = [
  ["once", "Ring once, and say how late"],
  ["skip", "Leave it out"],
  ["all", "Ring each, ten at most"],
] as const;

function Repeat({ values, repeats }: ReminderMoreProps) {
  return (
    <FieldBox name="repeat" label="Repeat">
      <select id="repeat" name="repeat" aria-describedby="repeat-hint">
        {repeats.map(({ value, label }) => (
          <option key={value} value={value} selected={values.repeat === value}>{label}</option>
        ))}
      </select>
    </FieldBox>
  );
}

function Channels({ values, wrong, telegram, own }: ReminderMoreProps) {
  return (
    <fieldset class="channels wide">
      <legend>Where it rings</legend>
      <label class="check">
        <input type="checkbox" name="page" value="yes" checked={values.page} />
        On the page: bell and inbox
      </label>
      {telegram !== "none" && (
        <label class="check">
          <input
            type="checkbox"
            name="telegram"
            value="yes"
            checked={values.telegram && telegram === "on"}
            disabled={telegram === "off"}
          />
          <span>
            In Telegram
            {telegram === "off" && (
              <small>
                : <a href="/account">link a chat</a> first
              </small>
            )}
          </span>
        </label>
      )}
      <label class="check">
        <input
          type="checkbox"
          name="mail_me"
          value="yes"
          checked={values.mailMe && own !== null}
          disabled={own === null}
        />
        {own === null ? "By mail to me: confirm the address first" : `By mail to ${own}`}
      </label>
      {wrong.channels && <p class="wrong" role="alert">{wrong.channels}</p>}
      <FieldBox
        name="people"
        label="By mail to others"
        wrong={wrong.people}
        hint="They do not see each other. Whoever must agree first is asked."
      >
        <input
          type="text"
          id="people"
          name="people"
          inputMode="email"
          maxLength={5_000}
          spellcheck={false}
          autocapitalize="none"
          placeholder="ana@example.org, bob@example.org"
          defaultValue={values.people}
          aria-describedby="people-hint"
          aria-invalid={wrong.people ? true : undefined}
        />
      </FieldBox>
    </fieldset>
  );
}
