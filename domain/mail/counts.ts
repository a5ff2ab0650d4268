import type { Counts } from "../../kv/schema.ts";

/** Of an account that has nothing yet. */
export const NO_COUNTS: Counts = { notes: 0, unread: 0, reminders: 0 };
