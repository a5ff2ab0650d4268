import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import type { OutboxMail } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";

/** Removes a message from the outbox, for who sent it and who got it. */
export async function removeOutboxMail(app: Pick<App, "store">, mail: OutboxMail): Promise<void> {
  const { id, at, to, senderId, textParts, htmlParts } = mail;
  await transact(app, (tx) => {
    for (let part = 0; part < textParts; part++) tx.delete(keys.outboxBody(id, "text", part));
    for (let part = 0; part < htmlParts; part++) tx.delete(keys.outboxBody(id, "html", part));
    if (senderId) tx.delete(keys.outboxBySender(senderId, at, id));
    tx.delete(keys.outboxByRecipient(to.address.toLowerCase(), at, id));
    tx.delete(keys.outboxMail(id));
  });
}
