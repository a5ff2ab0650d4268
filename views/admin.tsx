import type { Health } from "../domain/admin/health.ts";
import type { Counted, Overview } from "../domain/admin/overview.ts";
import type { SenderDomain } from "../domain/mail/sender_domain.ts";
import { took } from "../islands/words.ts";
import type { JobState } from "../kv/schema.ts";
import { DomainFacts } from "./admin_domain.tsx";
import { Fact } from "./admin_fact.tsx";
import { AdminNav } from "./admin_nav.tsx";
import { MailjetEvents } from "./admin_events.tsx";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { Time } from "./time.tsx";

export interface AdminProps {
  chrome: Chrome;
  health: Health;
  counts: Overview;
  instance: {
    mailer: "outbox" | "smtp" | "mailjet";
    sending: boolean;
    /** Members may mail people who did not agree to it. */
    anyone: boolean;
    telegram: "polling" | "webhook" | null;
    store: "own" | "shared";
    queues: "auto" | "off";
    version: string;
    startedAt: number;
  };
  /** Whether receivers can tell our mail by its domain; null where there is nothing to tell. */
  domain: SenderDomain | null;
  /** What Mailjet is to be given for its events, password and all; null without Mailjet. */
  eventsUrl: string | null;
}

const states: [JobState, string][] = [
  ["scheduled", "Scheduled"],
  ["running", "Running"],
  ["completed", "Done in 24 h"],
  ["discarded", "Failed in 24 h"],
  ["cancelled", "Cancelled in 24 h"],
];

/** How the whole instance is. */
export function AdminPage({ chrome, health, counts, instance, domain, eventsUrl }: AdminProps) {
  const { now, reader } = chrome;
  const { mailer, sending, anyone, telegram, store, queues, version, startedAt } = instance;
  const time = (at: number) => <Time at={at} now={now} reader={reader} how="relative" />;
  return (
    <Document chrome={chrome} title="Admin">
      <h1 class="page-title">Admin</h1>
      <AdminNav section="overview" />
      <p class={`admin-word ${health.ready ? "ready" : "unready"}`}>
        <strong>{health.ready ? "All is being done." : "Something is not as it should be."}</strong>
        {" Last tick "}
        {health.tickAt === null ? "not yet" : time(health.tickAt)}
        {health.oldestDueMs === 0
          ? "; nothing is overdue."
          : `; the oldest job is ${took(health.oldestDueMs)} overdue.`}
      </p>
      {health.diskShort && (
        <p class="admin-word unready">
          <strong>The disk is nearly full.</strong>{" "}
          New notes, longer texts, imports, exports and backups are refused until there is room.
        </p>
      )}
      {anyone && (
        <p class="admin-word unready">
          <strong>Members may mail anyone.</strong>{" "}
          RECIPIENT_CHECK is off: nobody is asked before mail reaches them. That is for private
          instances only.
        </p>
      )}
      <ul class="tiles">
        {states.map(([state, text]) => (
          <li key={state} class="card">
            <a href={`/admin/jobs?state=${state}`}>
              <strong class={state === "discarded" && counts.jobs[state].count ? "bad" : undefined}>
                {many(counts.jobs[state])}
              </strong>
              <span>{text}</span>
            </a>
          </li>
        ))}
        <li class="card">
          <a href="/admin/members">
            <strong>{many(counts.members)}</strong>
            <span>Members</span>
          </a>
        </li>
      </ul>
      <dl class="card instance">
        <Fact name="Mail">
          {sending || mailer !== "outbox" ? mailers[mailer] : "sending is off: kept in the outbox"}
        </Fact>
        <Fact name="Telegram">{telegram === null ? "not set up" : `on, by ${telegram}`}</Fact>
        <Fact name="Store">
          {`${
            store === "own" ? "of this process alone" : "shared with other processes"
          }, answers in ${Math.max(1, Math.round(health.storeMs))} ms`}
        </Fact>
        <Fact name="Doorbells">
          {queues === "off"
            ? "timer and cron; queues are off"
            : "timer, cron, and queues where the store has them"}
        </Fact>
        <Fact name="Version">{version}</Fact>
        <Fact name="Up for">{took(now - startedAt)}</Fact>
      </dl>
      {domain !== null && <DomainFacts domain={domain} />}
      {eventsUrl !== null && <MailjetEvents url={eventsUrl} />}
    </Document>
  );
}

const mailers = { outbox: "kept in the outbox", smtp: "by SMTP", mailjet: "by Mailjet" };

/** As many as were counted, with a plus where there are more. */
export const many = ({ count, more }: Counted) => count.toLocaleString("en") + (more ? "+" : "");
