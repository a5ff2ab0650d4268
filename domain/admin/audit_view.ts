import type { App } from "../../core/app.ts";
import { isId } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import { type Page, read, readMany } from "../../kv/read.ts";
import type { Account, AuditLine } from "../../kv/schema.ts";
import { mustBeAdmin } from "./admins.ts";
import { allAudit, type AuditFilter, firstAltered, listAudit } from "./audit.ts";

/** Most lines that are checked without being asked to: some 40 µs each. */
const MOST_CHECKED = 5_000;

/** A line as admins see it: with names for the accounts in it that are still there. */
export interface AuditLineView extends AuditLine {
  byName: string | null;
  aboutName: string | null;
}

/** A page of the audit log. @throws {AppError} as `listAudit`. */
export async function auditPage(
  app: App,
  filter: AuditFilter & { by: Account },
): Promise<Page<AuditLineView>> {
  const { items, next } = await listAudit(app, filter);
  const ids = new Set(items.flatMap(({ by, about }) => [by ?? "", about ?? ""]).filter(isId));
  const accounts = await readMany(app, [...ids].map((id) => keys.account(id)));
  const names = new Map(accounts.map(({ id, name }) => [id, name]));
  const nameOf = (id: string | null) => names.get(id ?? "") ?? null;
  return {
    items: items.map((line) => ({
      ...line,
      byName: nameOf(line.by),
      aboutName: nameOf(line.about),
    })),
    next,
  };
}

/** Whether the log is whole: by how many lines, and the first that is not right. */
export interface AuditCheck {
  lines: number;
  /** Null where it was not looked at, because it is long and was not asked for. */
  whole: boolean | null;
  altered: number | null;
}

/** Checks the whole log, if it is short or `long` ones too. @throws {AppError} `not_found`. */
export async function checkAudit(
  app: App,
  { by, long = false }: { by: Account; long?: boolean },
): Promise<AuditCheck> {
  mustBeAdmin(by);
  const [head, floor] = [await read(app, keys.auditHead), await read(app, keys.auditFloor)];
  const lines = (head?.seq ?? 0) - (floor?.seq ?? 0);
  if (lines > MOST_CHECKED && !long) return { lines, whole: null, altered: null };
  const altered = await firstAltered(app);
  return { lines, whole: altered === null, altered };
}

const COLUMNS = ["number", "at", "act", "by", "about", "facts", "hash"];

/**
 * The whole log as a table, the oldest line first, for spreadsheets: a cell that such a program would
 * reckon with begins with an apostrophe (ASVS 5.0, 1.2.10).
 *
 * @throws {AppError} `not_found` for who is no admin, before the first line.
 */
export function auditTable(app: App, who: { by: Account }): AsyncIterable<string> {
  return linesOf(allAudit(app, who), (line) => [
    String(line.seq),
    new Date(line.at).toISOString(),
    line.act,
    line.by ?? "",
    line.about ?? "",
    JSON.stringify(line.facts),
    line.hash,
  ]);
}

async function* linesOf(
  entries: AsyncIterable<Deno.KvEntry<AuditLine>>,
  cells: (line: AuditLine) => string[],
): AsyncGenerator<string> {
  yield `${COLUMNS.join(",")}\r\n`;
  for await (const { value } of entries) yield `${cells(value).map(cell).join(",")}\r\n`;
}

function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The whole log as one JSON document, the oldest line first. @throws {AppError} as `auditTable`. */
export function auditDocument(app: App, who: { by: Account }): AsyncIterable<string> {
  return documentOf(allAudit(app, who));
}

async function* documentOf(
  entries: AsyncIterable<Deno.KvEntry<AuditLine>>,
): AsyncGenerator<string> {
  let before = "[";
  for await (const { value } of entries) {
    yield `${before}\n${JSON.stringify({ ...value, at: new Date(value.at).toISOString() })}`;
    before = ",";
  }
  yield before === "[" ? "[]\n" : "\n]\n";
}
