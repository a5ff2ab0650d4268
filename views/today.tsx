import { clockTime, minuteOfDay, type Reader, zoneCity } from "../islands/times.ts";
import { Dial, type DialMark } from "./dial.tsx";

/** One thing of the day: on the dial as a dot, under it as a line. */
export interface TodayItem {
  at: number;
  kind: DialMark["kind"];
  title: string;
  /** What became of it: "to 34 people", "2 failed". */
  detail: string;
  href: string;
}

export interface TodayProps {
  now: number;
  reader: Reader;
  /** In the order of time, all of today. */
  items: TodayItem[];
  /** What they are called. */
  what: { one: string; many: string };
  /** Said when there are none. */
  none: string;
  /** Where those are that are not listed. */
  moreHref?: string;
  /** The next ones are what matters: they are listed, the earliest first. */
  soonest?: boolean;
}

const LISTED = 5;

/** The day as a dial, and the same as a list. */
export function Today(props: TodayProps) {
  const { now, reader, items, what } = props;
  const marks = items.map(({ at, kind }) => ({ minute: minuteOfDay(at, reader), kind }));
  const more = items.length - LISTED;
  return (
    <section class="card today" aria-labelledby="today">
      <h2 id="today">Today</h2>
      <Dial
        at={now}
        reader={reader}
        place={zoneCity(reader.zone)}
        label={inWords(items.length, what)}
        marks={marks}
      />
      {items.length === 0 ? <p class="none">{props.none}</p> : (
        <ul class="day">
          {(props.soonest ? items.slice(0, LISTED) : items.slice(-LISTED).reverse()).map((item) => (
            <li key={item.href + item.at}>
              <time dateTime={new Date(item.at).toISOString()}>{clockTime(item.at, reader)}</time>
              <span class={item.kind}>
                <a href={item.href} dir="auto">{item.title}</a>
                <small>{item.detail}</small>
              </span>
            </li>
          ))}
        </ul>
      )}
      {more > 0 && (
        <p class="more">
          <a href={props.moreHref ?? "/mailings"}>{`${more} more today`}</a>
        </p>
      )}
    </section>
  );
}

function inWords(n: number, { one, many }: { one: string; many: string }): string {
  return n === 0 ? `No ${many} today.` : n === 1 ? `One ${one} today.` : `${n} ${many} today.`;
}
