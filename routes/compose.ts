import { newId } from "../core/ids.ts";
import { MAX_TEXT_BYTES, MAX_TITLE_CHARS } from "../domain/notes/text.ts";
import type { ComposeProps } from "../islands/Compose.tsx";
import { localeOf } from "../views/chrome.ts";
import { type Ctx, me } from "./router.ts";

export interface Composing {
  title: string;
  text: string;
  noteId?: string;
  version?: number;
  wrong?: Record<string, string>;
}

/** The form for a new note, or for the one that is changed. */
export function composeOf(
  c: Ctx,
  { title, text, noteId, version, wrong = {} }: Composing,
): ComposeProps {
  const account = me(c);
  return {
    action: noteId === undefined ? "/notes" : `/notes/${noteId}`,
    draftKey: `${account.id} ${noteId ?? "new"}`,
    draftId: newId(),
    version: version ?? null,
    title,
    text,
    wrong: { title: wrong.title, text: wrong.text, form: wrong[""] },
    maxTitle: MAX_TITLE_CHARS,
    maxBytes: MAX_TEXT_BYTES,
    reader: { zone: account.zone, locale: localeOf(c.req.header("accept-language")) },
    backHref: noteId === undefined ? undefined : `/notes/${noteId}`,
  };
}
