import type { Asker } from "../domain/recipients/consents.ts";
import type { RecipientView } from "../domain/recipients/recipient_list.ts";
import { Chip } from "../islands/marks.tsx";
import { isRefused, standingSigns } from "../islands/standings.ts";
import { Askers } from "./askers.tsx";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { FieldBox } from "./field.tsx";
import { type MailPolicy, policyText } from "./mail_note.tsx";
import { Time } from "./time.tsx";

export interface RecipientsPageProps {
  chrome: Chrome;
  /** Whom one has asked, the newest first. */
  recipients: RecipientView[];
  next: string | null;
  /** Who may mail oneself, or asked to. */
  askers: Asker[];
  /** People must agree here before they are mailed. */
  asks: boolean;
  policy: MailPolicy;
  /** What was typed, and what is wrong with it. */
  to: string;
  wrong?: string;
}

/** Whom one may mail, with what they answered; and the other way round. */
export function RecipientsPage(props: RecipientsPageProps) {
  const { chrome, recipients, next, askers, asks, policy } = props;
  return (
    <Document chrome={chrome} title="Recipients" section="mailings" layout="two">
      <h1 class="page-title">Recipients</h1>
      <div class="work">
        {asks && <Ask {...props} />}
        <section class="list people-list" aria-labelledby="asked">
          <header>
            <h2 id="asked">People you asked</h2>
          </header>
          {recipients.length === 0 && (
            <div class="none">
              <p>
                {asks
                  ? "Nobody yet. Mail a note to somebody, or ask them here first."
                  : "Nobody need be asked here."}
              </p>
            </div>
          )}
          <ul class="rows">
            {recipients.map((one) => <Line key={one.id} one={one} chrome={chrome} />)}
          </ul>
          {next && (
            <p class="more">
              <a
                class="button"
                rel="next"
                href={`/recipients?${new URLSearchParams({ cursor: next })}`}
              >
                Show more people
              </a>
            </p>
          )}
        </section>
      </div>
      <aside class="side" aria-label="Good to know">
        <section class="card know" aria-labelledby="know">
          <h2 id="know">Whom you may mail</h2>
          <p>{policyText(policy)}</p>
        </section>
        <Askers askers={askers} chrome={chrome} />
      </aside>
    </Document>
  );
}

function Ask({ to, wrong }: Pick<RecipientsPageProps, "to" | "wrong">) {
  return (
    <form class="card sheet-form" method="post" action="/recipients">
      <h2>Ask somebody</h2>
      <FieldBox
        name="to"
        label="E-mail addresses"
        hint="Each gets one letter with your name and nothing else of yours: accept, refuse, or never from anyone."
        wrong={wrong}
      >
        <textarea
          id="to"
          name="to"
          rows={2}
          required
          maxLength={10_000}
          spellcheck={false}
          autocapitalize="none"
          placeholder="ana@example.org, bob@example.org"
          aria-describedby="to-hint"
          aria-invalid={wrong ? true : undefined}
        >
          {to}
        </textarea>
      </FieldBox>
      <button type="submit" class="primary">Ask</button>
    </form>
  );
}

function Line({ one, chrome: { now, reader } }: { one: RecipientView; chrome: Chrome }) {
  const { id, address, standing, why, invitedAt, decidedAt } = one;
  return (
    <li>
      <p class="who">
        <bdi>{address}</bdi>
        <small>
          {decidedAt === null ? "asked " : "answered "}
          <Time at={decidedAt ?? invitedAt} now={now} reader={reader} how="full" />
          {isRefused(one) && why && ` · ${why}`}
        </small>
      </p>
      <Chip sign={standingSigns[standing]} />
      <form method="post" action={`/recipients/${id}/forget`}>
        <button type="submit" class="quiet" aria-label={`Forget ${address}`}>Forget</button>
      </form>
    </li>
  );
}
