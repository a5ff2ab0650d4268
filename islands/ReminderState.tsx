import { useEffect, useRef, useState } from "preact/hooks";
import type { OccurrenceView, ReminderView, Shelf } from "../domain/reminders/reminder_view.ts";
import { Happened } from "./Happened.tsx";
import { useServerNow } from "./clock.ts";
import { useLive } from "./live.ts";
import { getReminder } from "./reminder_api.ts";
import { ReminderRow } from "./ReminderRow.tsx";
import { isOpen } from "./reminder_words.ts";
import type { SnoozeOfferView } from "./SnoozeMenu.tsx";
import type { Reader } from "./times.ts";
import { NextTimes } from "./Understanding.tsx";

/** Least time between two questions, ms. */
const REFRESH_MS = 300;

export interface ReminderStateProps {
  reminder: ReminderView;
  offers: SnoozeOfferView[];
  reader: Reader;
  renderedAt: number;
}

/** What rings, what comes next and what has happened, as it changes here or elsewhere. */
export function ReminderState({ reminder: first, offers, reader, renderedAt }: ReminderStateProps) {
  const serverNow = useServerNow(renderedAt);
  const [reminder, setReminder] = useState(first);
  const [now, setNow] = useState(renderedAt);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const refresh = () => {
    timer.current ??= setTimeout(async () => {
      timer.current = undefined;
      const fresh = await getReminder(first.id).catch(() => null); // the next news ask again
      if (fresh === null) return;
      setReminder(fresh);
      setNow(serverNow());
    }, REFRESH_MS);
  };
  useLive<OccurrenceView>("reminder", ({ reminderId }) => reminderId === first.id && refresh());
  useLive("gap", refresh);
  useEffect(() => () => clearTimeout(timer.current), []);

  const { schedule, preview, occurrences, state } = reminder;
  const open = occurrences.filter(isOpen).sort((a, b) => a.ringAt < b.ringAt ? -1 : 1);
  const past = occurrences.filter(({ state }) => state !== "waiting");
  return (
    <>
      {open.length > 0 && (
        <ul class="open-times" aria-label="To be seen to">
          {open.map((item) => (
            <ReminderRow
              key={item.id}
              item={item}
              shelf={shelfOf(item, now)}
              offers={offers}
              back="one"
              reader={reader}
              now={now}
            />
          ))}
        </ul>
      )}
      {schedule.rule !== null && preview.next.length > 0 && (
        <section class="coming" aria-labelledby="coming">
          <h2 id="coming">Next times</h2>
          <NextTimes schedule={schedule} preview={preview} now={now} />
        </section>
      )}
      {open.length === 0 && <p class="none">{nothing[state]}</p>}
      {past.length > 0 && <Happened occurrences={past} reader={reader} now={now} />}
    </>
  );
}

const nothing: Record<ReminderView["state"], string> = {
  active: "Nothing of it waits just now.",
  over: "It is over: no further time comes.",
  cancelled: "It is cancelled and will not ring.",
};

/** Of one that stands alone: with its day and its distance. */
function shelfOf({ state, ringAt }: OccurrenceView, now: number): Shelf {
  if (state === "snoozed") return "snoozed";
  return state === "ringing" || Date.parse(ringAt) <= now ? "overdue" : "later";
}
