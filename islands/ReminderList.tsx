import { useEffect, useRef, useState } from "preact/hooks";
import type { OccurrenceView, ReminderShelves } from "../domain/reminders/reminder_view.ts";
import { useServerNow } from "./clock.ts";
import { useLive } from "./live.ts";
import { getShelves } from "./reminder_api.ts";
import { ReminderRow } from "./ReminderRow.tsx";
import { SHELVES } from "./reminder_words.ts";
import type { SnoozeOfferView } from "./SnoozeMenu.tsx";
import { day, type Reader } from "./times.ts";

/** Least time between two questions for the list, ms. */
const REFRESH_MS = 400;
/** "In 20 min" is told anew, ms. */
const TICK_MS = 30_000;

export interface ReminderListProps {
  shelves: ReminderShelves;
  offers: SnoozeOfferView[];
  reader: Reader;
  renderedAt: number;
}

/** All that waits, rings or is snoozed, by shelf; follows what happens to it wherever that is. */
export function ReminderList({ shelves: initial, offers, reader, renderedAt }: ReminderListProps) {
  const serverNow = useServerNow(renderedAt);
  const [shelves, setShelves] = useState(initial);
  const [now, setNow] = useState(renderedAt);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const root = useRef<HTMLDivElement>(null);
  const refresh = () => {
    timer.current ??= setTimeout(async () => {
      timer.current = undefined;
      const fresh = await getShelves().catch(() => null); // the next news ask again
      if (fresh === null) return;
      const held = root.current?.contains(document.activeElement);
      setShelves(fresh);
      setNow(serverNow());
      if (held) requestAnimationFrame(() => keepFocus(root.current));
    }, REFRESH_MS);
  };
  useLive<OccurrenceView>("reminder", refresh);
  useLive("gap", refresh);
  useEffect(() => {
    let today = day(renderedAt, reader, renderedAt);
    const tick = setInterval(() => {
      const at = serverNow();
      setNow(at);
      const that = day(at, reader, renderedAt);
      if (that !== today) refresh(); // what was tomorrow's is today's
      today = that;
    }, TICK_MS);
    return () => {
      clearInterval(tick);
      clearTimeout(timer.current);
    };
  }, []);
  const full = SHELVES.filter(([shelf]) => shelves[shelf].length > 0);
  if (full.length === 0) return <NothingWaits />;
  return (
    <div class="shelf-list" ref={root}>
      {full.map(([shelf, name]) => (
        <section key={shelf} class={`shelf ${shelf}`} aria-labelledby={`shelf-${shelf}`}>
          <h2 id={`shelf-${shelf}`}>
            {name} <small>{shelves[shelf].length}</small>
          </h2>
          <ul class="rows">
            {shelves[shelf].map((item) => (
              <ReminderRow
                key={item.id}
                item={item}
                shelf={shelf}
                offers={offers}
                back="list"
                reader={reader}
                now={now}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** Where the row that one was in has gone, its reader goes on with the first. */
function keepFocus(root: HTMLElement | null): void {
  if (document.activeElement === document.body) root?.querySelector("a")?.focus();
}

function NothingWaits() {
  return (
    <div class="none">
      <p>Nothing is waiting. Try “call the bank tomorrow 9”, or “water the plants every sunday”.</p>
    </div>
  );
}
