import { stored } from "./stored.ts";

/** What someone typed and did not save yet, kept in this browser only. */
export interface Draft {
  /** Made by the server with the form; the page that says it saved this id ends the draft. */
  id: string;
  title: string;
  text: string;
  /** Of the note it changes; null for a new note. */
  version: number | null;
  at: number;
}

const PREFIX = "clock-work-draft ";

export function loadDraft(key: string): Draft | null {
  try {
    return JSON.parse(stored.get(PREFIX + key) ?? "null") as Draft | null;
  } catch {
    return null; // not ours
  }
}

/** @returns whether it is kept. */
export function keepDraft(key: string, draft: Draft): boolean {
  return stored.set(PREFIX + key, JSON.stringify(draft));
}

export function dropDraft(key: string): void {
  stored.drop(PREFIX + key);
}

/** Ends the draft that the server says it saved, wherever it was typed. */
export function forgetSaved(id: string): void {
  for (const name of stored.keys()) {
    const key = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : null;
    if (key !== null && loadDraft(key)?.id === id) dropDraft(key);
  }
}
