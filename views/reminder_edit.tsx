import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import type { Section } from "./header.tsx";
import { BackIcon } from "./icons.tsx";
import { ReminderForm, type ReminderFormProps } from "./reminder_form.tsx";

export interface ReminderEditProps {
  chrome: Chrome;
  heading: string;
  section: Section;
  /** Where one came from. */
  back: { href: string; text: string };
  /** When it rings as it is. */
  now: string | null;
  form: ReminderFormProps;
}

/** The form by itself: to change a reminder, or to be reminded of a note. */
export function ReminderEditPage({ chrome, heading, section, back, now, form }: ReminderEditProps) {
  return (
    <Document chrome={chrome} title={heading} section={section} layout="two">
      <p class="crumbs">
        <a href={back.href}>
          <BackIcon /> {back.text}
        </a>
      </p>
      <h1 class="page-title">{heading}</h1>
      <div class="work">
        <ReminderForm chrome={chrome} {...form} />
      </div>
      <aside class="side" aria-label="Help">
        {now && (
          <section class="card know" aria-labelledby="now">
            <h2 id="now">As it is</h2>
            <p>{now}</p>
          </section>
        )}
        <section class="card know" aria-labelledby="say">
          <h2 id="say">What can be said</h2>
          <dl>
            {SAY.map(([words, meaning]) => (
              <div key={words}>
                <dt>
                  <code>{words}</code>
                </dt>
                <dd>{meaning}</dd>
              </div>
            ))}
          </dl>
        </section>
      </aside>
    </Document>
  );
}

const SAY = [
  ["in 20 min", "from now"],
  ["at 5", "the next in the day"],
  ["tomorrow 9", "with or without time"],
  ["next friday 3pm", "the day is shown"],
  ["23 nov 10:30", "a date"],
  ["every weekday 9", "Monday to Friday"],
  ["every 15th", "each month"],
  ["every last day", "of each month"],
  ["until 24 dec", "where it ends"],
] as const;
