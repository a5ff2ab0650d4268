import type { App } from "../core/app.ts";
import { keys, ranges } from "../kv/keys.ts";
import type { AppEvent } from "../kv/schema.ts";
import type { Tx } from "../kv/transact.ts";
import { read } from "../kv/read.ts";
import { Bell } from "./bell.ts";
import { watchFeed } from "./watch.ts";

/** Who hears of something: one account, or everyone. */
export type Topic = `account:${string}` | "everyone";

/** How many events of a topic are kept. One who was away for longer asks for the state instead. */
export const EVENTS_KEPT = 256;

/** Tells a topic what happened, in the same commit as that it happened. */
export async function publish(
  app: Pick<App, "hub" | "clock">,
  tx: Tx,
  topic: Topic,
  event: Pick<AppEvent, "type" | "data">,
): Promise<void> {
  const seq = ((await tx.get(keys.feed(topic)))?.seq ?? 0) + 1;
  tx.set(keys.feed(topic), { seq });
  tx.set(keys.event(topic, seq), { ...event, seq, at: app.clock.now() });
  if (seq > EVENTS_KEPT) tx.delete(keys.event(topic, seq - EVENTS_KEPT));
  tx.afterCommit(() => app.hub.ring(topic));
}

/** The number of the last event of a topic; 0 before the first. */
export async function lastSeq(app: Pick<App, "store">, topic: Topic): Promise<number> {
  return (await read(app, keys.feed(topic)))?.seq ?? 0;
}

export interface FollowOptions {
  /** The number of the last event that is known already. */
  after: number;
  /** Ends the following. */
  signal: AbortSignal;
}

/**
 * Yields what happens in a topic after a number, in order, each event once, until `signal` aborts.
 * Where events are missing because they are no longer kept, `gap` comes first.
 */
export async function* follow(
  app: Pick<App, "store" | "hub">,
  topic: Topic,
  { after, signal }: FollowOptions,
): AsyncGenerator<AppEvent | "gap"> {
  const bell = new Bell();
  const ring = () => bell.ring();
  const stops = [app.hub.listen(topic, ring)];
  if (app.store.shared) stops.push(watchFeed(app.store, topic, ring));
  signal.addEventListener("abort", ring);
  stops.push(() => signal.removeEventListener("abort", ring));
  try {
    let seq = after;
    while (!signal.aborted) {
      bell.hush();
      const last = await lastSeq(app, topic);
      // A number from the future is one of another store, or of one restored from a backup.
      if (seq < last - EVENTS_KEPT || seq > last) {
        yield "gap";
        seq = last;
      }
      for await (const { value } of app.store.list<AppEvent>(ranges.eventsAfter(topic, seq))) {
        if (signal.aborted) return;
        if (value.seq > seq + 1) yield "gap"; // dropped while the reader was on its way to them
        yield value;
        seq = value.seq;
      }
      await bell.heard;
    }
  } finally {
    for (const stop of stops) stop();
  }
}
