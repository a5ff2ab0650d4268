import type { FunctionComponent } from "preact";
import { Bell, type BellProps } from "./Bell.tsx";
import { Compose, type ComposeProps } from "./Compose.tsx";
import { Deliveries, type DeliveriesProps } from "./Deliveries.tsx";
import { JobProgress, type JobProgressProps } from "./JobProgress.tsx";
import { JobState, type JobStateProps } from "./JobState.tsx";
import { Recipients, type RecipientsProps } from "./Recipients.tsx";
import { ReminderList, type ReminderListProps } from "./ReminderList.tsx";
import { ReminderState, type ReminderStateProps } from "./ReminderState.tsx";
import { Shortcuts } from "./Shortcuts.tsx";
import { WhenField, type WhenFieldProps } from "./WhenField.tsx";
import { ZoneField, type ZoneFieldProps } from "./ZoneField.tsx";

/** What each island is given. */
export interface Islands {
  Bell: BellProps;
  Compose: ComposeProps;
  Deliveries: DeliveriesProps;
  JobProgress: JobProgressProps;
  JobState: JobStateProps;
  Recipients: RecipientsProps;
  ReminderList: ReminderListProps;
  ReminderState: ReminderStateProps;
  Shortcuts: Record<string, never>;
  WhenField: WhenFieldProps;
  ZoneField: ZoneFieldProps;
}
export type IslandName = keyof Islands;

/** Every island by name. */
export const islands: { [N in IslandName]: FunctionComponent<Islands[N]> } = {
  Bell,
  Compose,
  Deliveries,
  JobProgress,
  JobState,
  Recipients,
  ReminderList,
  ReminderState,
  Shortcuts,
  WhenField,
  ZoneField,
};
