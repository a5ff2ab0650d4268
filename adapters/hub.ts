import type { Hub } from "../core/app.ts";

/** Rings within this very thread. Once closed it is silent. */
export function localHub(): Hub {
  const listeners = new Map<string, Set<() => void>>();
  let closed = false;
  return {
    ring(topic) {
      if (closed) return;
      for (const ring of listeners.get(topic) ?? []) ring();
    },
    listen(topic, ring) {
      const own = () => ring(); // the same function may listen twice
      const ofTopic = listeners.get(topic) ?? new Set();
      listeners.set(topic, ofTopic.add(own));
      return () => {
        ofTopic.delete(own);
        if (ofTopic.size === 0 && listeners.get(topic) === ofTopic) listeners.delete(topic);
      };
    },
    close() {
      closed = true;
    },
  };
}

/**
 * Rings within this process, its workers too, through a BroadcastChannel. A ring says only "look":
 * what there is to see is in the store. Once closed it is silent.
 */
export function createHub(name = "clock_work"): Hub {
  const channel = new BroadcastChannel(name);
  const local = localHub();
  let closed = false;
  channel.onmessage = ({ data }) => local.ring(String(data));
  return {
    ring(topic) {
      if (closed) return;
      local.ring(topic); // a channel does not hear itself
      channel.postMessage(topic);
    },
    listen: local.listen,
    close() {
      closed = true;
      local.close();
      channel.close();
    },
  };
}
