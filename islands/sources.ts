import type { FunctionComponent } from "preact";
import { Bell } from "./Bell.tsx";
import { Compose } from "./Compose.tsx";
import { JobProgress } from "./JobProgress.tsx";
import { JobState } from "./JobState.tsx";
import type { IslandName, Islands } from "./registry.ts";
import { Shortcuts } from "./Shortcuts.tsx";

type Found<N extends IslandName> = FunctionComponent<Islands[N]>;

/**
 * Where the browser has each island from: those of the first page come with every page, the others are
 * loaded by the pages that have them.
 */
export const sources: { [N in IslandName]: () => Found<N> | Promise<Found<N>> } = {
  AdminJobs: async () => (await import("./AdminJobs.tsx")).AdminJobs,
  Bell: () => Bell,
  BroadcastRuns: async () => (await import("./BroadcastRuns.tsx")).BroadcastRuns,
  ChatLink: async () => (await import("./ChatLink.tsx")).ChatLink,
  Compose: () => Compose,
  Deliveries: async () => (await import("./Deliveries.tsx")).Deliveries,
  FileWork: async () => (await import("./FileWork.tsx")).FileWork,
  JobProgress: () => JobProgress,
  JobState: () => JobState,
  PasskeyButton: async () => (await import("./PasskeyButton.tsx")).PasskeyButton,
  ProgressRace: async () => (await import("./ProgressRace.tsx")).ProgressRace,
  Recipients: async () => (await import("./Recipients.tsx")).Recipients,
  ReminderList: async () => (await import("./ReminderList.tsx")).ReminderList,
  ReminderState: async () => (await import("./ReminderState.tsx")).ReminderState,
  Shortcuts: () => Shortcuts,
  WhenField: async () => (await import("./WhenField.tsx")).WhenField,
  ZoneField: async () => (await import("./ZoneField.tsx")).ZoneField,
};
