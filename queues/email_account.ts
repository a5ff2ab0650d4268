import { newDelivery, setDeliveries } from "../domain/mail/deliveries.ts";
import { isLimited, kindOf, linkValue, whyDead } from "../domain/accounts/letter_links.ts";
import { deliveriesOf } from "../domain/mail/mailings.ts";
import { cancel, type Handler } from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import { accountLetter } from "../mails/account.tsx";
import { withWaysOut } from "../mails/ways_out.ts";
import { deliver } from "./deliver.ts";
import { waysOut } from "./ways_out.ts";

/** Mails one person about their own account. */
export const emailAccount: Handler<"email_account"> = async (app, job) => {
  const { accountId, letter, to, about, next } = job.payload;
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
  const value = await linkValue(app, job.payload);
  const onTo = next === undefined ? "" : `?next=${encodeURIComponent(next)}`;
  const paths: Partial<Record<typeof letter, string>> = {
    activate: `/activate/${value}`,
    already_member: "/sign-in",
    reset: `/reset/${value}`,
    sign_in: `/sign-in/mail/${value}${onTo}`,
    email_change: `/email/confirm/${value}`,
    email_asked: `/email/undo/${value}`,
    email_changed: `/email/undo/${value}`,
    email_undone: "/reset",
    sender_paused: "/mailings",
    account_closing: "/account/close",
    account_closed: "/",
    export_ready: "/account/data",
    factors_reset: "/sign-in",
  };
  const link = origin + (paths[letter] ?? "/account");
  const letterOf = accountLetter({ letter, origin, link, about });
  const limited = isLimited(letter);
  return await deliver(app, job, {
    leaving: { kind: kindOf(letter), ownerId: null, askedAt: job.createdAt, limited },
    moot: () => whyDead(app, letter, value),
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
