import type { Store } from "../core/app.ts";
import { keys } from "../kv/keys.ts";

interface Watch {
  listeners: Set<() => void>;
  end: AbortController;
}
const watches = new WeakMap<Store, Map<string, Watch>>();

/**
 * Rings when another process raises the number of a topic's feed. One watch a topic and process,
 * however many listen.
 *
 * @returns the function that ends the listening.
 */
export function watchFeed(store: Store, topic: string, ring: () => void): () => void {
  const ofStore = watches.get(store) ?? new Map<string, Watch>();
  watches.set(store, ofStore);
  const watch = ofStore.get(topic) ?? start(store, topic);
  ofStore.set(topic, watch);
  watch.listeners.add(ring);
  return () => {
    watch.listeners.delete(ring);
    if (watch.listeners.size > 0 || ofStore.get(topic) !== watch) return;
    ofStore.delete(topic);
    watch.end.abort();
  };
}

function start(store: Store, topic: string): Watch {
  const watch: Watch = { listeners: new Set(), end: new AbortController() };
  const run = async () => {
    for await (const _ of store.watch(keys.feed(topic), watch.end.signal)) {
      for (const ring of watch.listeners) ring();
    }
  };
  // What can be mended, the store mends; what is left is a lost doorbell, and pages ask again.
  run().catch(() => {});
  return watch;
}
