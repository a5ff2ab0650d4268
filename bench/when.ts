import { preview, upcoming } from "../domain/when/repeat.ts";
import { parseWhen } from "../domain/when/when.ts";
import type { Schedule } from "../kv/reminder_schema.ts";

const ZONE = "Europe/Berlin";
const NOW = Date.UTC(2026, 10, 23, 9);
const PHRASES = [
  "in 20 min",
  "tomorrow 9 call the bank",
  "next friday 3pm",
  "23 nov 10:30",
  "every weekday at 9 until 24 dec",
  "every 2 weeks on mon and wed at 10:00 water the plants",
  "on the last day of each month at 18:00",
  "buy milk and something nice for the neighbours",
];
const ROUNDS = 500;

/** What the scheduling part takes, in ms unless it says otherwise. */
export interface WhenFigures {
  /** Phrases as people say them. */
  parsesASecond: number;
  /** The slowest text of 1,000 characters, among some made to take long; the median of its runs. */
  longestMs: number;
  /** The next time of a rule by week. */
  nextMs: number;
  /** Sentence, five times and warnings of a rule by month, at the 99th percentile. */
  previewMs: number;
}

/** Times phrases, long texts, rules and previews, warm. */
export function whenFigures(): WhenFigures {
  const weekly = scheduleOf("every 2 weeks on mon and wed at 02:30");
  const monthly = scheduleOf("every 31st at 02:30");
  return {
    parsesASecond: parsesASecond(),
    longestMs: Math.max(...longTexts().map((text) => share(timesOf(() => say(text), 100), 0.5))),
    nextMs: share(timesOf(() => upcoming(weekly, NOW, 1), ROUNDS), 0.5),
    previewMs: share(timesOf(() => preview(monthly, NOW), ROUNDS), 0.99),
  };
}

/** Phrases understood in a second, one after the other. */
export function parsesASecond(): number {
  const run = () => PHRASES.forEach(say);
  timesOf(run, ROUNDS / 5); // warm
  const start = performance.now();
  for (let i = 0; i < ROUNDS; i++) run();
  return ROUNDS * PHRASES.length / (performance.now() - start) * 1_000;
}

function longTexts(): string[] {
  const shapes = [" ", "9:", "at ", "in 1 h ", "every mon,", "until 24 dec ", "tomorrow ", "1.1."];
  return shapes.map((shape) => shape.repeat(1_000).slice(0, 1_000));
}

function say(text: string): Schedule | null {
  return parseWhen(text, { now: NOW, zone: ZONE }).schedule;
}

function scheduleOf(text: string): Schedule {
  const schedule = say(text);
  if (!schedule) throw new Error(`no schedule in ${text}`);
  return schedule;
}

function timesOf(run: () => unknown, rounds: number): number[] {
  return Array.from({ length: rounds }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
}

function share(times: number[], part: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1]!;
}
