import { setImmediate } from "node:timers";
import type { App, Store } from "../core/app.ts";
import { keys, ranges } from "../kv/keys.ts";
import type { AppEvent } from "../kv/schema.ts";
import type { Tx } from "../kv/transact.ts";
import { list, read } from "../kv/read.ts";
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
      let { last, events } = await look(app, topic, seq);
      // A number from the future is one of another store, or of one restored from a backup.
      if (seq < last - EVENTS_KEPT || seq > last) {
        yield "gap";
        seq = last;
        events = [];
      }
      while (events.length > 0) {
        for (const event of events) {
          if (signal.aborted) return;
          if (event.seq > seq + 1) yield "gap"; // dropped while the reader was on its way to them
          yield event;
          seq = event.seq;
        }
        if (events.length < LOOK || signal.aborted) break;
        ({ events } = await look(app, topic, seq));
      }
      await bell.heard;
    }
  } finally {
    for (const stop of stops) stop();
  }
}

/** Most events of one look. */
const LOOK = 100;

/** What a topic has behind a number, or the first of it. */
interface Look {
  last: number;
  events: AppEvent[];
}
const looks = new WeakMap<Store, Map<string, Promise<Look>>>();

/**
 * Reads what a topic has behind a number. All who ask for the same before it begins share one
 * reading: a ring wakes a thousand pages at once. One that has begun is not joined, as what rang
 * meanwhile may not be in it.
 */
function look({ store }: Pick<App, "store">, topic: Topic, after: number): Promise<Look> {
  const ofStore = looks.get(store) ?? new Map<string, Promise<Look>>();
  looks.set(store, ofStore);
  const name = `${after} ${topic}`;
  const waiting = ofStore.get(name);
  if (waiting) return waiting;
  const asked = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
    ofStore.delete(name);
    const last = await lastSeq({ store }, topic);
    return {
      last,
      events: await list({ store }, ranges.eventsAfter(topic, after), { limit: LOOK }),
    };
  });
  ofStore.set(name, asked);
  return asked;
}
