import type { Note } from "../../kv/schema.ts";
import { iso } from "../reminders/reminder_views.ts";

/** Longest name of a file before its ending, in bytes of UTF-8: what every file system takes. */
const MAX_NAME_BYTES = 100;
/** Names that Windows keeps for itself. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/** A note as it stands in a file. */
export interface NoteInFile {
  /** As it was called where it comes from. */
  id: string;
  title: string;
  text: string;
  /** ms; null where the file does not say. */
  createdAt: number | null;
  updatedAt: number | null;
}

/**
 * The name of a note's file: its title, without what some file system does not take, and the end of
 * its id, so that no two are the same.
 */
export function noteFileName({ id, title }: Pick<Note, "id" | "title">): string {
  const safe = title.normalize("NFC")
    .replace(/[\p{C}\p{Zl}\p{Zp}<>:"/\\|?*#%]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  const short = shortened(safe).replace(/^[. ]+|[. ]+$/g, "");
  const name = short === "" || RESERVED.test(short.split(".")[0]!.trim()) ? `note ${short}` : short;
  return `${name.trim()} ${id.slice(-12)}.md`;
}

function shortened(text: string): string {
  let bytes = 0;
  let short = "";
  for (const char of text) {
    bytes += new TextEncoder().encode(char).length;
    if (bytes > MAX_NAME_BYTES) break;
    short += char;
  }
  return short;
}

/** A note as Markdown: what is known of it on top, its title as the heading, its text as it is. */
export function noteFile({ id, title, tags, createdAt, updatedAt }: Note, text: string): string {
  return [
    "---",
    `id: ${id}`,
    `title: ${JSON.stringify(title)}`,
    `tags: ${JSON.stringify(tags)}`,
    `created: ${iso(createdAt)}`,
    `updated: ${iso(updatedAt)}`,
    "---",
    "",
    `# ${title}`,
    "",
    text,
  ].join("\n");
}

/** Reads a note's file, also one that somebody has edited, or that another program wrote. */
export function parseNoteFile(file: string, name: string): NoteInFile {
  const plain = file.replace(/^\ufeff/, "").replaceAll("\r\n", "\n");
  const { facts, rest } = frontMatter(plain);
  const heading = /^# ([^\n]*)(?:\n\n?|$)/.exec(rest);
  const said = facts.get("title");
  const title = said === undefined ? heading?.[1] ?? "" : unquoted(said);
  const ours = heading !== null && heading[1] === title;
  return {
    id: facts.get("id") ?? `file ${name}`,
    title: title.trim(),
    text: ours ? rest.slice(heading[0].length) : rest,
    createdAt: momentOf(facts.get("created")),
    updatedAt: momentOf(facts.get("updated")),
  };
}

function frontMatter(file: string): { facts: Map<string, string>; rest: string } {
  const end = file.startsWith("---\n") ? file.indexOf("\n---\n", 3) : -1;
  if (end < 0) return { facts: new Map(), rest: file };
  const facts = new Map<string, string>();
  for (const line of file.slice(4, end).split("\n")) {
    const at = line.indexOf(":");
    if (at > 0) facts.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  return { facts, rest: file.slice(end + 5).replace(/^\n/, "") };
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

function momentOf(text: string | undefined): number | null {
  const at = Date.parse(text ?? "");
  return Number.isFinite(at) ? at : null;
}
