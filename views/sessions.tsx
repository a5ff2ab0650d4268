import { deviceOf } from "../core/device.ts";
import type { Reader } from "../islands/times.ts";
import type { Session } from "../kv/schema.ts";
import { Time } from "./time.tsx";

/** A place where one is signed in. */
export interface SessionLine
  extends Pick<Session, "id" | "agent" | "network" | "createdAt" | "seenAt"> {
  /** The one that asks. */
  current: boolean;
}

export interface SessionListProps {
  sessions: SessionLine[];
  reader: Reader;
  now: number;
}

/** Where one is signed in, each with a way to end it. */
export function SessionList({ sessions, reader, now }: SessionListProps) {
  return (
    <section class="card sheet-form sessions listed" aria-labelledby="sessions">
      <h2 id="sessions">Signed in</h2>
      <ul>
        {sessions.map((session) => (
          <li key={session.id}>
            <p>
              <strong>{deviceOf(session.agent)}</strong>
              <small>
                {session.current ? "this browser" : (
                  <>
                    seen <Time at={session.seenAt} now={now} reader={reader} how="relative" />
                  </>
                )}
                {session.network && ` · from ${session.network}`}
                {" · since "}
                <Time at={session.createdAt} now={now} reader={reader} how="full" />
              </small>
            </p>
            {!session.current && (
              <form method="post" action={`/account/sessions/${session.id}/end`}>
                <button type="submit" aria-label={`End ${deviceOf(session.agent)}`}>End</button>
              </form>
            )}
          </li>
        ))}
      </ul>
      <form method="post" action="/account/sessions/end">
        <button type="submit" class="danger">Sign out everywhere</button>
      </form>
    </section>
  );
}
