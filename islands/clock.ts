import { useRef } from "preact/hooks";

/** The server's time, going on from the moment the page was made: a reader's own clock may be wrong. */
export function useServerNow(renderedAt: number): () => number {
  const start = useRef<number | null>(null);
  if (typeof document === "undefined") return () => renderedAt;
  // From the first rendering in the browser on, not from the first question.
  const from = start.current ??= performance.now();
  return () => renderedAt + performance.now() - from;
}
