import type { App } from "../../core/app.ts";
import { notFound } from "../../core/errors.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { readText } from "../../kv/parts.ts";
import { list, read, readMany } from "../../kv/read.ts";
import type { Account, OutboxMail } from "../../kv/schema.ts";

const SHOWN = 50;

/** Mail that was kept here instead of sent: what this account sent and what was addressed to it. */
export async function listOutbox(app: App, account: Account): Promise<OutboxMail[]> {
  const newest = { reverse: true, limit: SHOWN };
  const [sent, received] = await Promise.all([
    list(app, ranges.outboxOfSender(account.id), newest),
    list(app, ranges.outboxOfRecipient(account.email.toLowerCase()), newest),
  ]);
  const ids = [...new Set([...sent, ...received])];
  const mails = await readMany(app, ids.map((id) => keys.outboxMail(id)));
  return mails.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).slice(0, SHOWN);
}

/** One message with its bodies. @throws {AppError} `not_found`, also when it is none of theirs. */
export async function getOutboxMail(
  app: App,
  { id, account }: { id: string; account: Account },
): Promise<OutboxMail & { text: string; html: string }> {
  const mail = await read(app, keys.outboxMail(id));
  const theirs = mail?.senderId === account.id ||
    mail?.to.address.toLowerCase() === account.email.toLowerCase();
  if (mail === null || !theirs) throw notFound("message");
  return await withBodies(app, mail);
}

/** The message that a person without a session was given the right to read. */
export async function openOutboxMail(
  app: App,
  id: string,
): Promise<OutboxMail & { text: string; html: string }> {
  const mail = await read(app, keys.outboxMail(id));
  if (mail === null) throw notFound("message");
  return await withBodies(app, mail);
}

async function withBodies(app: App, mail: OutboxMail) {
  const [text, html] = await Promise.all([
    readText(app, mail.textParts, (part) => keys.outboxBody(mail.id, "text", part)),
    readText(app, mail.htmlParts, (part) => keys.outboxBody(mail.id, "html", part)),
  ]);
  return { ...mail, text, html };
}
