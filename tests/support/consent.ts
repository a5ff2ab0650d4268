import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import type { Account } from "../../kv/schema.ts";
import { type TestApp, testApp } from "./app.ts";
import { TestMailer } from "./mailer.ts";

/** Real mail and open sign-up, as a service for strangers has them. */
export const realMail = { MAIL_FROM: "clock@example.org", SMTP_URL: "smtp://127.0.0.1:25" };

/** An app with a member whose mail leaves, and what left. */
export async function sender(env: Partial<Record<string, string>> = {}) {
  const mailer = new TestMailer();
  const t = await testApp({ env: { ...realMail, ...env } as Record<string, string>, mailer });
  return { t, mailer, ada: await t.person("Ada") };
}

/** Has a note mailed. @returns the id of the job. */
export async function mailNote(t: TestApp, { id: ownerId }: Account, to: string[]) {
  const note = await createNote(t.app, { ownerId, title: "Plan", text: "Words of Ada." });
  return await requestMailing(t.app, { noteId: note.id, ownerId, to });
}

/** The path behind the link of the last letter to somebody. */
export function linkTo(mailer: TestMailer, address: string): string {
  const letter = mailer.accepted.findLast(({ to }) => to.address === address);
  const link = letter?.text.match(/https?:\/\/\S+\/(?:i|own-address)\/\S+/)?.[0];
  if (link === undefined) throw new Error(`no letter with a link went to ${address}`);
  return new URL(link).pathname;
}
