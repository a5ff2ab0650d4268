import { useEffect, useState } from "preact/hooks";
import { clockTime, type Reader } from "./times.ts";
import type { DraftHandle } from "./useDraft.ts";

/** From this part of the limit on, the size is shown. */
const NEAR = 0.9;

export interface ComposeFootProps {
  draft: DraftHandle;
  bytes: number;
  maxBytes: number;
  reader: Reader;
  backHref?: string;
}

/** The buttons under a note, and what its writer should know. */
export function ComposeFoot({ draft, bytes, maxBytes, reader, backHref }: ComposeFootProps) {
  return (
    <div class="row">
      <button type="submit" name="then" value="save" class="primary">Save note</button>
      <button type="submit" name="then" value="mail">Save and mail</button>
      {backHref && <a class="button quiet" href={backHref}>Back to the note</a>}
      <p class="hint">
        <Size bytes={bytes} maxBytes={maxBytes} />
        <DraftLine draft={draft} reader={reader} />
        <Keys />
      </p>
    </div>
  );
}

function Size({ bytes, maxBytes }: Pick<ComposeFootProps, "bytes" | "maxBytes">) {
  if (bytes < maxBytes * NEAR) return null;
  const kb = (n: number) => Math.ceil(n / 1_024);
  return (
    <span class={bytes > maxBytes ? "bad" : "due"} aria-live="polite">
      {bytes > maxBytes
        ? `${kb(bytes - maxBytes)} KB too long: shorten it to save`
        : `${kb(bytes)} of ${kb(maxBytes)} KB`}
    </span>
  );
}

function DraftLine(
  { draft: { state, discard }, reader }: Pick<ComposeFootProps, "draft" | "reader">,
) {
  if (state.is === "none") return null;
  const time = clockTime(state.at, reader);
  if (state.is === "kept") return <span>{`Draft kept ${time}`}</span>;
  return (
    <span>
      {`Draft of ${time} restored `}
      <button type="button" class="link" onClick={discard}>Discard draft</button>
    </span>
  );
}

/** The keys that save, once it is known whose keyboard this is. */
function Keys() {
  const [meta, setMeta] = useState("");
  useEffect(() => setMeta(/mac|iphone|ipad/i.test(navigator.platform) ? "⌘" : "Ctrl"), []);
  if (meta === "") return null;
  return (
    <span class="keys">
      <kbd>{meta}</kbd> <kbd>↵</kbd> save
    </span>
  );
}
