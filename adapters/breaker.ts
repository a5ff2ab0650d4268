import type { Clock } from "../core/app.ts";
import type { Log } from "../core/log.ts";
import type { Answer } from "../core/answer.ts";
import type { Mail, Mailer } from "../core/mail.ts";

const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 300_000;
const JITTER = 0.2;
/** What the others are told while one call tries whether the provider is back. */
const PROBE_PAUSE_MS = 5_000;

type Down = Answer & { is: "down" };

/**
 * Leaves a provider alone that is down: for 30 s, then twice as long each time up to 5 min (± 20 %),
 * and never less than it asked for. Then one call goes through, and any answer but "down" ends it.
 */
export function withBreaker(
  mailer: Mailer,
  clock: Clock,
  log: Log,
  random: () => number = Math.random,
): Mailer {
  /** How often in a row it was found down; 0 means that all is well. */
  let failures = 0;
  let openedAt = 0;
  let pauseMs = 0;
  let reason = "";
  let probing = false;

  /** Milliseconds until a call may be made. A clock that was set back must not lengthen it. */
  function waitMs(): number {
    const passed = clock.now() - openedAt;
    return failures === 0 || passed < 0 ? 0 : Math.max(0, pauseMs - passed);
  }

  function open(down: readonly Down[]): void {
    const steps = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
    const jitter = 1 + (2 * random() - 1) * JITTER;
    failures++;
    openedAt = clock.now();
    // Not below what was asked for: coming back too early is what gets a client blocked.
    const asked = down.map(({ retryAfterMs = 0 }) => retryAfterMs);
    pauseMs = Math.ceil(Math.max(steps * jitter, ...asked));
    reason = down[0]?.reason ?? "";
    log.warn("mailer_down", { mailer: mailer.name, reason, pauseMs });
  }

  function close(): void {
    if (failures > 0) log.info("mailer_up", { mailer: mailer.name });
    failures = 0;
  }

  async function send(mails: readonly Mail[]): Promise<Answer[]> {
    if (mails.length === 0) return [];
    const retryAfterMs = probing ? PROBE_PAUSE_MS : waitMs();
    if (retryAfterMs > 0) return mails.map(() => ({ is: "down", reason, retryAfterMs }));
    const before = failures;
    const isProbe = before > 0;
    probing = isProbe;
    try {
      const answers = await mailer.send(mails);
      // Of calls that were under way when it opened only the first one counts.
      if (failures !== before) return answers;
      if (answers.every(isDown)) open(answers);
      else close();
      return answers;
    } finally {
      if (isProbe) probing = false;
    }
  }

  const { name, batch, idempotent, lookup } = mailer;
  return {
    name,
    batch,
    idempotent,
    send,
    ...(lookup && { lookup: (ref) => lookup.call(mailer, ref) }),
    close: () => mailer.close(),
  };
}

function isDown(answer: Answer): answer is Down {
  return answer.is === "down";
}
