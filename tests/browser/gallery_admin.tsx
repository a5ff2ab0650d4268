import type { AdminJobView } from "../../domain/admin/admin_jobs.ts";
import { AdminPage, type AdminProps } from "../../views/admin.tsx";
import { AdminJobsPage } from "../../views/admin_jobs.tsx";
import { ProgressPage } from "../../views/progress.tsx";
import { ada, chrome, DAY, iso, job, LONG_WORD, MINUTE, NOW, over } from "./gallery_samples.ts";

const root = chrome({ viewer: { ...ada, role: "admin" } });

const some = (count: number) => ({ count, more: false });
const overview: AdminProps = {
  chrome: root,
  health: { ready: true, oldestDueMs: 0, tickAt: NOW - 12_000, storeMs: 0.4, diskShort: false },
  counts: {
    jobs: {
      scheduled: { count: 1_000, more: true },
      running: some(3),
      completed: some(214),
      cancelled: some(0),
      discarded: some(2),
    },
    members: some(12),
  },
  instance: {
    mailer: "mailjet",
    sending: true,
    anyone: false,
    telegram: "webhook",
    store: "own",
    queues: "auto",
    version: "0.2.0",
    startedAt: NOW - 3 * DAY,
  },
  domain: {
    domain: "work.example.org",
    records: [
      { name: "SPF", is: "good", says: "v=spf1 include:spf.mailjet.com ~all" },
      { name: "DKIM", is: "bad", says: "there is no key under mailjet._domainkey" },
      { name: "DMARC", is: "unknown", says: "could not look" },
    ],
  },
  eventsUrl:
    "https://clockwork:Zm9yLXRoZS1leWUtYWxvbmUtbm90LWEtc2VjcmV0LTAx@work.example.org/mailjet/events",
};

function adminJob(of: ReturnType<typeof job>, change: Partial<AdminJobView> = {}): AdminJobView {
  return {
    ...of,
    owner: "ana@example.org",
    attempt: 1,
    maxAttempts: 8,
    error: null,
    may: [],
    ...change,
  };
}

const waits = { state: "scheduled", startedAt: null } as const;
const jobs = [
  adminJob(job("a", [34, 120, 2]), { may: ["cancel"] }),
  adminJob(job("b", [0, 1, 0], { ...waits, dueAt: iso(NOW - 8 * MINUTE) }), {
    kind: "email_account",
    attempt: 0,
    may: ["cancel", "run"],
  }),
  adminJob(job("c", [0, 1, 0], { state: "scheduled" }), {
    error: `TypeError: ${LONG_WORD} <b>is not a function</b>`,
    owner: `${LONG_WORD.toLowerCase().slice(0, 60)}@example.com`,
    attempt: 3,
    may: ["cancel", "run"],
  }),
  adminJob(job("d", [0, 0, 0], { ...waits, dueAt: iso(NOW + DAY) }), {
    kind: "prune",
    owner: null,
    attempt: 0,
    may: ["run"],
  }),
  adminJob(over("e", [50, 100, 0], { state: "discarded", reason: "8 tries failed" }), {
    may: ["retry"],
  }),
  adminJob(over("f", [118, 120, 2])),
  adminJob(over("g", [3, 3, 0])),
  adminJob(over("h", [1, 4, 0], { state: "cancelled", reason: "cancelled by an admin" })),
];

const demo = { kind: "demo", startedAt: iso(NOW - 4_000), createdAt: iso(NOW - 4_100) };

export const adminPages = {
  admin: <AdminPage {...overview} />,
  admin_disk_short: <AdminPage {...overview} health={{ ...overview.health, diskShort: true }} />,
  admin_anyone: (
    <AdminPage {...overview} instance={{ ...overview.instance, anyone: true }} domain={null} />
  ),
  admin_unready: (
    <AdminPage
      {...overview}
      health={{
        ready: false,
        oldestDueMs: 9 * MINUTE,
        tickAt: null,
        storeMs: 12,
        diskShort: false,
      }}
    />
  ),
  admin_jobs: (
    <AdminJobsPage chrome={root} jobs={{ items: jobs, next: "c" }} filter={{}} kinds={["demo"]} />
  ),
  admin_jobs_none: (
    <AdminJobsPage
      chrome={root}
      jobs={{ items: [], next: null }}
      filter={{ state: "discarded", kind: "demo" }}
      kinds={["demo"]}
    />
  ),
  progress: <ProgressPage chrome={chrome()} job={null} wrong={null} />,
  progress_running: (
    <ProgressPage
      chrome={chrome()}
      job={job("p", [42, 100, 0], demo)}
      wrong="Cannot start: two are under way, wait until one is over"
    />
  ),
  progress_failed: (
    <ProgressPage
      chrome={chrome()}
      job={over("p", [50, 100, 0], {
        ...demo,
        state: "discarded",
        reason: "step 51 fails, as was asked for",
      })}
      wrong={null}
    />
  ),
};
