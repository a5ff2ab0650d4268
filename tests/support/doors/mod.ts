import { doorsOfAdmins } from "./admin.ts";
import type { Doors } from "./door.ts";
import { doorsOfNotes } from "./notes.ts";
import { doorsOfPeople } from "./people.ts";
import { doorsOfReminders } from "./reminders.ts";

export type { At, Door, Doors, Fields } from "./door.ts";

/** Every door there is; that none is missing here is a test (tests/app/access_test.ts). */
export const doors: Doors = {
  ...doorsOfPeople,
  ...doorsOfNotes,
  ...doorsOfReminders,
  ...doorsOfAdmins,
};

/** Those that change something. */
export const unsafeDoors: Doors = Object.fromEntries(
  Object.entries(doors).filter(([name]) => !name.startsWith("GET ")),
);
