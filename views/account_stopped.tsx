import type { Reader } from "../islands/times.ts";
import { Time } from "./time.tsx";

/** What is kept from one of one's own addresses. */
export interface StoppedLine {
  address: string;
  hash: string;
  /** "all", "broadcasts", "reminders", "notes", or "sender:" and whose. */
  scope: string;
  cause: string;
  at: number;
  until: number | null;
  /** Whose mail it is, where they are still there. */
  from: string | null;
  mine: boolean;
}

export interface StoppedProps {
  stopped: StoppedLine[];
  reader: Reader;
  now: number;
}

/** What does not reach one's own addresses, and why; each with a way to let it come again. */
export function StoppedCard({ stopped, reader, now }: StoppedProps) {
  return (
    <section id="stopped" class="card sheet-form sessions listed" aria-labelledby="stopped-title">
      <h2 id="stopped-title">What is stopped for your addresses</h2>
      {stopped.length === 0 ? <p class="hint">Nothing is: all mail reaches you.</p> : (
        <ul>
          {stopped.map((one) => (
            <li key={one.hash + one.scope}>
              <p>
                <strong>{whatIsStopped(one)}</strong>
                <small>
                  {`to ${one.address} · ${whyStopped(one)} `}
                  <Time at={one.at} now={now} reader={reader} how="full" />
                  {one.until !== null && (
                    <>
                      {", until "}
                      <Time at={one.until} now={now} reader={reader} how="full" />
                    </>
                  )}
                </small>
              </p>
              {one.mine && (
                <form method="post" action="/account/stopped/lift">
                  <input type="hidden" name="hash" value={one.hash} />
                  <input type="hidden" name="scope" value={one.scope} />
                  <button type="submit" aria-label={`Allow again: ${whatIsStopped(one)}`}>
                    Allow again
                  </button>
                </form>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** What does not come, in words. */
export function whatIsStopped({ scope, cause, from }: StoppedLine): string {
  if (scope.startsWith("sender:")) return `Mail from ${from ?? "a member who is gone"}`;
  if (scope === "broadcasts") return "Announcements";
  if (scope === "reminders") return "Your reminders by mail";
  if (scope === "notes") return "Notes to yourself";
  return forced.includes(cause) ? "All mail" : "Everything except sign-in mails";
}

/** What also keeps letters about the account away. */
const forced = ["bounce", "soft_bounces", "complaint"];

/** Why, in words that a moment follows. */
export function whyStopped({ cause, scope }: StoppedLine): string {
  switch (cause) {
    case "bounce":
      return "mail came back: nobody was there, on";
    case "soft_bounces":
      return "mail came back again and again, since";
    case "complaint":
      return scope === "all" ? "reported as spam to your provider, on" : "reported by you, on";
    case "refused":
      return "you refused the invitation, on";
    case "admin":
      return "by an admin, on";
    default:
      return "stopped by you, on";
  }
}
