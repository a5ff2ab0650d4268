import type { App } from "../../core/app.ts";
import { notFound } from "../../core/errors.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type {
  Account,
  Preferences,
  Suppression,
  SuppressionCause,
  SuppressionScope,
} from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { addressHash } from "./address_hash.ts";
import { isVerified } from "./own_address.ts";
import { provenAddresses } from "./own_addresses.ts";
import { FORCED } from "./suppressions.ts";
import { lift } from "./suppressing.ts";

/** What the owner of an address may lift: all but what an admin has said. */
const OWN: readonly SuppressionCause[] = [...FORCED, "unsubscribe", "refused", "never"];

/** What is kept from one of one's own addresses. */
export interface OwnSuppression {
  address: string;
  hash: string;
  scope: SuppressionScope;
  cause: SuppressionCause;
  at: number;
  until: number | null;
  /** Whose mail it is, where it is a member's who is still there. */
  from: string | null;
  /** Whether its owner may lift it. */
  mine: boolean;
}

/** One's own proven addresses, each with its hash. */
async function provenOf(app: App, account: Account): Promise<{ address: string; hash: string }[]> {
  return await Promise.all(
    (await provenAddresses(app, account)).map(async (address) => ({
      address,
      hash: await addressHash(app, address),
    })),
  );
}

/** All that is kept from one's own proven addresses. */
export async function ownSuppressions(app: App, account: Account): Promise<OwnSuppression[]> {
  const found: OwnSuppression[] = [];
  for (const one of await provenOf(app, account)) found.push(...await suppressionsOf(app, one));
  return found;
}

/** All that is kept from one address at the moment, in words that say whose mail it is. */
export async function suppressionsOf(
  app: App,
  whose: { address: string; hash: string },
): Promise<OwnSuppression[]> {
  const now = app.clock.now();
  const found: OwnSuppression[] = [];
  for (const one of await list(app, ranges.suppressionsOf(whose.hash))) {
    const said = [one, ...one.chosen ? [{ ...one, ...one.chosen, until: null }] : []];
    const counts = said.find(({ until }) => until === null || until > now);
    if (counts) found.push(await ownView(app, counts, whose));
  }
  return found;
}

async function ownView(
  app: App,
  { scope, cause, at, until }: Suppression,
  whose: { address: string; hash: string },
): Promise<OwnSuppression> {
  const [, senderId = null] = scope.split(":");
  const sender = senderId === null ? null : await read(app, keys.account(senderId));
  return { ...whose, scope, cause, at, until, from: sender?.name ?? null, mine: cause !== "admin" };
}

/**
 * Lets mail reach one's own address again.
 *
 * @throws {AppError} `not_found` for what is not there, is an admin's, or is another's address.
 */
export async function liftOwn(
  app: App,
  account: Account,
  { hash, scope }: { hash: string; scope: string },
): Promise<void> {
  const own = await ownSuppressions(app, account);
  const one = own.find((one) => one.hash === hash && one.scope === scope && one.mine);
  if (!one) throw notFound("entry");
  const by = account.id;
  await transact(app, (tx) => lift(app, tx, hash, { scope: one.scope, causes: OWN, by }));
}

/** What an account wants, less what a link in a letter has stopped since. */
export function wantedNow(
  { reminders, broadcasts, ...rest }: Preferences,
  own: readonly OwnSuppression[],
  { email }: Pick<Account, "email">,
): Preferences {
  const stopped = (scope: SuppressionScope) =>
    own.some((one) => one.address === email && one.scope === scope);
  return {
    ...rest,
    reminders: { ...reminders, mail: reminders.mail && !stopped("reminders") },
    broadcasts: { ...broadcasts, mail: broadcasts.mail && !stopped("broadcasts") },
  };
}

/** Takes back what one had stopped for the address of one's account and wants by mail again. */
export async function allowKinds(
  app: App,
  account: Account,
  wanted: Preferences,
): Promise<void> {
  if (!isVerified(app, account)) return;
  const hash = await addressHash(app, account.email);
  for (const scope of ["reminders", "broadcasts"] as const) {
    if (!wanted[scope].mail) continue;
    const lifting = { scope, causes: OWN, by: account.id };
    await transact(app, (tx) => lift(app, tx, hash, lifting));
  }
}
