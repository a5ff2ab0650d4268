import { useEffect, useState } from "preact/hooks";
import { useLive } from "./live.ts";
import { clockTime, type Reader } from "./times.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

export interface ChatLinkProps {
  /** How long the code on the page is good; null when there is none. */
  expiresAt: number | null;
  renderedAt: number;
  reader: Reader;
}

/**
 * Has the page's Telegram card follow what happens in the chat: shows the page again, unless somebody
 * has begun to fill in one of its forms. Also counts down how long the code is good.
 */
export function ChatLink({ expiresAt, renderedAt, reader }: ChatLinkProps) {
  const [isOld, setOld] = useState(false);
  const left = useLeft(expiresAt, renderedAt);
  const follow = () => isTyping() ? setOld(true) : location.reload();
  useLive("chat", follow);
  useLive("gap", follow);
  useEffect(() => {
    if (left === 0) follow();
  }, [left === 0]);
  if (isOld) {
    return (
      <p class="chat-news" role="status">
        Something has changed here.{" "}
        <button type="button" class="link" onClick={() => location.reload()}>Show it</button>
      </p>
    );
  }
  if (expiresAt === null) return null;
  return (
    <p class="hint">
      {left === null
        ? <>The code works once, until {clockTime(expiresAt, reader)}.</>
        : <>The code works once, for {inWords(left)} more.</>}
    </p>
  );
}

/** How long is left, ms; null before the page lives, so that it starts as the server rendered it. */
function useLeft(expiresAt: number | null, renderedAt: number): number | null {
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    if (expiresAt === null) return;
    const lifeMs = expiresAt - renderedAt;
    const from = performance.now(); // the browser's wall clock may be another
    const look = () => setLeft(Math.max(0, lifeMs - (performance.now() - from)));
    look();
    const timer = setInterval(look, SECOND_MS);
    return () => clearInterval(timer);
  }, [expiresAt]);
  return left;
}

function inWords(ms: number): string {
  if (ms > MINUTE_MS) return `${Math.ceil(ms / MINUTE_MS)} minutes`;
  const seconds = Math.ceil(ms / SECOND_MS);
  return seconds === 1 ? "1 second" : `${seconds} seconds`;
}

/** Whether something on the page would be lost with it. */
function isTyping(): boolean {
  const all = <T extends Element>(
    what: string,
  ) => [...document.querySelectorAll<T>(`main ${what}`)];
  const isBox = ({ type }: HTMLInputElement) => type === "checkbox"; // whose default value is ""
  return all<HTMLInputElement>("input").some((field) =>
    isBox(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue
  ) || all<HTMLOptionElement>("option").some((one) => one.selected !== one.defaultSelected);
}
