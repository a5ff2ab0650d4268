import { useEffect, useRef, useState } from "preact/hooks";
import { ComposeFoot } from "./ComposeFoot.tsx";
import type { Reader } from "./times.ts";
import { useDraft } from "./useDraft.ts";
import { useGrow } from "./useGrow.ts";

export interface ComposeProps {
  /** Where the form posts. */
  action: string;
  /** Under which the browser keeps a draft: of this account and this note. */
  draftKey: string;
  /** Names this form; posted as `draft`, so that posting twice makes one note. */
  draftId: string;
  /** Of the note that is changed; null for a new one. */
  version: number | null;
  title: string;
  text: string;
  /** What the server refused, by field. */
  wrong: { title?: string; text?: string; form?: string };
  maxTitle: number;
  maxBytes: number;
  reader: Reader;
  /** Where one leaves to without saving; absent where there is nowhere else. */
  backHref?: string;
  /** Where there is more than one version, which this is. */
  heading?: string;
}

/** The form for a note. Without JavaScript it is the same form without drafts and keys. */
export function Compose(props: ComposeProps) {
  const { action, draftId, version, title, text, wrong } = props;
  const form = useRef<HTMLFormElement>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const busy = useRef(false);
  const [bytes, setBytes] = useState(0);
  const draft = useDraft(form, props.draftKey, { id: draftId, title, text, version });
  const grow = useGrow(area);

  const measure = () => {
    const size = new TextEncoder().encode(area.current?.value ?? "").length;
    setBytes(size);
    area.current?.setCustomValidity(size > props.maxBytes ? "Shorten the note to save it." : "");
    grow();
  };
  useEffect(measure, [draft.state.is]);
  useEffect(() => {
    const again = () => busy.current = false; // the page came back from the browser's memory
    addEventListener("pageshow", again);
    return () => removeEventListener("pageshow", again);
  }, []);

  const submit = (event: Event) => {
    if (busy.current) event.preventDefault();
    busy.current = true;
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    const then = event.shiftKey ? "mail" : "save";
    form.current?.requestSubmit(form.current.querySelector<HTMLElement>(`[value=${then}]`));
  };
  const input = () => {
    draft.touched();
    measure();
  };

  return (
    <form
      ref={form}
      class="card compose"
      method="post"
      action={action}
      aria-label={version === null ? "New note" : "Edit note"}
      onInput={input}
      onKeyDown={keys}
      onSubmit={submit}
    >
      <input type="hidden" name="draft" defaultValue={draftId} />
      {version !== null && <input type="hidden" name="version" defaultValue={String(version)} />}
      {props.heading && <h2>{props.heading}</h2>}
      {wrong.form && <p class="wrong" role="alert">{wrong.form}</p>}
      <label class="unseen" for="note-title">Title</label>
      <input
        id="note-title"
        class="title"
        name="title"
        dir="auto"
        defaultValue={title}
        maxLength={props.maxTitle}
        placeholder="Title"
        autocomplete="off"
        enterKeyHint="next"
        aria-invalid={wrong.title ? true : undefined}
        aria-describedby={wrong.title ? "title-wrong" : undefined}
      />
      {wrong.title && <p id="title-wrong" class="wrong" role="alert">{wrong.title}</p>}
      <label class="unseen" for="note-text">Note</label>
      <textarea
        ref={area}
        id="note-text"
        name="text"
        dir="auto"
        rows={version === null ? 3 : 12}
        placeholder="Write a note. Markdown and #tags work."
        aria-invalid={wrong.text ? true : undefined}
        aria-describedby={wrong.text ? "text-wrong" : undefined}
      >
        {text}
      </textarea>
      {wrong.text && <p id="text-wrong" class="wrong" role="alert">{wrong.text}</p>}
      <ComposeFoot {...props} draft={draft} bytes={bytes} />
    </form>
  );
}
