import { doorsOfAdmins } from "./admin.ts";
import type { Doors } from "./door.ts";
import { doorsOfFactors } from "./factors.ts";
import { doorsOfNotes } from "./notes.ts";
import { doorsOfPeople } from "./people.ts";
import { doorsOfReminders } from "./reminders.ts";
import { doorsOfTrust } from "./trust.ts";

export { type At, type Door, type Doors, type Fields, FILE } from "./door.ts";

/** Every door there is; that none is missing here is a test (tests/app/access_test.ts). */
export const doors: Doors = {
  ...doorsOfPeople,
  ...doorsOfFactors,
  ...doorsOfNotes,
  ...doorsOfReminders,
  ...doorsOfTrust,
  ...doorsOfAdmins,
};

/** Those that change something. */
export const unsafeDoors: Doors = Object.fromEntries(
  Object.entries(doors).filter(([name]) => !name.startsWith("GET ")),
);
