import { escapeHtml } from "../core/telegram_html.ts";

/** Marks that turn the direction of what follows them, and line ends: a title stays where it is. */
const TURNS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\p{Cc}\p{Zl}\p{Zp}]/gu;
const INVISIBLE = /^[\s\p{C}\p{Z}\u2800\u3164]*$/u;

/** A title as one line of plain text that can be seen. */
export function titleOf({ title }: { title: string }, max = 200): string {
  const line = title.replace(TURNS, " ").trim();
  if (INVISIBLE.test(line)) return "Untitled";
  const chars = [...line];
  return chars.length > max ? `${chars.slice(0, max - 1).join("")}…` : line;
}

/** The same in bold, for a message. */
export const boldTitle = (named: { title: string }) => `<b>${escapeHtml(titleOf(named))}</b>`;

/** What somebody typed, cut to a length, for a message. */
export function quoted(text: string, max = 100): string {
  return `“${escapeHtml(titleOf({ title: text }, max))}”`;
}

export const people = (n: number): string => n === 1 ? "1 person" : `${n} people`;

/** An address as far as its owner needs it to know it again: "a…@example.org". */
export function masked(email: string): string {
  const at = email.lastIndexOf("@");
  return escapeHtml(`${[...email][0] ?? ""}…${email.slice(at)}`);
}
