import { AppError } from "../../core/errors.ts";
import { DAY_MS, dayOf, HOUR_MS, instantOf, MINUTE_MS, partsOf, wallOf } from "../when/wall.ts";

/** How far a snooze goes, as buttons offer it. */
export type SnoozeChoice = "20m" | "1h" | "3h" | "evening" | "tomorrow" | "monday";

export const SNOOZE_CHOICES: readonly SnoozeChoice[] = [
  "20m",
  "1h",
  "3h",
  "evening",
  "tomorrow",
  "monday",
];

const MORNING_MS = 9 * HOUR_MS;
const EVENING_MS = 18 * HOUR_MS;
/** A named time that is nearer is not offered, ms. */
const NEAREST_MS = HOUR_MS;

export interface SnoozeOffer {
  choice: SnoozeChoice;
  /** "Tomorrow 09:00" */
  label: string;
  until: number;
}

/**
 * When a snooze ends, ms, by the clocks of a zone. The evening is today's if it is over an hour away,
 * else tomorrow's.
 */
export function snoozeUntil(
  choice: SnoozeChoice,
  { now, zone }: { now: number; zone: string },
): number {
  const wall = wallOf(now, zone);
  const today = dayOf(wall);
  switch (choice) {
    case "20m":
      return now + 20 * MINUTE_MS;
    case "1h":
      return now + HOUR_MS;
    case "3h":
      return now + 3 * HOUR_MS;
    case "evening": {
      const evening = today + EVENING_MS;
      return instantOf(evening - wall > NEAREST_MS ? evening : evening + DAY_MS, zone);
    }
    case "tomorrow":
      return instantOf(today + DAY_MS + MORNING_MS, zone);
    case "monday":
      return instantOf(today + (8 - partsOf(wall).weekday) * DAY_MS + MORNING_MS, zone);
  }
}

/** What to offer now, the nearest first: no evening that is near or over, no Monday that is tomorrow. */
export function snoozeChoices({ now, zone }: { now: number; zone: string }): SnoozeOffer[] {
  const wall = wallOf(now, zone);
  const late = dayOf(wall) + EVENING_MS - wall <= NEAREST_MS;
  const sunday = partsOf(wall).weekday === 7;
  return SNOOZE_CHOICES
    .filter((choice) => !(late && choice === "evening") && !(sunday && choice === "monday"))
    .map((choice) => ({
      choice,
      label: LABELS[choice],
      until: snoozeUntil(choice, { now, zone }),
    }));
}

const LABELS: Record<SnoozeChoice, string> = {
  "20m": "20 min",
  "1h": "1 hour",
  "3h": "3 hours",
  evening: "This evening",
  tomorrow: "Tomorrow 09:00",
  monday: "Monday 09:00",
};

/** Reads a choice. @throws {AppError} `invalid` of "until". */
export function parseSnoozeChoice(text: string): SnoozeChoice {
  const choice = SNOOZE_CHOICES.find((one) => one === text);
  if (choice) return choice;
  throw new AppError("invalid", "Cannot snooze so: there is no such choice", { field: "until" });
}
