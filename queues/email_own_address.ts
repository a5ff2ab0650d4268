import { newDelivery, setDeliveries } from "../domain/mail/deliveries.ts";
import { whyDead } from "../domain/accounts/letter_links.ts";
import { deliveriesOf } from "../domain/mail/mailings.ts";
import { tokenValue } from "../domain/accounts/tokens.ts";
import { cancel, type Handler } from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import { accountLetter } from "../mails/account.tsx";
import { withWaysOut } from "../mails/ways_out.ts";
import { deliver } from "./deliver.ts";
import { waysOut } from "./ways_out.ts";

/** Asks at a further address of somebody whether it is theirs. */
export const emailOwnAddress: Handler<"email_own_address"> = async (app, job) => {
  const { accountId, hash, tokenId } = job.payload;
  const deliveries = await deliveriesOf(app, job.id);
  const own = await read(app, keys.ownAddress(accountId, hash));
  if (deliveries.length === 0) {
    if (own === null) return cancel("the address was removed");
    const delivery = newDelivery({ jobId: job.id, number: 0, to: own.address }, app.clock.now());
    await job.commit((tx) => setDeliveries(tx, [delivery]));
  }
  const owner = await read(app, keys.account(accountId));
  if (owner === null) return cancel("the account is gone");
  const { origin, mailFrom } = app.config;
  const value = await tokenValue(app, "own_address", tokenId);
  const link = `${origin}/own-address/${value}`;
  const letter = accountLetter({ letter: "own_address", origin, link });
  return await deliver(app, job, {
    leaving: { kind: "claim", ownerId: null, askedAt: job.createdAt },
    moot: () => whyDead(app, "own_address", value),
    mail: async (delivery) => ({
      ref: delivery.id,
      senderId: accountId,
      from: { address: mailFrom, name: "Clock Work" },
      to: { address: delivery.to },
      ...withWaysOut(
        { ...letter, headers: { "Auto-Submitted": "auto-generated" } },
        await waysOut(app, owner, { kind: "account", delivery }),
      ),
      date: delivery.firstAt ?? app.clock.now(),
    }),
  });
};
