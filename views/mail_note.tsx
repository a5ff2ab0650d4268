import type { RecipientsProps } from "../islands/Recipients.tsx";
import type { Sender } from "../kv/schema.ts";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { FormProblem } from "./field.tsx";
import { BackIcon } from "./icons.tsx";
import { Island } from "./island.tsx";
import { MailCheck, type MailPreview } from "./mail_check.tsx";
import { Paused } from "./paused.tsx";
import { type Quota, QuotaCard } from "./quota.tsx";

/** Who may be mailed here, as the page says it. */
export type MailPolicy =
  | { is: "outbox" }
  | { is: "anyone" }
  | { is: "some"; own: string | null; domains: string[] };

export interface MailNoteProps {
  chrome: Chrome;
  note: { id: string; title: string };
  /** Names this request; posted as `key`, so that posting twice mails once. */
  requestKey: string;
  /** `own` is offered with one press. */
  recipients: RecipientsProps;
  policy: MailPolicy;
  /** What is left of the day's messages; null where they are not counted. */
  quota: Quota | null;
  paused: Sender["paused"];
  /** What is wrong beside single addresses. */
  wrong: { form?: string };
  /** The second step: all that will happen, before it does. */
  check: MailPreview | null;
}

/** POST /notes/:id/mail {to, step: preview | change | send, key} */
export function MailNotePage(props: MailNoteProps) {
  const { chrome, note, requestKey, recipients, policy, quota, paused, wrong, check } = props;
  const title = `Mail “${note.title}”`;
  return (
    <Document chrome={chrome} title={title} section="notes" layout="two">
      <p class="crumbs">
        <a href={`/notes/${note.id}`}>
          <BackIcon /> Note
        </a>
      </p>
      <h1 class="page-title" dir="auto">{title}</h1>
      <div class="work">
        <Paused chrome={chrome} paused={paused} />
        {check
          ? <MailCheck {...props} check={check} />
          : (
            <form class="card sheet-form" method="post" action={`/notes/${note.id}/mail`}>
              <FormProblem text={wrong.form} />
              <input type="hidden" name="key" value={requestKey} />
              <Island name="Recipients" props={recipients} />
              <p class="row">
                <button type="submit" name="step" value="preview" class="primary">
                  Check the mail
                </button>
                <span class="hint">Nothing is sent before you have seen it.</span>
              </p>
            </form>
          )}
      </div>
      <aside class="side" aria-label="Good to know">
        {check ? <Afterwards /> : <Policy policy={policy} />}
        {quota && <QuotaCard {...quota} reader={chrome.reader} now={chrome.now} />}
      </aside>
    </Document>
  );
}

function Policy({ policy }: { policy: MailPolicy }) {
  return (
    <section class="card know" aria-labelledby="know">
      <h2 id="know">Who gets it</h2>
      <p>Each gets a message of their own: they will not see each other.</p>
      <p>{policyText(policy)}</p>
      <p>
        <a href="/recipients">Your recipients</a>
      </p>
    </section>
  );
}

function Afterwards() {
  return (
    <section class="card know" aria-labelledby="know">
      <h2 id="know">What happens then</h2>
      <p>The mails leave one after the other, and you see what becomes of each.</p>
      <p>You can cancel on the way: what has not left stays here.</p>
    </section>
  );
}

/** Who may be mailed, in a sentence or two. */
export function policyText(policy: MailPolicy): string {
  if (policy.is === "outbox") {
    return "This server keeps its mail in the outbox, so you may write to anyone.";
  }
  if (policy.is === "anyone") return "You may write to anyone.";
  const { own, domains } = policy;
  const may = [
    own ? `your own address (${own})` : "",
    ...domains.map((name) => `anyone at ${name}`),
  ];
  const text = may.filter((one) => one !== "").join(", ");
  if (own) return `You may write to ${text}, and to whoever agrees: others are asked first, once.`;
  return text === ""
    ? "Confirm your own address first; until then nobody can be mailed."
    : `You may write to ${text}. Confirm your own address to ask others.`;
}
