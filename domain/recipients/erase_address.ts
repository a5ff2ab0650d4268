import type { App } from "../../core/app.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { auditSeldom } from "../admin/audit.ts";
import { sendersOf } from "./kept_about.ts";
import type { StopLink } from "./stop_links.ts";

/**
 * Removes what is readable of an address wherever it is found by its hash: how members spelled it, to
 * where its invitations went, "a…@example.org" beside what is stopped and was reported. What was
 * answered and what is stopped stays under the hash alone, so that nobody asks again and nothing
 * comes. What members wrote themselves is theirs. Again it is no change.
 */
export async function eraseAddress(app: App, link: StopLink): Promise<void> {
  const { hash, box } = link;
  const askers = await list(app, ranges.consentsByAddress(hash));
  const stopped = await Array.fromAsync(stoppedUnder(app, new Set([hash, box])));
  let changed = false;
  const build = async (act: (tx: Tx) => Promise<boolean>) => {
    changed = await transact(app, act) || changed;
  };
  for (const ownerId of askers) await build((tx) => eraseConsent(tx, { ownerId, hash }));
  for (const { under, scope } of stopped) {
    await build(async (tx) => {
      const key = keys.suppression(under, scope);
      const there = await tx.get(key);
      if (there === null || there.shown === "") return false;
      tx.set(key, { ...there, shown: "" });
      return true;
    });
  }
  for (const senderId of sendersOf(link, { askers, stopped })) {
    await build(async (tx) => {
      const key = keys.reported(senderId, hash);
      const there = await tx.get(key);
      if (there === null || there.shown === "") return false;
      tx.set(key, { ...there, shown: "" });
      return true;
    });
  }
  if (!changed) return;
  await transact(app, (tx) => auditSeldom(app, tx, { act: "address_erased" }, hash));
}

/** What is stopped for an address, by its own spelling and by its mailbox. */
async function* stoppedUnder(app: App, hashes: Set<string>) {
  for (const under of hashes) {
    for (const { scope } of await list(app, ranges.suppressionsOf(under))) yield { under, scope };
  }
}

async function eraseConsent(
  tx: Tx,
  { ownerId, hash }: { ownerId: string; hash: string },
): Promise<boolean> {
  const key = keys.consent(ownerId, hash);
  const consent = await tx.get(key);
  if (consent === null || consent.address === "") return false;
  tx.set(key, { ...consent, address: "" });
  if (consent.jobId === undefined) return true;
  const letter = keys.delivery(consent.jobId, 0);
  const delivery = await tx.get(letter);
  // Under way it is the sender's; its job finds nobody to ask when it comes to it again.
  if (delivery && delivery.state !== "sending") tx.set(letter, { ...delivery, to: "" });
  return true;
}
