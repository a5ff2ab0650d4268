import { AdminNav } from "./admin_nav.tsx";
import type { Chrome, Wrong } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Field, FieldBox, FormProblem } from "./field.tsx";
import { BackIcon } from "./icons.tsx";
import { ZoneSelect } from "./zone_select.tsx";

/** What the form holds, as it was typed. */
export interface BroadcastFields {
  title: string;
  text: string;
  mail: boolean;
  telegram: boolean;
  when: string;
  date: string;
  time: string;
  zone: string;
  pattern: string;
  key: string;
  version: string;
}

export interface BroadcastFormProps {
  chrome: Chrome;
  /** Of the one that is changed; null for a new one. */
  id: string | null;
  fields: BroadcastFields;
  /** By field; under "" what concerns the whole. */
  wrong: Wrong;
  /** Telegram is set up here. */
  telegram: boolean;
}

/** POST /admin/broadcasts[/:id] {title, text, mail, telegram, when, date, time, zone, pattern} */
export function BroadcastFormPage({ chrome, id, fields, wrong, telegram }: BroadcastFormProps) {
  const title = id === null ? "New broadcast" : "Change the broadcast";
  const back = id === null ? "/admin/broadcasts" : `/admin/broadcasts/${id}`;
  return (
    <Document chrome={chrome} title={title}>
      <h1 class="page-title">Admin</h1>
      <AdminNav section="broadcasts" />
      <p class="crumbs">
        <a href={back}>
          <BackIcon /> {id === null ? "Broadcasts" : "Broadcast"}
        </a>
      </p>
      <form
        class="card sheet-form broadcast-form"
        method="post"
        action={id === null ? "/admin/broadcasts" : back}
      >
        <h2>{title}</h2>
        <FormProblem text={wrong[""]} />
        <input type="hidden" name="key" value={fields.key} />
        <input type="hidden" name="version" value={fields.version} />
        <Field
          name="title"
          label="Title"
          required
          maxLength={120}
          dir="auto"
          defaultValue={fields.title}
          wrong={wrong.title}
        />
        <FieldBox
          name="text"
          label="Text"
          hint="Optional: the title may say it all. Plain text, up to 1,000 characters."
          wrong={wrong.text}
        >
          <textarea
            id="text"
            name="text"
            rows={7}
            maxLength={1_000}
            dir="auto"
            aria-describedby="text-hint"
            aria-invalid={wrong.text ? true : undefined}
          >
            {fields.text}
          </textarea>
        </FieldBox>
        <fieldset>
          <legend>Where</legend>
          <p class="hint">Everybody has it in the page and in the inbox. Also:</p>
          <label class="choice">
            <input type="checkbox" name="mail" checked={fields.mail} /> by mail
          </label>
          <label class="choice">
            <input type="checkbox" name="telegram" checked={fields.telegram} />
            {telegram ? " in Telegram" : " in Telegram (not set up here)"}
          </label>
        </fieldset>
        <When chrome={chrome} fields={fields} wrong={wrong} />
        <button type="submit" class="primary">Save and look at it</button>
        <p class="hint">Nobody is told before you have seen it and sent it.</p>
      </form>
    </Document>
  );
}

function When(
  { chrome, fields, wrong }: Pick<BroadcastFormProps, "chrome" | "fields" | "wrong">,
) {
  const radio = (value: string, text: string) => (
    <label class="choice">
      <input type="radio" name="when" value={value} checked={fields.when === value} /> {text}
    </label>
  );
  return (
    <fieldset class="broadcast-when">
      <legend>When</legend>
      {radio("now", "A minute after it is sent")}
      {radio("at", "At a time")}
      <div class="at">
        <FieldBox name="date" label="Date" wrong={wrong.at}>
          <input
            type="date"
            id="date"
            name="date"
            value={fields.date}
            aria-describedby="date-hint"
            aria-invalid={wrong.at ? true : undefined}
          />
        </FieldBox>
        <FieldBox name="time" label="Time">
          <input
            type="time"
            id="time"
            name="time"
            value={fields.time}
            aria-describedby="time-hint"
          />
        </FieldBox>
      </div>
      {radio("cron", "Again and again, by a cron rule")}
      <Field
        name="pattern"
        label="Cron rule"
        defaultValue={fields.pattern}
        maxLength={100}
        hint="Minute, hour, day, month, weekday: 0 9 * * 1 is each Monday at 9. At most once an hour; its next five times are shown before you send it."
        wrong={wrong.cron}
      />
      <ZoneSelect
        zone={fields.zone}
        reader={chrome.reader}
        now={chrome.now}
        guess={false}
        wrong={wrong.zone}
      />
    </fieldset>
  );
}
