import { useEffect, useRef, useState } from "preact/hooks";
import type { Notification } from "../kv/schema.ts";
import { hrefOf } from "./kinds.tsx";

const SHOWN_MS = 6_000;

export interface ToastProps {
  news: Notification[];
  onGone(): void;
}

/** Says once what came, for six seconds or as long as someone is at it; the bell keeps it. */
export function Toast({ news, onGone }: ToastProps) {
  const [held, setHeld] = useState(false);
  const gone = useRef(onGone);
  gone.current = onGone;
  useEffect(() => {
    if (news.length === 0 || held) return;
    const timer = setTimeout(() => gone.current(), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [news.length, held]);
  const [first] = news;
  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return (
    <div
      role="status"
      onMouseEnter={hold}
      onMouseLeave={release}
      onFocusIn={hold}
      onFocusOut={release}
    >
      {first && (
        <p class="toast">
          {news.length === 1
            ? (
              <a href={hrefOf(first)}>
                <strong dir="auto">{first.title}</strong> <span dir="auto">{first.text}</span>
              </a>
            )
            : <a href="/inbox">{`${news.length} new in the inbox`}</a>}
          <button type="button" class="link" onClick={onGone}>Dismiss</button>
        </p>
      )}
    </div>
  );
}
