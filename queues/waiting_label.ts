import type { Delivery } from "../kv/schema.ts";

/** What a job is doing whose messages all wait, for whoever watches it. */
export function waitingLabel(open: readonly Delivery[]): string {
  const doubtful = open.filter(({ state }) => state === "in_doubt").length;
  if (doubtful > 0) return `Waiting to ask the mail service about ${doubtful}`;
  const asked = open.filter(({ awaits }) => awaits).length;
  if (asked === open.length) return `Waiting for ${asked} of them to agree`;
  const tried = open.some(({ firstAt }) => firstAt !== null);
  return tried ? `Waiting to try ${open.length} again` : `Waiting to send ${open.length}`;
}
