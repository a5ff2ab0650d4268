import type { App } from "../../core/app.ts";
import { newId } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import { transact } from "../../kv/transact.ts";

/** How long one may go on polling without saying so, ms: a question waits for 25 s at most. */
export const POLLER_LEASE_MS = 60_000;

/** The right to ask Telegram for updates, which one process has at a time. */
export interface PollerLease {
  /** Takes it or keeps it for a minute more. @returns whether it is ours. */
  hold(): Promise<boolean>;
  /** Lets the next one have it at once. */
  release(): Promise<void>;
}

/**
 * The lease as one process sees it. Two may poll at once for a moment when one was slow; Telegram
 * refuses one of them, and each update is taken once all the same.
 */
export function pollerLease(app: Pick<App, "store" | "clock">): PollerLease {
  const holder = newId();
  return {
    hold: () =>
      transact(app, async (tx) => {
        const now = app.clock.now();
        const poller = await tx.get(keys.chatPoller);
        // What ends later than any lease of now was written before the clock stepped back.
        const holds = poller !== null && poller.until > now &&
          poller.until <= now + POLLER_LEASE_MS;
        if (holds && poller.holder !== holder) return false;
        tx.set(keys.chatPoller, { holder, until: now + POLLER_LEASE_MS });
        return true;
      }),
    release: () =>
      transact(app, async (tx) => {
        if ((await tx.get(keys.chatPoller))?.holder === holder) tx.delete(keys.chatPoller);
      }),
  };
}
