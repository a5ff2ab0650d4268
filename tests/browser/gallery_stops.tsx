import { ConfirmPage } from "../../views/confirm.tsx";
import { KeptPage, type KeptProps } from "../../views/kept.tsx";
import { ReportedPage } from "../../views/reported.tsx";
import { StopPage } from "../../views/stop.tsx";
import { DAY, LONG_WORD, NOW, strangers } from "./gallery_samples.ts";

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

const kept: KeptProps = {
  chrome: strangers(),
  shown: "b…@example.net",
  base: "/u/t",
  erased: false,
  kept: {
    asked: [
      {
        from: "Ada",
        address: "bob@example.net",
        state: "accepted",
        invitedAt: NOW - 9 * DAY,
        decidedAt: NOW - 8 * DAY,
        waiting: 0,
      },
      {
        from: null,
        address: "",
        state: "invited",
        invitedAt: NOW - DAY,
        decidedAt: null,
        waiting: 2,
      },
      {
        from: LONG_WORD,
        address: `${LONG_WORD.toLowerCase().slice(0, 60)}@example.net`,
        state: "refused",
        invitedAt: NOW - 9 * DAY,
        decidedAt: NOW - 8 * DAY,
        waiting: 0,
      },
    ],
    stopped: [{
      address: "b…@example.net",
      hash: "h",
      scope: "sender:a",
      cause: "complaint",
      at: NOW - DAY,
      until: null,
      from: "Ada",
      mine: true,
    }],
    cameBack: [NOW - 2 * DAY],
    reported: [{ from: "Ada", at: NOW - DAY, title: "Buy now", text: "Words" }],
  },
};
const none = { asked: [], stopped: [], cameBack: [], reported: [] };

export const stopPages = {
  kept: <KeptPage {...kept} />,
  kept_nothing: <KeptPage {...kept} kept={none} />,
  kept_erased: <KeptPage {...kept} erased />,
  kept_erase: (
    <ConfirmPage
      chrome={strangers()}
      title="Erase my address"
      text="What is readable of b…@example.net is removed. This cannot be undone."
      action="/u/t/erase"
      button="Erase it"
      cancel={{ label: "Back", href: "/u/t/kept" }}
    />
  ),
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
