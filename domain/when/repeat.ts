/**
 * What a schedule comes to. It is stored as wall time, zone and rule (`kv/reminder_schema.ts`);
 * instants are derived and never kept without it. Minutes and hours are durations from the start,
 * so "every 24 hours" moves on the clock when clocks change; days, weeks, months and years go by the
 * calendar, so "every day" does not. All of it is pure: an instant goes in, a value comes out.
 */
export { countBetween, latestBy, nextAfter, type Occurrence, upcoming } from "./series.ts";
export { type Preview, preview } from "../preview.ts";
export {
  checkRule,
  checkSchedule,
  scheduleAt,
  scheduleAtInstant,
  SHORTEST_SENT_MS,
  SHORTEST_SHOWN_MS,
} from "./schedule.ts";
export { describe } from "./schedule_words.ts";
