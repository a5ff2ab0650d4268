import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { getWork, type WorkView } from "../../domain/work.ts";
import { ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Account, Suppression } from "../../kv/schema.ts";
import type { TestApp } from "./app.ts";

/** Mail leaves, to anybody: what is tested is what becomes of it. */
export const OPEN_MAIL = {
  MAIL_FROM: "clock@example.org",
  SIGNUP: "closed",
  RECIPIENT_CHECK: "off",
};

/** A note of somebody's on its way. @returns the id of its job. */
export async function mailNote(
  { app }: Pick<TestApp, "app">,
  owner: Account,
  to: readonly string[],
): Promise<string> {
  const note = await createNote(app, { ownerId: owner.id, title: "Milk", text: "Buy milk" });
  return await requestMailing(app, { noteId: note.id, ownerId: owner.id, to });
}

export function workOf(
  { app }: Pick<TestApp, "app">,
  owner: Account,
  id: string,
): Promise<WorkView> {
  return getWork(app, { id, ownerId: owner.id });
}

/** All suppressions there are: cause and scope, a member's without their id. */
export async function suppressions({ app }: Pick<TestApp, "app">): Promise<string[]> {
  const all: Suppression[] = await list(app, ranges.suppressions);
  return all.map(({ cause, scope }) => `${cause} ${scope.split(":")[0]}`).sort();
}
