import { MailingPage, type MailingProps } from "../../views/mailing.tsx";
import { chrome, delivery, iso, job, LONG_WORD, MINUTE, NOW, over } from "./gallery_samples.ts";

const refused = "The server of example.net refused it: mailbox does not exist. Fix the address.";

const deliveries = [
  delivery("ana@example.org", "sent"),
  delivery("bob@example.net", "failed", { reason: refused, attempts: 2 }),
  delivery(`${LONG_WORD.toLowerCase().slice(0, 60)}@very.long.subdomain.example.com`, "in_doubt", {
    reason: "The connection ended before the answer. The mail service is asked in a minute.",
    maybeTwice: true,
  }),
  delivery("carla@example.org", "sending"),
  delivery("dmitri@пример.example", "waiting"),
  delivery("eve@example.com", "skipped", { reason: "cancelled by its owner" }),
  delivery("finn@example.org", "sent"),
];

const running: MailingProps = {
  chrome: chrome(),
  job: job("a", [34, 120, 2]),
  title: "Standup notes",
  noteHref: "/notes/1",
  deliveries,
  retryOf: null,
  retriedBy: null,
};
const sentAll = deliveries.map(({ to }) => delivery(to, "sent"));

export const mailingPages = {
  mailing_running: <MailingPage {...running} />,
  mailing_queued: (
    <MailingPage
      {...running}
      job={job("q", [0, 3, 0], { state: "scheduled", startedAt: null, dueAt: iso(NOW) })}
      deliveries={deliveries.slice(0, 3).map(({ to }) => delivery(to, "waiting"))}
    />
  ),
  mailing_waiting: (
    <MailingPage
      {...running}
      job={job("w", [3, 7, 0], {
        state: "scheduled",
        dueAt: iso(NOW + 4 * MINUTE),
        reason: "The mail service does not answer",
      })}
    />
  ),
  mailing_done: <MailingPage {...running} job={over("d", [7, 7, 0])} deliveries={sentAll} />,
  mailing_failures: (
    <MailingPage
      {...running}
      job={over("f", [5, 7, 2])}
      title={`${LONG_WORD} and other words`}
      noteHref={null}
    />
  ),
  mailing_retried: (
    <MailingPage
      {...running}
      job={over("r", [6, 7, 1])}
      retriedBy="x"
      retryOf="y"
      title="רשימת קניות"
    />
  ),
  mailing_cancelled: (
    <MailingPage
      {...running}
      job={over("c", [34, 120, 2], { state: "cancelled", reason: "cancelled by its owner" })}
    />
  ),
};
