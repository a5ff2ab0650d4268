import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { type Page, page } from "../../kv/read.ts";
import type { Consent } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { addressHash } from "./address_hash.ts";
import { askFirst } from "./invitations.ts";
import { MAX_RECIPIENTS } from "../mail/mailings.ts";
import { type RecipientStanding, standingsOf } from "./recipients.ts";

const PAGE = 50;

/** Somebody a member has asked, and how they stand now. */
export interface RecipientView extends RecipientStanding {
  /** Names them in paths. */
  id: string;
  /** Null while there is no answer. */
  decidedAt: number | null;
  invitedAt: number;
}

/** Whom a member has asked, but for those whom they have forgotten. */
export async function listRecipients(
  app: App,
  { ownerId, cursor }: { ownerId: string; cursor?: string },
): Promise<Page<RecipientView>> {
  const { items, next } = await page(app, ranges.consentsOf(ownerId), { limit: PAGE, cursor });
  const shown = items.map(({ key, value }) => ({ id: String(key.at(-1)), ...value }))
    .filter(({ address }) => address !== "");
  const standings = await standingsOf(app, { ownerId, to: shown.map(({ address }) => address) });
  return {
    items: shown.map(({ id, invitedAt, decidedAt }, i) => ({
      ...standings[i]!,
      id,
      invitedAt,
      decidedAt,
    })).sort((a, b) => b.invitedAt - a.invitedAt),
    next,
  };
}

/**
 * Asks those who were not asked before, and puts back on the list who was forgotten.
 *
 * @throws {AppError} as `askFirst`; `invalid` for nobody or over 200.
 */
export async function askRecipients(
  app: App,
  { ownerId, to }: { ownerId: string; to: readonly string[] },
): Promise<RecipientStanding[]> {
  if (to.length === 0 || to.length > MAX_RECIPIENTS) {
    const message = to.length === 0
      ? "Cannot ask nobody: add an address"
      : `Cannot ask more than ${MAX_RECIPIENTS} people at once`;
    throw new AppError("invalid", message, { field: "to" });
  }
  const standings = await askFirst(app, { ownerId, to });
  for (const { address } of standings) {
    const key = keys.consent(ownerId, await addressHash(app, address));
    await transact(app, async (tx) => {
      const consent = await tx.get(key);
      if (consent?.address === "") tx.set(key, { ...consent, address });
    });
  }
  return standings;
}

/**
 * Removes an address from a member's list. What its owner answered stays, without the address: it can
 * be mailed again if it agreed, and never be asked again.
 *
 * @throws {AppError} `not_found`.
 */
export async function forgetRecipient(
  app: App,
  { ownerId, id }: { ownerId: string; id: string },
): Promise<void> {
  await transact(app, async (tx) => {
    const key = keys.consent(ownerId, id.slice(0, 64));
    const consent: Consent | null = await tx.get(key);
    if (consent === null || consent.address === "") throw notFound("recipient");
    tx.set(key, { ...consent, address: "" });
  });
}
