import type { App } from "../core/app.ts";
import { isOwnAddress } from "../domain/recipients/own_address.ts";
import { type StopAddresses, stopAddresses } from "../domain/recipients/stop_links.ts";
import type { LetterKind } from "../domain/recipients/suppressions.ts";
import type { Account, Delivery } from "../kv/schema.ts";

/** How the reader of one message gets no more like it, and reports it. */
export async function waysOut(
  app: App,
  owner: Account | null,
  { kind, delivery: { to, id: ref } }: { kind: LetterKind; delivery: Delivery },
): Promise<StopAddresses> {
  const own = owner !== null && await isOwnAddress(app, owner, to);
  const letter = { kind, ownerId: owner?.id ?? null };
  return await stopAddresses(app, letter, { to, ref, own, from: owner?.name ?? "" });
}
