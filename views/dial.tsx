/** A dot on the day's ring. */
export interface DialMark {
  /** Minutes since midnight. */
  minute: number;
  kind: "sent" | "failed" | "due";
}

export interface DialProps {
  /** Minutes since midnight. */
  now: number;
  /** The time as its reader writes it. */
  time: string;
  /** One short line under the time. */
  caption: string;
  /** The whole picture in words. */
  label: string;
  marks: DialMark[];
}

const DAY = 24 * 60;
const CENTER = 120;
const RING = 92;

/** Where a minute of the day stands on a circle; midnight is at the top. */
function point(minute: number, radius: number): [number, number] {
  const angle = minute / DAY * 2 * Math.PI;
  const round = (n: number) => Math.round(n * 100) / 100;
  return [round(CENTER + radius * Math.sin(angle)), round(CENTER - radius * Math.cos(angle))];
}

/** The day as a ring of 24 hours: what is past is darker, the hand is now, dots are what happens. */
export function Dial({ now, time, caption, label, marks }: DialProps) {
  const [x, y] = point(now, RING);
  const [fromX, fromY] = point(now, 66);
  const [toX, toY] = point(now, 100);
  const past = `M${CENTER} ${CENTER - RING}A${RING} ${RING} 0 ${now > DAY / 2 ? 1 : 0} 1 ${x} ${y}`;
  return (
    <svg class="dial" viewBox="0 0 240 240" role="img" aria-label={label}>
      <circle class="ring" cx={CENTER} cy={CENTER} r={RING} />
      {now > 0 && <path class="past" d={past} />}
      <Ticks />
      <line class="hand" x1={fromX} y1={fromY} x2={toX} y2={toY} />
      {marks.map(({ minute, kind }) => {
        const [cx, cy] = point(minute, RING);
        return <circle key={`${kind}${minute}`} class={`dot ${kind}`} cx={cx} cy={cy} r="5.5" />;
      })}
      <text class={time.length > 5 ? "time long" : "time"} x={CENTER} y="126">{time}</text>
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
