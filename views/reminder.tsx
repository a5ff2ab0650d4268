import type { RecipientStanding } from "../domain/recipients/recipients.ts";
import type { ReminderView } from "../domain/reminders/reminder_view.ts";
import { StandingSign } from "../islands/Pill.tsx";
import type { SnoozeOfferView } from "../islands/SnoozeMenu.tsx";
import { isRefused } from "../islands/standings.ts";
import { zoneCity } from "../islands/times.ts";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { BackIcon } from "./icons.tsx";
import { Island } from "./island.tsx";
import { WholeTime } from "./time.tsx";

export interface ReminderProps {
  chrome: Chrome;
  reminder: ReminderView;
  offers: SnoozeOfferView[];
  /** The note it was made from, while it is there. */
  note: { id: string; title: string } | null;
  /** How its owner stands with those it is mailed to. */
  standings: RecipientStanding[];
  /** What was wrong with an act. */
  problem: string | null;
}

/** One reminder: what, when, where it rings, and what became of each time. */
export function ReminderPage(
  { chrome, reminder, offers, note, standings, problem }: ReminderProps,
) {
  const { now, reader } = chrome;
  const { title, text, preview, schedule } = reminder;
  return (
    <Document chrome={chrome} title={title} section="reminders" layout="two">
      <p class="crumbs">
        <a href="/reminders">
          <BackIcon /> Reminders
        </a>
      </p>
      <div class="work">
        <article class="card reminder" aria-labelledby="reminder">
          <header>
            <h1 id="reminder" dir="auto">{title}</h1>
            <p class="sentence">{`${preview.sentence}, ${zoneCity(schedule.zone)} time`}</p>
          </header>
          {problem && <p class="problem-box" role="alert">{problem}</p>}
          {text !== "" && <p class="text" dir="auto">{text}</p>}
          <Island name="ReminderState" props={{ reminder, offers, reader, renderedAt: now }} />
        </article>
      </div>
      <aside class="side" aria-label="About the reminder">
        <Rings reminder={reminder} standings={standings} />
        <section class="card" aria-labelledby="about">
          <h2 id="about">About</h2>
          <dl class="facts-list">
            {note && (
              <>
                <dt>From the note</dt>
                <dd dir="auto">
                  <a href={`/notes/${note.id}`}>{note.title}</a>
                </dd>
              </>
            )}
            <dt>Set</dt>
            <dd>
              <WholeTime at={Date.parse(reminder.createdAt)} now={now} reader={reader} />
            </dd>
            <dt>If nothing could ring at its time</dt>
            <dd>{MISSED[reminder.missed]}</dd>
          </dl>
          <Change reminder={reminder} />
        </section>
      </aside>
    </Document>
  );
}

const MISSED: Record<ReminderView["missed"], string> = {
  once: "It rings once and says how late it is.",
  skip: "It is left out.",
  all: "Each rings, ten at most.",
};

function Rings({ reminder, standings }: Pick<ReminderProps, "reminder" | "standings">) {
  const { page, telegram, mail } = reminder.channels;
  const kept = new Map(
    standings.filter(({ standing }) => standing !== "allowed").map((one) => [one.address, one]),
  );
  return (
    <section class="card" aria-labelledby="rings">
      <h2 id="rings">Rings</h2>
      <ul class="brief rings">
        {page && <li>On the page, in the bell and the inbox</li>}
        {telegram && <li>In Telegram</li>}
        {mail.map((address) => (
          <li key={address}>
            By mail to <bdi>{address}</bdi> <Kept one={kept.get(address)} />
          </li>
        ))}
      </ul>
      {kept.size > 0 && (
        <p class="hint">
          Whoever has not agreed, or cannot be reached, is passed over when it rings.
        </p>
      )}
    </section>
  );
}

/** Why it does not ring at an address, as far as its owner is told. */
function Kept({ one }: { one: RecipientStanding | undefined }) {
  if (one === undefined) return null;
  return (
    <>
      <StandingSign standing={one.standing} />
      {isRefused(one) && <small>{one.why}</small>}
    </>
  );
}

function Change({ reminder: { id, state } }: { reminder: ReminderView }) {
  const here = `/reminders/${id}`;
  return (
    <div class="row acts">
      <a class="button" href={`${here}/edit`}>Edit</a>
      {state === "active" && (
        <form method="post" action={`${here}/cancel`}>
          <button type="submit" class="quiet">Cancel reminder</button>
        </form>
      )}
      {state === "cancelled" && (
        <form method="post" action={`${here}/restore`}>
          <button type="submit">Bring it back</button>
        </form>
      )}
    </div>
  );
}
