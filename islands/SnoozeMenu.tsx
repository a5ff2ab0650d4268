import { clockTime, day, type Reader } from "./times.ts";

/** A way to put something off. */
export interface SnoozeOfferView {
  choice: string;
  label: string;
  until: number;
}

export interface SnoozeMenuProps {
  /** Of the occurrence. */
  id: string;
  title: string;
  offers: SnoozeOfferView[];
  /** The page that one comes back to. */
  back: "list" | "one";
  reader: Reader;
  now: number;
}

/** How long to put it off: a menu of times and a field for another. POST /reminders/:id/snooze */
export function SnoozeMenu({ id, title, offers, back, reader, now }: SnoozeMenuProps) {
  const field = `until-${id}`;
  return (
    <details class="menu snooze" name="snooze">
      <summary class="button">
        Snooze<span class="unseen">{` ${title}`}</span>
        <svg class="mark" width="12" height="12" viewBox="0 0 16 16" aria-hidden="true">
          <path d="m3.5 6 4.5 4.5 4.5-4.5" />
        </svg>
      </summary>
      <form class="sheet" method="post" action={`/reminders/${id}/snooze`}>
        <input type="hidden" name="back" value={back} />
        {offers.map(({ choice, label, until }) => (
          <button key={choice} type="submit" name="choice" value={choice}>
            <span>{label}</span>
            {!/^\d/.test(label) && <small>{timeOf(until, label, reader, now)}</small>}
          </button>
        ))}
        <div class="own">
          <label class="unseen" for={field}>Another time</label>
          <input
            id={field}
            name="words"
            maxLength={120}
            placeholder="friday 8, in 2 days"
            autocomplete="off"
          />
          <button type="submit" name="choice" value="words">Snooze</button>
        </div>
      </form>
    </details>
  );
}

/** What the label does not say: the time of the evening, the day of the others. */
function timeOf(until: number, label: string, reader: Reader, now: number): string {
  return /\d\d:\d\d/.test(label) ? day(until, reader, now) : clockTime(until, reader);
}
