import type { App } from "../core/app.ts";
import { newDelivery, setDeliveries, skipRest } from "../domain/mail/deliveries.ts";
import { whyDead } from "../domain/accounts/letter_links.ts";
import { deliveriesOf } from "../domain/mail/mailings.ts";
import { tokenValue } from "../domain/accounts/tokens.ts";
import { cancel, type Handler } from "../jobs/handler.ts";
import { keys } from "../kv/keys.ts";
import { read } from "../kv/read.ts";
import type { Account } from "../kv/schema.ts";
import { invitationLetter } from "../mails/invitation.tsx";
import { withWaysOut } from "../mails/ways_out.ts";
import { deliver } from "./deliver.ts";
import { waysOut } from "./ways_out.ts";

/** Asks one person whether they want a member's mail; composed now, of nothing but the member's name. */
export const emailInvitation: Handler<"email_invitation"> = async (app, job) => {
  const { ownerId, hash, tokenId } = job.payload;
  const deliveries = await deliveriesOf(app, job.id);
  const asked = await stillAsked(app, { ownerId, hash });
  if (asked === null) {
    const reason = "nothing is left to ask";
    return cancel(reason, skipRest(deliveries, reason, app.clock.now()));
  }
  if (deliveries.length === 0) {
    const delivery = newDelivery({ jobId: job.id, number: 0, to: asked.to }, app.clock.now());
    await job.commit((tx) => setDeliveries(tx, [delivery]));
  }
  const { origin, mailFrom } = app.config;
  const value = await tokenValue(app, "invitation", tokenId);
  const link = `${origin}/i/${value}`;
  const letter = invitationLetter({ name: asked.owner.name, origin, link });
  return await deliver(app, job, {
    leaving: { kind: "invitation", ownerId, askedAt: job.createdAt },
    moot: () => whyDead(app, "invitation", value),
    mail: async (delivery) => ({
      ref: delivery.id,
      senderId: ownerId,
      from: { address: mailFrom, name: "Clock Work" },
      to: { address: delivery.to },
      ...withWaysOut(
        { ...letter, headers: { "Auto-Submitted": "auto-generated" } },
        await waysOut(app, asked.owner, { kind: "invitation", delivery }),
      ),
      date: delivery.firstAt ?? app.clock.now(),
    }),
  });
};

/** Whom to ask and for whom; null when it is answered, or the address was forgotten meanwhile. */
async function stillAsked(
  app: App,
  { ownerId, hash }: { ownerId: string; hash: string },
): Promise<{ owner: Account; to: string } | null> {
  const owner = await read(app, keys.account(ownerId));
  const consent = await read(app, keys.consent(ownerId, hash));
  if (owner === null || consent?.state !== "invited" || consent.address === "") return null;
  return { owner, to: consent.address };
}
