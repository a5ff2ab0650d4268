import { ConfirmPage } from "../../views/confirm.tsx";
import { ReportedPage } from "../../views/reported.tsx";
import { StopPage } from "../../views/stop.tsx";
import { strangers } from "./gallery_samples.ts";

const page = {
  chrome: strangers(),
  shown: "b…@example.net",
  action: "/u/t",
  reportHref: "/u/t/report",
};
const bob = { what: "this", label: "Stop mails from Ada", stopped: false, undo: false } as const;
const all = {
  what: "all",
  label: "Stop everything except sign-in mails",
  stopped: false,
  undo: false,
} as const;

export const stopPages = {
  stop: <StopPage {...page} offers={[bob, all]} />,
  stop_stopped: (
    <StopPage
      {...page}
      offers={[{ ...bob, stopped: true, undo: true }, { ...all, stopped: true }]}
    />
  ),
  stop_reminders: (
    <StopPage
      {...page}
      offers={[{ ...bob, label: "Stop your reminders by mail" }, all]}
      reportHref={null}
    />
  ),
  stop_report: (
    <ConfirmPage
      chrome={strangers()}
      title="Report this mail"
      text="Mail from Ada to b…@example.net is stopped at once, and those who run Clock Work learn that it was not wanted."
      action="/u/t/report"
      button="Report it"
      cancel={{ label: "Only stop it", href: "/u/t" }}
    />
  ),
  stop_account: <StopPage {...page} offers={[all]} reportHref={null} />,
  stop_reported_own: <ReportedPage chrome={strangers()} what={null} stopHref="/u/t" />,
  stop_reported: <ReportedPage chrome={strangers()} what="Mail from Ada" stopHref="/u/t" />,
};
