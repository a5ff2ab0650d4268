import type { Understood } from "../domain/when/asked_time.ts";
import type { PresetsProps } from "../islands/Presets.tsx";
import type { Chrome, Wrong } from "./chrome.ts";
import { Field, FormProblem } from "./field.tsx";
import { Island } from "./island.tsx";
import { ReminderMore, type ReminderMoreProps } from "./reminder_more.tsx";

export interface ReminderFormProps {
  /** Where it posts. */
  action: string;
  /** Names this form, so that posting it twice makes one reminder. */
  draft: string;
  /** Of the reminder that it changes. */
  of: { id: string; version: number } | null;
  /** As typed. */
  values: ReminderValues;
  understood: Understood | null;
  /** Ask whether what is shown is right. */
  check: boolean;
  /** The title has a field of its own, and the words are for the time. */
  titled: boolean;
  presets: PresetsProps["presets"];
  wrong: Wrong;
  more: Omit<ReminderMoreProps, "values" | "wrong" | "save">;
}

/** What the form holds, as text. */
export interface ReminderValues {
  words: string;
  title: string;
  text: string;
  date: string;
  time: string;
  repeat: string;
  until: string;
  zone: string;
  page: boolean;
  telegram: boolean;
  mailMe: boolean;
  people: string;
  missed: string;
}

export interface ReminderFormViewProps extends ReminderFormProps {
  chrome: Chrome;
}

/** POST {words, date, time, …, draft, seen, step: "preview" | "save"}: shown before it is saved. */
export function ReminderForm({ chrome, ...form }: ReminderFormViewProps) {
  const { action, draft, of, values, understood, titled, wrong } = form;
  const save = of ? "Save reminder" : "Set reminder";
  return (
    <form method="post" action={action} class="card remind" aria-label="Reminder">
      <input type="hidden" name="draft" value={draft} />
      {of && <input type="hidden" name="of" value={of.id} />}
      {of && <input type="hidden" name="version" value={of.version} />}
      <FormProblem text={wrong.form} />
      {titled && (
        <Field
          name="title"
          label="What"
          dir="auto"
          required
          maxLength={120}
          defaultValue={values.title}
          wrong={wrong.title}
        />
      )}
      <Island
        name="WhenField"
        props={{
          label: titled ? "When, in words" : "What and when, in words",
          placeholder: titled
            ? "tomorrow 9, every friday 3pm, in 2 weeks"
            : "call the bank tomorrow 9",
          words: values.words,
          understood,
          check: form.check,
          titled,
          wrong: wrong.words ?? null,
          save,
          presets: form.presets,
          reader: chrome.reader,
          renderedAt: chrome.now,
        }}
      />
      <ReminderMore {...form.more} save={save} values={values} wrong={wrong} />
    </form>
  );
}
