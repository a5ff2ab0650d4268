import { CENTER, dialFace, point, RING } from "../islands/dial.ts";
import type { Reader } from "../islands/times.ts";

/** A dot on the day's ring. */
export interface DialMark {
  /** Minutes since midnight. */
  minute: number;
  kind: "sent" | "failed" | "due";
}

export interface DialProps {
  /** Where its hand stands, ms; with scripts it goes on from there. */
  at: number;
  reader: Reader;
  /** What the reader's zone is called. */
  place: string;
  /** What the marks say, in words. */
  label?: string;
  marks: DialMark[];
}

/** The day as a ring of 24 hours: what is past is darker, the hand is now, dots are what happens. */
export function Dial({ at, reader, place, label, marks }: DialProps) {
  const { digits, caption, words, hand, past } = dialFace(at, reader, place);
  return (
    <svg
      class="dial"
      viewBox="0 0 240 240"
      role="img"
      aria-label={label ? `${words} ${label}` : words}
      data-at={at}
      data-zone={reader.zone}
      data-locale={reader.locale}
      data-place={place}
    >
      <circle class="ring" cx={CENTER} cy={CENTER} r={RING} />
      <path class="past" d={past} />
      <Ticks />
      <path class="hand" d={hand} />
      {marks.map(({ minute, kind }) => {
        const [cx, cy] = point(minute, RING);
        return <circle key={`${kind}${minute}`} class={`dot ${kind}`} cx={cx} cy={cy} r="5.5" />;
      })}
      <text class={digits.length > 5 ? "time long" : "time"} x={CENTER} y="126">{digits}</text>
      <text class="caption" x={CENTER} y="150">{caption}</text>
    </svg>
  );
}

function Ticks() {
  const hours = Array.from({ length: 24 }, (_, hour) => hour);
  return (
    <g class="ticks">
      {hours.map((hour) => {
        const [x1, y1] = point(hour * 60, 103);
        const [x2, y2] = point(hour * 60, hour % 6 === 0 ? 108 : 105);
        return <line key={hour} x1={x1} y1={y1} x2={x2} y2={y2} />;
      })}
      {[0, 6, 12, 18].map((hour) => {
        const [x, y] = point(hour * 60, 115);
        return <text key={hour} x={x} y={y + 3.5}>{hour}</text>;
      })}
    </g>
  );
}
