import type { FunctionComponent } from "preact";
import { AdminJobs, type AdminJobsProps } from "./AdminJobs.tsx";
import { Bell, type BellProps } from "./Bell.tsx";
import { ChatLink, type ChatLinkProps } from "./ChatLink.tsx";
import { BroadcastRuns, type BroadcastRunsProps } from "./BroadcastRuns.tsx";
import { Compose, type ComposeProps } from "./Compose.tsx";
import { Deliveries, type DeliveriesProps } from "./Deliveries.tsx";
import { FileWork, type FileWorkProps } from "./FileWork.tsx";
import { JobProgress, type JobProgressProps } from "./JobProgress.tsx";
import { JobState, type JobStateProps } from "./JobState.tsx";
import { PasskeyButton, type PasskeyButtonProps } from "./PasskeyButton.tsx";
import { ProgressRace, type ProgressRaceProps } from "./ProgressRace.tsx";
import { Recipients, type RecipientsProps } from "./Recipients.tsx";
import { ReminderList, type ReminderListProps } from "./ReminderList.tsx";
import { ReminderState, type ReminderStateProps } from "./ReminderState.tsx";
import { Shortcuts } from "./Shortcuts.tsx";
import { WhenField, type WhenFieldProps } from "./WhenField.tsx";
import { ZoneField, type ZoneFieldProps } from "./ZoneField.tsx";

/** What each island is given. */
export interface Islands {
  AdminJobs: AdminJobsProps;
  Bell: BellProps;
  ChatLink: ChatLinkProps;
  BroadcastRuns: BroadcastRunsProps;
  Compose: ComposeProps;
  Deliveries: DeliveriesProps;
  FileWork: FileWorkProps;
  JobProgress: JobProgressProps;
  JobState: JobStateProps;
  PasskeyButton: PasskeyButtonProps;
  ProgressRace: ProgressRaceProps;
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
  AdminJobs,
  Bell,
  ChatLink,
  BroadcastRuns,
  Compose,
  Deliveries,
  FileWork,
  JobProgress,
  JobState,
  PasskeyButton,
  ProgressRace,
  Recipients,
  ReminderList,
  ReminderState,
  Shortcuts,
  WhenField,
  ZoneField,
};
