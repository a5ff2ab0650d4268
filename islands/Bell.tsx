import { useEffect, useRef, useState } from "preact/hooks";
import type { BroadcastNews } from "../domain/broadcasts/broadcast_view.ts";
import type { BellEvent } from "../domain/notifications.ts";
import type { Notification } from "../kv/schema.ts";
import { ApiError, getNotifications } from "./api.ts";
import { BellPanel } from "./BellPanel.tsx";
import { signedOut, useLink, useLive } from "./live.ts";
import { showTitle } from "./title.ts";
import { Toast } from "./Toast.tsx";

export interface BellProps {
  unread: number;
}

/** The bell with what is unread, its panel, and a word when something new comes. */
export function Bell({ unread: initial }: BellProps) {
  const [unread, setUnread] = useState(initial);
  const [open, setOpen] = useState(false);
  const [awake, setAwake] = useState(false);
  const [news, setNews] = useState<Notification[]>([]);
  const root = useRef<HTMLDivElement>(null);
  const link = useLink();
  useEffect(() => setAwake(true), []);
  useEffect(() => {
    if (awake) showTitle({ unread });
  }, [unread]);
  const known = useRef(new Set<string>());
  /** Says what is new, once: announcements come to all pages at once, and again with the inbox. */
  const tell = (notification: Notification): boolean => {
    if (known.current.has(notification.id)) return false;
    known.current.add(notification.id);
    setNews((all) => [...all, notification]);
    return true;
  };
  useLive<BellEvent>("notification", (event) => {
    setUnread(event.unread);
    if (event.notification) tell(event.notification);
  });
  useLive<Partial<BroadcastNews>>("broadcast", ({ notification }) => {
    if (notification && tell(notification)) setUnread((before) => before + 1);
  });
  const ask = () => {
    getNotifications().then((page) => setUnread(page.unread), (error) => {
      if (error instanceof ApiError && error.status === 401) signedOut();
    });
  };
  useLive("gap", ask);
  useEffect(() => {
    if (link === "reconnecting") ask();
  }, [link]);
  const close = () => {
    setOpen(false);
    root.current?.querySelector("button")?.focus();
  };
  const label = `Notifications, ${unread === 0 ? "nothing unread" : `${unread} unread`}`;
  const face = <BellFace unread={unread} />;
  return (
    <div class="bell-box" ref={root}>
      {awake
        ? (
          <button
            type="button"
            class="bell"
            aria-label={label}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {face}
          </button>
        )
        : <a class="bell" href="/inbox" aria-label={label}>{face}</a>}
      {open && <BellPanel unread={unread} onClose={close} onLeave={() => setOpen(false)} />}
      <div class="toasts">
        <Toast news={news} onGone={() => setNews([])} />
        <div role="alert">
          {link === "signed out" && (
            <p class="toast">
              <span>You were signed out.</span> <a href="/sign-in">Sign in</a>
            </p>
          )}
        </div>
      </div>
    </div>
  );
}

function BellFace({ unread }: { unread: number }) {
  return (
    <>
      <svg class="icon" width="22" height="22" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M6 10a6 6 0 0 1 12 0c0 6 2 7 2 7H4s2-1 2-7M10 20a2 2 0 0 0 4 0" />
      </svg>
      {unread > 0 && <b aria-hidden="true">{unread > 99 ? "99+" : unread}</b>}
    </>
  );
}
