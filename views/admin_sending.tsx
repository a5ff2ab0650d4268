import type { HeldKind, SendingView } from "../domain/admin/held.ts";
import { many } from "./admin.tsx";
import { AdminNav } from "./admin_nav.tsx";
import type { Chrome } from "./chrome.ts";
import { Document } from "./document.tsx";
import { HeldTexts } from "./held_texts.tsx";
import { WholeTime } from "./time.tsx";

export interface AdminSendingProps {
  chrome: Chrome;
  sending: SendingView;
  /** Whose id stopped it, by name; null where they are gone. */
  stoppedBy: string | null;
}

const heldWords: [HeldKind, string][] = [
  ["notes", "Mailings of notes"],
  ["reminders", "Reminders"],
  ["broadcasts", "Broadcasts"],
  ["account", "Letters and news about accounts"],
];

/** What holds all sending, with the buttons that stop it and let it go on. */
export function AdminSendingPage({ chrome, sending, stoppedBy }: AdminSendingProps) {
  const { now, reader } = chrome;
  const { stopped, breaker, restored, held, texts } = sending;
  const since = (at: number) => <WholeTime at={at} now={now} reader={reader} />;
  return (
    <Document chrome={{ ...chrome, sending: null }} title="Sending">
      <h1 class="page-title">Admin</h1>
      <AdminNav section="sending" />
      <div class="panes">
        <div class="pane">
          <section class="card sheet-form" aria-labelledby="all-sending">
            <h2 id="all-sending">All sending</h2>
            {stopped && (
              <p>
                <strong class="bad">Stopped</strong>
                {` by ${stoppedBy ?? "an admin who is gone"}, `}
                {since(stopped.at)}. Mail and Telegram wait; nothing is lost.
              </p>
            )}
            {breaker && (
              <p>
                <strong class="bad">Held by itself</strong> {since(breaker.at)}
                {`: ${breaker.why}. `}
                Letters about accounts and reminders still leave.
              </p>
            )}
            {held && !stopped && !breaker && (
              <p>
                <strong class="bad">Held</strong>{" "}
                after the restore. Only letters and news about accounts that are new since then
                leave.
              </p>
            )}
            {!held && !stopped && !breaker && (
              <p>
                <strong class="good">Messages leave.</strong>{" "}
                Stopping holds back every mail and every Telegram message of everybody, from the
                next one on. Members see why theirs wait.
              </p>
            )}
            {(stopped || breaker) && (
              <form method="post" action="/admin/sending/resume">
                <button type="submit" class="primary large">Resume sending</button>
              </form>
            )}
            {!stopped && (
              <form method="post" action="/admin/sending/stop">
                <button type="submit" class="danger large">Stop all sending</button>
              </form>
            )}
          </section>
          {texts.length > 0 && <HeldTexts chrome={chrome} texts={texts} />}
        </div>
        {held && restored && (
          <form class="card sheet-form" method="post" action="/admin/sending/release">
            <h2>After the restore</h2>
            <p>
              The store came from a backup and was started{" "}
              {since(restored.at)}. What was asked for before then may have left already, after the
              backup was made: sending it could mail people twice. What was asked for since waits
              for your decision, and then leaves.
            </p>
            <table class="counts">
              <caption class="unseen">What was asked for before</caption>
              <tbody>
                {heldWords.map(([kind, text]) => (
                  <tr key={kind}>
                    <th scope="row">{text}</th>
                    <td>{many(held[kind])}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <div class="row">
              <button type="submit" name="past" value="drop">Do not send them</button>
              <button type="submit" name="past" value="send" class="danger">Send them</button>
            </div>
            <p class="hint">
              Look at members and recipients first. Either way it cannot be taken back.
            </p>
          </form>
        )}
      </div>
    </Document>
  );
}
