import type { App } from "../core/app.ts";
import { feedbackId } from "../domain/mail/feedback_id.ts";
import { isOwnAddress } from "../domain/recipients/own_address.ts";
import { stopAddresses } from "../domain/recipients/stop_links.ts";
import type { LetterKind } from "../domain/recipients/suppressions.ts";
import type { Account, Delivery } from "../kv/schema.ts";
import type { WaysOut } from "../mails/ways_out.ts";

/** How the reader of one message gets no more like it and reports it, and what stands for its sender. */
export async function waysOut(
  app: App,
  owner: Account | null,
  { kind, delivery: { to, id: ref } }: { kind: LetterKind; delivery: Delivery },
): Promise<WaysOut> {
  const own = owner !== null && await isOwnAddress(app, owner, to);
  const letter = { kind, ownerId: owner?.id ?? null };
  const [foot, feedback] = await Promise.all([
    stopAddresses(app, letter, { to, ref, own, from: owner?.name ?? "" }),
    feedbackId(app, letter),
  ]);
  return { ...foot, feedback };
}
