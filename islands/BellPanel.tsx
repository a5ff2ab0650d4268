import { useEffect, useRef, useState } from "preact/hooks";
import type { Notification } from "../kv/schema.ts";
import { getNotifications, readNotifications } from "./api.ts";
import { hrefOf, KindMark } from "./kinds.tsx";
import { relative } from "./times.ts";

const SHOWN = 8;

export interface BellPanelProps {
  unread: number;
  /** Closed by key: the focus goes back. */
  onClose(): void;
  /** Closed by a click elsewhere. */
  onLeave(): void;
}

/** The newest notifications. Opening the panel reads nothing; opening an item does. */
export function BellPanel({ unread, onClose, onLeave }: BellPanelProps) {
  const [items, setItems] = useState<Notification[] | null>(null);
  const [problem, setProblem] = useState("");
  const panel = useRef<HTMLElement>(null);
  const say = (error: unknown) =>
    setProblem(error instanceof Error ? error.message : String(error));
  useEffect(() => {
    getNotifications().then((page) => setItems(page.items.slice(0, SHOWN)), say);
    const outside = ({ target }: Event) => {
      if (!panel.current?.parentElement?.contains(target as Node)) onLeave();
    };
    const escape = (event: KeyboardEvent) => event.key === "Escape" && onClose();
    document.addEventListener("pointerdown", outside);
    document.addEventListener("keydown", escape);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("keydown", escape);
    };
  }, []);
  const readAll = () => {
    readNotifications().then(
      () => setItems((items ?? []).map((item) => ({ ...item, readAt: item.readAt ?? Date.now() }))),
      say,
    );
  };
  return (
    <section class="sheet panel" ref={panel} aria-label="Notifications">
      <header>
        <h2>Notifications</h2>
        {unread > 0 && (
          <button type="button" class="link" onClick={readAll}>Mark all as read</button>
        )}
      </header>
      {problem !== "" && <p class="bad" role="alert">{problem}</p>}
      {items === null && problem === "" && <p class="none">Looking…</p>}
      {items?.length === 0 && (
        <p class="none">All quiet. Finished mailings, reminders and announcements land here.</p>
      )}
      <ul>
        {(items ?? []).map((item) => (
          <li key={item.id} class={item.readAt === null ? "unread" : ""}>
            <a href={hrefOf(item)}>
              <KindMark kind={item.kind} />
              <strong dir="auto">{item.title}</strong>
              {item.readAt === null && <span class="unseen">unread</span>}
              {item.text !== "" && <small dir="auto">{item.text}</small>}
              <time dateTime={new Date(item.at).toISOString()}>
                {relative(item.at, Date.now())}
              </time>
            </a>
          </li>
        ))}
      </ul>
      <a class="all" href="/inbox">Open the inbox</a>
    </section>
  );
}
