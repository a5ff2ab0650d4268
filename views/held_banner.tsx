import type { Chrome } from "./chrome.ts";
import { Time } from "./time.tsx";

/** Says on every page of admins that something keeps mail from leaving. */
export function HeldBanner({ chrome: { sending, now, reader } }: { chrome: Chrome }) {
  if (sending === null) return null;
  const { stopped, breaker, restored } = sending;
  const since = (at: number) => <Time at={at} now={now} reader={reader} how="full" />;
  if (!stopped && !breaker && restored?.past !== "held") return null;
  return (
    <aside class="held" aria-label="Sending is held">
      <div>
        {stopped && (
          <p>
            <strong>All sending is stopped</strong>
            {" since "}
            {since(stopped.at)}.
          </p>
        )}
        {breaker && (
          <p>
            <strong>Notes and announcements are held</strong>
            {" since "}
            {since(breaker.at)}
            {`: ${breaker.why}.`}
          </p>
        )}
        {restored?.past === "held" && (
          <p>
            <strong>All sending is held after the restore</strong>
            {" since "}
            {since(restored.at)}
            {" until an admin decides."}
          </p>
        )}
      </div>
      <a class="button" href="/admin/sending">Look at sending</a>
    </aside>
  );
}
