import { AccountClosePage } from "../../views/account_close.tsx";
import { AccountDataPage, type AccountDataProps } from "../../views/account_data.tsx";
import { ada, chrome, DAY, HOUR, job, NOW } from "./gallery_samples.ts";

const data: AccountDataProps = { chrome: chrome(), taken: null, brought: null, wrong: {} };
const none = { notes: 0, reminders: 0, known: 0, addresses: 0, leftOut: 0, preferences: false };
const whole = { bytes: 1_430_000, readyAt: NOW - HOUR, expiresAt: NOW + 23 * HOUR };
const half = { bytes: 0, readyAt: null, expiresAt: NOW + DAY };

/** One's data and the end of an account. */
export const dataPages = {
  data: <AccountDataPage {...data} />,
  data_at_work: (
    <AccountDataPage
      {...data}
      taken={{ file: half, job: job("e1", [50, 212, 0], { kind: "export_account" }) }}
      brought={{
        report: { ...none, jobId: "i1", why: [] },
        sentence: "",
        job: job("i1", [130, 204, 0], { kind: "import_account" }),
      }}
    />
  ),
  data_done: (
    <AccountDataPage
      {...data}
      taken={{ file: whole, job: job("e1", [212, 212, 0], { state: "completed" }) }}
      brought={{
        report: {
          ...none,
          jobId: "i1",
          preferences: true,
          addresses: 2,
          unagreed: ["ana@example.net", "zoe@example.net"],
          leftOut: 2,
          why: [
            "reminders/001.json 3: Cannot use this time zone: say one as in Europe/Berlin",
            "notes/Plans 0000000000ab.md: Cannot keep this note: its text is longer than 100 KB",
          ],
        },
        sentence: "200 notes and 3 reminders are new, 5 were here already, 2 were left out",
        job: job("i1", [210, 210, 0], { state: "completed", finishedAt: "2026-11-23T05:00:00Z" }),
      }}
    />
  ),
  data_refused: (
    <AccountDataPage
      {...data}
      wrong={{
        export: "Cannot make a file of your data now: it was tried too often",
        file: "Cannot read this file: unpacked, it is over 20 MB",
      }}
    />
  ),
  close: <AccountClosePage chrome={chrome()} email={ada.email} wrong={{}} />,
  close_refused: (
    <AccountClosePage
      chrome={chrome({ viewer: { ...ada, closesAt: NOW + 6 * DAY } })}
      email={ada.email}
      wrong={{ confirm: "This is not the address of your account." }}
    />
  ),
};
