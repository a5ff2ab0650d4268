import type { Clock } from "../core/app.ts";
import type { ChatUpdate, Messenger } from "../core/chat.ts";
import { AppError } from "../core/errors.ts";
import type { Log } from "../core/log.ts";

export interface PollOptions {
  messenger: Messenger;
  clock: Clock;
  log: Log;
  /** Does all that an update asks for. One that throws gets the same update again. */
  handle(update: ChatUpdate): Promise<void>;
  /** Of several processes only the one that holds it asks Telegram, for up to `POLL_S` a round. */
  lease: { hold(): Promise<boolean> };
  signal: AbortSignal;
}

/** How long one question waits for updates, in seconds. */
export const POLL_S = 25;
/** How often one that has not got the lease looks whether it is free. */
const LEASE_PAUSE_MS = 5_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Asks Telegram for updates until `signal` aborts, and hands them over one by one in their order.
 * Telegram keeps what was not handled, for a day; after a crash or a change of the lease the last
 * ones come once more, so `handle` must know those that it has seen.
 */
export async function pollTelegram(options: PollOptions): Promise<void> {
  const { messenger, clock, log, handle, lease, signal } = options;
  let webhookIsGone = false;
  let offset = 0;
  let failures = 0;

  /** @throws {unknown} what kept it from being done, or from being done wholly. */
  async function round(): Promise<void> {
    if (!webhookIsGone) {
      const answer = await messenger.deleteWebhook();
      if (answer.is !== "accepted") {
        const retryAfterMs = "retryAfterMs" in answer ? answer.retryAfterMs : undefined;
        throw new AppError("unavailable", answer.reason, { retryAfterMs });
      }
      webhookIsGone = true;
    }
    for (const update of await messenger.updates({ offset, timeoutS: POLL_S, signal })) {
      if (signal.aborted) return;
      await handle(update);
      offset = update.update_id + 1;
    }
  }

  while (!signal.aborted) {
    try {
      if (await lease.hold()) await round();
      else await clock.sleep(LEASE_PAUSE_MS, signal);
      failures = 0;
    } catch (error) {
      const pauseMs = pauseAfter(error, failures++);
      const facts = { offset, failures, pauseMs };
      if (error instanceof AppError) {
        log.warn("telegram_poll_failed", { ...facts, code: error.code });
      } else log.error("telegram_poll_failed", facts, error);
      await clock.sleep(pauseMs, signal);
    }
  }
}

/** 1 s, twice as long each time up to 60 s, and never less than was asked for. */
function pauseAfter(error: unknown, failures: number): number {
  const own = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
  return Math.max(own, error instanceof AppError ? error.retryAfterMs ?? 0 : 0);
}
