import type { App } from "../core/app.ts";
import { isOwnAddress } from "../domain/own_address.ts";
import { type StopAddresses, stopAddresses } from "../domain/stop_links.ts";
import type { LetterKind } from "../domain/suppressions.ts";
import type { Account, Delivery } from "../kv/schema.ts";

/** How the reader of one message gets no more like it; null for those about accounts. */
export async function waysOut(
  app: App,
  owner: Account | null,
  { kind, delivery: { to } }: { kind: LetterKind; delivery: Delivery },
): Promise<StopAddresses | null> {
  const own = owner !== null && await isOwnAddress(app, owner, to);
  const letter = { kind, ownerId: owner?.id ?? null };
  return await stopAddresses(app, letter, { to, own, from: owner?.name ?? "" });
}
