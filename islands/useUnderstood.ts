import { useEffect, useRef, useState } from "preact/hooks";
import type { Understood } from "../domain/when/asked_time.ts";
import { getWhen } from "./reminder_api.ts";

/** How long nobody types before it is asked, ms. */
const REST_MS = 180;
/** "In 20 min" is asked again when the answer is older, ms. */
const OLD_MS = 30_000;
const ASKED = ["date", "time", "repeat", "until", "zone", "of"];

export interface UnderstoodHandle {
  understood: Understood | null;
  /** Something is asked that is not answered yet. */
  pending: boolean;
  /** Shows another of the answer's times. */
  choose(understood: Understood): void;
  /** The answer to what the form asks now; null when there is none to be had. */
  current(): Promise<Understood | null>;
}

/** Follows what a form asks of time, and asks the server what is meant; never in the way of typing. */
export function useUnderstood(
  formOf: () => HTMLFormElement | null,
  initial: Understood | null,
): UnderstoodHandle {
  const [understood, setUnderstood] = useState(initial);
  const [pending, setPending] = useState(false);
  const latest = useRef({ asked: "", at: 0, answer: initial });
  const asking = useRef<AbortController | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

  const asked = () => {
    const fields = new FormData(formOf() ?? undefined);
    const query = new URLSearchParams({ text: String(fields.get("words") ?? "") });
    for (const name of ASKED) {
      const value = fields.get(name);
      if (typeof value === "string" && value !== "") query.set(name, value);
    }
    return query;
  };
  const ask = async (): Promise<Understood | null> => {
    clearTimeout(timer.current);
    asking.current?.abort();
    const { signal } = asking.current = new AbortController();
    const query = asked();
    const answer = await getWhen(query, signal).catch(() => null); // the server says it after sending
    if (signal.aborted) return null;
    latest.current = { asked: String(query), at: Date.now(), answer };
    setUnderstood(answer);
    setPending(false);
    return answer;
  };
  useEffect(() => {
    const form = formOf();
    if (form === null) return;
    latest.current = { asked: String(asked()), at: Date.now(), answer: initial };
    const changed = () => {
      if (String(asked()) === latest.current.asked) return;
      setPending(true);
      clearTimeout(timer.current);
      timer.current = setTimeout(ask, REST_MS);
    };
    form.addEventListener("input", changed);
    changed(); // what the browser kept of an earlier visit
    if (initial === null && asked().get("text") !== "") void ask();
    return () => {
      form.removeEventListener("input", changed);
      clearTimeout(timer.current);
      asking.current?.abort();
    };
  }, []);
  return {
    understood,
    pending,
    choose(chosen) {
      latest.current.answer = chosen;
      setUnderstood(chosen);
    },
    current() {
      const { asked: before, at, answer } = latest.current;
      const fresh = String(asked()) === before && Date.now() - at < OLD_MS;
      return fresh && answer ? Promise.resolve(answer) : ask();
    },
  };
}
