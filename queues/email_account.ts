import { newDelivery, setDeliveries } from "../domain/deliveries.ts";
import { deliveriesOf } from "../domain/mailings.ts";
import { tokenValue } from "../domain/tokens.ts";
import { cancel, type Handler } from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import { accountLetter } from "../mails/account.tsx";
import { deliver } from "./deliver.ts";

/** Mails one person about their own account. */
export const emailAccount: Handler<"email_account"> = async (app, job) => {
  const { accountId, letter, tokenId } = job.payload;
  const account = await read(app, keys.account(accountId));
  if (account === null) return cancel("the account is gone");
  if ((await deliveriesOf(app, job.id)).length === 0) {
    const delivery = newDelivery({ jobId: job.id, number: 0, to: account.email }, app.clock.now());
    await job.commit((tx) => setDeliveries(tx, [delivery]));
  }
  const { origin, mailFrom } = app.config;
  const path = {
    activate: async () => `/activate/${await tokenValue(app, "activate", tokenId ?? "")}`,
    already_member: () => "/sign-in",
    password_changed: () => "/account",
    chat_off: () => "/account",
    sender_paused: () => "/mailings",
  }[letter];
  const letterOf = accountLetter({ letter, origin, link: origin + await path() });
  return await deliver(app, job, {
    leaving: { kind: "account", ownerId: null, askedAt: job.createdAt },
    mail: (delivery) => ({
      ref: delivery.id,
      from: { address: mailFrom, name: "Clock Work" },
      to: { address: delivery.to, name: account.name },
      ...letterOf,
      headers: { "Auto-Submitted": "auto-generated" },
      date: delivery.firstAt ?? app.clock.now(),
    }),
  });
};
