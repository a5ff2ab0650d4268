import { isId } from "../../core/ids.ts";
import type { Occurrence } from "../../kv/schema.ts";

/** Which time of which reminder. */
export interface OccurrenceName {
  reminderId: string;
  dueAt: number;
}

/** The latest instant of ECMAScript, ms; nothing is due later. */
const LATEST = 8.64e15;

/** What names an occurrence in addresses, buttons and the API: its reminder, and its due time in base 36. */
export function occurrenceId(
  { reminderId, dueAt }: Pick<Occurrence, "reminderId" | "dueAt">,
): string {
  return `${reminderId}-${dueAt.toString(36)}`;
}

/** Reads what `occurrenceId` made; null for anything else. */
export function occurrenceRef(text: string): OccurrenceName | null {
  const [reminderId = "", due = "", ...rest] = text.split("-");
  if (rest.length > 0 || !isId(reminderId) || !/^[0-9a-z]{1,11}$/.test(due)) return null;
  const dueAt = parseInt(due, 36);
  return dueAt <= LATEST && dueAt.toString(36) === due ? { reminderId, dueAt } : null;
}
