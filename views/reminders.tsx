import type { ReminderShelves } from "../domain/reminders/reminder_view.ts";
import { SHELVES } from "../islands/reminder_words.ts";
import type { SnoozeOfferView } from "../islands/SnoozeMenu.tsx";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Island } from "./island.tsx";
import { ReminderForm, type ReminderFormProps } from "./reminder_form.tsx";
import { Today, type TodayItem } from "./today.tsx";

export interface RemindersProps {
  chrome: Chrome;
  form: ReminderFormProps;
  shelves: ReminderShelves;
  offers: SnoozeOfferView[];
  today: TodayItem[];
}

/** Set one in words, see all that is to come; beside them the day. */
export function RemindersPage({ chrome, form, shelves, offers, today }: RemindersProps) {
  const { now, reader } = chrome;
  const total = SHELVES.reduce((sum, [shelf]) => sum + shelves[shelf].length, 0);
  return (
    <Document chrome={chrome} title="Reminders" section="reminders" layout="two">
      <div class="work">
        <ReminderForm chrome={chrome} {...form} />
        <section class="list shelves" aria-labelledby="reminders">
          <header>
            <h1 id="reminders">Reminders</h1>
            {total > 0 && <small>{`${total.toLocaleString("en")} waiting`}</small>}
          </header>
          <Island name="ReminderList" props={{ shelves, offers, reader, renderedAt: now }} />
        </section>
      </div>
      <aside class="side" aria-label="Today">
        <Today
          now={now}
          reader={reader}
          items={today}
          what={{ one: "reminder", many: "reminders" }}
          soonest
          none="Nothing rings today. Set a reminder, and a dot marks its hour."
          moreHref="/reminders#shelf-today"
        />
      </aside>
    </Document>
  );
}
