import { newDelivery, setDeliveries } from "../domain/deliveries.ts";
import { deliveriesOf } from "../domain/mailings.ts";
import { tokenValue } from "../domain/tokens.ts";
import { cancel, type Handler } from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import type { TokenPurpose } from "../kv/schema.ts";
import { accountLetter } from "../mails/account.tsx";
import { withWaysOut } from "../mails/ways_out.ts";
import { deliver } from "./deliver.ts";
import { waysOut } from "./ways_out.ts";

/** Mails one person about their own account. */
export const emailAccount: Handler<"email_account"> = async (app, job) => {
  const { accountId, letter, tokenId = "", to, about, next } = job.payload;
  const account = await read(app, keys.account(accountId));
  if (account === null) return cancel("the account is gone");
  const last = letter === "account_closed";
  if (account.closedAt !== undefined && !last) return cancel("the account is closed");
  if ((await deliveriesOf(app, job.id)).length === 0) {
    const delivery = newDelivery(
      { jobId: job.id, number: 0, to: to ?? account.email },
      app.clock.now(),
    );
    await job.commit((tx) => setDeliveries(tx, [delivery]));
  }
  const { origin, mailFrom } = app.config;
  const value = (purpose: TokenPurpose) => tokenValue(app, purpose, tokenId);
  const onTo = next === undefined ? "" : `?next=${encodeURIComponent(next)}`;
  const paths: Partial<Record<typeof letter, () => string | Promise<string>>> = {
    activate: async () => `/activate/${await value("activate")}`,
    already_member: () => "/sign-in",
    reset: async () => `/reset/${await value("reset")}`,
    sign_in: async () => `/sign-in/mail/${await value("sign_in")}${onTo}`,
    email_change: async () => `/email/confirm/${await value("email_change")}`,
    email_asked: async () => `/email/undo/${await value("email_keep")}`,
    email_changed: async () => `/email/undo/${await value("email_keep")}`,
    email_undone: () => "/reset",
    sender_paused: () => "/mailings",
    account_closing: () => "/account/close",
    account_closed: () => "/",
    export_ready: () => "/account/data",
  };
  const path = await paths[letter]?.() ?? "/account";
  const letterOf = accountLetter({ letter, origin, link: origin + path, about });
  return await deliver(app, job, {
    leaving: { kind: "account", ownerId: null, askedAt: job.createdAt },
    mail: async (delivery) => ({
      ref: delivery.id,
      from: { address: mailFrom, name: "Clock Work" },
      to: { address: delivery.to, name: to === undefined ? account.name : undefined },
      ...withWaysOut(
        { ...letterOf, headers: { "Auto-Submitted": "auto-generated" } },
        await waysOut(app, account, { kind: "account", delivery }),
      ),
      date: delivery.firstAt ?? app.clock.now(),
    }),
  });
};
