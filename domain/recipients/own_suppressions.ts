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
import { type Addressee, addresseeOf } from "./addressee.ts";
import { isVerified } from "./own_address.ts";
import { provenAddresses } from "./own_addresses.ts";
import { FORCED, isOfMailbox } from "./suppressions.ts";
import { lift } from "./suppressing.ts";

/** What the owner of an address may lift: all but what an admin has said. */
const OWN: readonly SuppressionCause[] = [...FORCED, "unsubscribe", "refused", "never"];

/** What is kept from one of one's own addresses. */
export interface OwnSuppression {
  address: string;
  /** Of the address or of its mailbox: names it, with the scope. */
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

/** The hashes of one's own proven addresses and of their mailboxes, each with an address it is of. */
async function hashesOf(app: App, account: Account) {
  const own = new Map<string, string>();
  const boxes = new Map<string, string>();
  for (const address of await provenAddresses(app, account)) {
    const { hash, box } = await addresseeOf(app, address);
    own.set(hash, address);
    boxes.set(box, address);
  }
  return { own, all: new Map([...boxes, ...own]) };
}

/** All that is kept from one's own proven addresses, also what was chosen by another spelling. */
export async function ownSuppressions(app: App, account: Account): Promise<OwnSuppression[]> {
  const { own, all } = await hashesOf(app, account);
  const found: OwnSuppression[] = [];
  for (const [hash, address] of all) {
    found.push(...await under(app, { hash, address }, own.has(hash)));
  }
  return found;
}

/** The same of one address that somebody has shown to be theirs. */
export async function suppressionsOf(
  app: App,
  { hash, box, shown: address }: Addressee,
): Promise<OwnSuppression[]> {
  const found = await under(app, { hash, address }, true);
  return box === hash ? found : [...found, ...await under(app, { hash: box, address }, false)];
}

/** What counts at the moment under one hash; of a mailbox only what is not its plain spelling's alone. */
async function under(
  app: App,
  whose: { address: string; hash: string },
  isSpelling: boolean,
): Promise<OwnSuppression[]> {
  const now = app.clock.now();
  const found: OwnSuppression[] = [];
  for (const one of await list(app, ranges.suppressionsOf(whose.hash))) {
    if (!isSpelling && !isOfMailbox(one.scope)) continue;
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
  const to = { hash, box: hash };
  await transact(app, (tx) => lift(app, tx, to, { scope: one.scope, causes: OWN, by }));
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
  const to = await addresseeOf(app, account.email);
  for (const scope of ["reminders", "broadcasts"] as const) {
    if (!wanted[scope].mail) continue;
    const lifting = { scope, causes: OWN, by: account.id };
    await transact(app, (tx) => lift(app, tx, to, lifting));
  }
}
