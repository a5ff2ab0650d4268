import { clockTime, minuteOfDay, type Reader } from "./times.ts";

const DAY = 24 * 60;
export const CENTER = 120;
export const RING = 92;
const EVERY_MS = 5_000;

/** Where a minute of the day stands on a circle; midnight is at the top. */
export function point(minute: number, radius: number): [number, number] {
  const angle = minute / DAY * 2 * Math.PI;
  const round = (n: number) => Math.round(n * 100) / 100;
  return [round(CENTER + radius * Math.sin(angle)), round(CENTER - radius * Math.cos(angle))];
}

/** What a dial shows of an instant: the time in two lines and in words, its hand, the day so far. */
export function dialFace(at: number, reader: Reader, place: string) {
  const minute = minuteOfDay(at, reader);
  const time = clockTime(at, reader);
  const [digits = time, period] = time.split(" ");
  const [x, y] = point(minute, RING);
  const start = `M${CENTER} ${CENTER - RING}`;
  return {
    digits,
    caption: period ? `${period} · ${place}` : place,
    words: `It is ${time} in ${place}.`,
    hand: `M${point(minute, 66).join(" ")}L${point(minute, 100).join(" ")}`,
    past: minute > 0 ? `${start}A${RING} ${RING} 0 ${minute > DAY / 2 ? 1 : 0} 1 ${x} ${y}` : start,
  };
}

/** Lets the dial of a page go on, by the server's time: a reader's own clock may be wrong. */
export function runDial(): void {
  const dial = document.querySelector<SVGElement>("svg.dial");
  const { at, zone, locale, place } = dial?.dataset ?? {};
  if (!dial || !at || !zone || !locale || !place) return;
  const opened = Date.now();
  const part = (name: string) => dial.querySelector(`.${name}`);
  const label = dial.getAttribute("aria-label") ?? "";
  const rest = label.slice(dialFace(Number(at), { zone, locale }, place).words.length);
  setInterval(() => {
    const face = dialFace(Number(at) + Date.now() - opened, { zone, locale }, place);
    if (dial.getAttribute("aria-label") === face.words + rest) return;
    dial.setAttribute("aria-label", face.words + rest);
    part("hand")?.setAttribute("d", face.hand);
    part("past")?.setAttribute("d", face.past);
    part("time")?.replaceChildren(face.digits);
    part("caption")?.replaceChildren(face.caption);
  }, EVERY_MS);
}
