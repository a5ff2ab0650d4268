import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Draft, dropDraft, keepDraft, loadDraft } from "./drafts.ts";

/** How long typing must rest before it is kept. */
const REST_MS = 400;

export type DraftState = { is: "none" } | { is: "kept" | "restored"; at: number };
type Content = Omit<Draft, "at">;

export interface DraftHandle {
  state: DraftState;
  /** To be called on every change. */
  touched(): void;
  /** Puts the form back to what the server rendered. */
  discard(): void;
}

/** Keeps what is typed into a form in this browser until the server says that it is saved. */
export function useDraft(
  form: RefObject<HTMLFormElement | null>,
  key: string,
  rendered: Content,
): DraftHandle {
  const [state, setState] = useState<DraftState>({ is: "none" });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const dirty = useRef(false);

  const flush = () => {
    clearTimeout(timer.current);
    if (!dirty.current || form.current === null) return;
    dirty.current = false;
    const now = read(form.current);
    const at = Date.now();
    if (same(now, rendered)) dropDraft(key);
    else if (keepDraft(key, { ...now, at })) return setState({ is: "kept", at });
    setState({ is: "none" });
  };
  const touched = () => {
    dirty.current = true;
    clearTimeout(timer.current);
    timer.current = setTimeout(flush, REST_MS);
  };
  const discard = () => {
    dropDraft(key);
    dirty.current = false;
    if (form.current) write(form.current, rendered);
    setState({ is: "none" });
  };

  useEffect(() => {
    const kept = loadDraft(key);
    const typedAlready = form.current !== null && !same(read(form.current), rendered);
    if (typedAlready) touched();
    else if (kept !== null && same(kept, rendered)) dropDraft(key);
    else if (kept !== null && form.current !== null) {
      write(form.current, kept);
      setState({ is: "restored", at: kept.at });
    }
    const hidden = () => document.hidden && flush();
    addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", hidden);
    return () => {
      clearTimeout(timer.current);
      removeEventListener("pagehide", flush);
      document.removeEventListener("visibilitychange", hidden);
    };
  }, []);
  return { state, touched, discard };
}

const same = (a: Content, b: Content) => a.title === b.title && a.text === b.text;

type Field = HTMLInputElement | HTMLTextAreaElement | null;
const field = (form: HTMLFormElement, name: string) => form.elements.namedItem(name) as Field;

function read(form: HTMLFormElement): Content {
  const value = (name: string) => field(form, name)?.value ?? "";
  const version = field(form, "version")?.value;
  return {
    id: value("draft"),
    title: value("title"),
    text: value("text"),
    version: version === undefined ? null : Number(version),
  };
}

function write(form: HTMLFormElement, content: Content): void {
  const put = (name: string, value: string) => {
    const at = field(form, name);
    if (at) at.value = value;
  };
  put("draft", content.id);
  put("title", content.title);
  put("text", content.text);
  if (content.version !== null) put("version", String(content.version));
}
