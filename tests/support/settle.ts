/** Waits for all of them, also when one fails, so that each can close what it opened. */
export async function settle(runs: readonly Promise<unknown>[]): Promise<void> {
  for (const run of await Promise.allSettled(runs)) {
    if (run.status === "rejected") throw run.reason;
  }
}
