import type { ReminderView } from "../domain/reminders/reminder_view.ts";
import { Mark } from "./marks.tsx";
import { occurrenceSigns } from "./reminder_words.ts";
import { Act } from "./ReminderRow.tsx";
import { clockTime, dayTime, fullTime, type Reader } from "./times.ts";
import { deliverySigns } from "./words.ts";

export interface HappenedProps {
  /** Newest first. */
  occurrences: ReminderView["occurrences"];
  reader: Reader;
  now: number;
}

const CHANNELS: Record<string, string> = { page: "Bell", telegram: "Telegram" };

/** What became of each time: its state, its deliveries, its ledger. */
export function Happened({ occurrences, reader, now }: HappenedProps) {
  return (
    <section class="happened" aria-labelledby="happened">
      <h2 id="happened">What happened</h2>
      <ol>
        {occurrences.map((one) => {
          const { tone, mark, word } = occurrenceSigns[one.state];
          const due = Date.parse(one.dueAt);
          return (
            <li key={one.id}>
              <header>
                <h3>
                  <time dateTime={one.dueAt} title={fullTime(due, reader)}>
                    {dayTime(due, reader, now)}
                  </time>
                </h3>
                <span class={`sign ${tone}`}>
                  <Mark name={mark} />
                  {word}
                </span>
                {one.undoUntil !== null && Date.parse(one.undoUntil) > now && (
                  <Act id={one.id} act="undo" back="one" title={`“${word}”`}>
                    Undo
                  </Act>
                )}
              </header>
              <Deliveries lines={one.deliveries} />
              <ul class="story">
                {one.ledger.map(({ at, text }) => (
                  <li key={at + text}>
                    <time dateTime={at} title={fullTime(Date.parse(at), reader)}>
                      {clockTime(Date.parse(at), reader)}
                    </time>{" "}
                    {text}
                  </li>
                ))}
              </ul>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Deliveries({ lines }: { lines: ReminderView["occurrences"][number]["deliveries"] }) {
  if (lines.length === 0) return null;
  return (
    <ul class="reached" aria-label="Sent to">
      {lines.map(({ id, channel, to, state, reason }) => {
        const { tone, mark, word } = deliverySigns[state];
        return (
          <li key={id} class={`sign ${tone}`}>
            <Mark name={mark} />
            <bdi>{CHANNELS[channel] ?? to}</bdi>
            <span class="unseen">{`: ${word}`}</span>
            {state !== "sent" && <small>{reason ?? word}</small>}
          </li>
        );
      })}
    </ul>
  );
}
