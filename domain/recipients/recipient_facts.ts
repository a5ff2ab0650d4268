import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import type {
  Account,
  Consent,
  OwnAddress,
  Suppression,
  SuppressionScope,
} from "../../kv/schema.ts";
import { addressHash } from "./address_hash.ts";
import { addressKey } from "./addresses.ts";
import { mailboxOf } from "./mailbox.ts";
import { isVerified, proves } from "./own_address.ts";
import { applies, scopesOf, wantsNothing } from "./suppressions.ts";

/** What is known of an address that somebody would mail. */
export interface RecipientFacts {
  address: string;
  mailbox: string;
  own: boolean;
  consent: Consent | null;
  /** The mailbox was asked, perhaps by another spelling. */
  asked: boolean;
  suppressed: Suppression | null;
}

/** All that is known of these, in a few reads. */
export async function factsOf(
  app: App,
  { ownerId, to, account, kind }: {
    ownerId: string;
    to: readonly string[];
    account: Account | null;
    kind: "note" | "reminder";
  },
): Promise<RecipientFacts[]> {
  const mailboxes = to.map(mailboxOf);
  const hashesOf = (addresses: readonly string[]) =>
    Promise.all(addresses.map((one) => addressHash(app, one)));
  const [hashes, boxHashes] = await Promise.all([hashesOf(to), hashesOf(mailboxes)]);
  const letter = { kind, ownerId };
  const toOthers = scopesOf(letter);
  // A reminder that its owner does not want by mail rings elsewhere: nothing is wrong with asking for it.
  const toOneself: SuppressionScope[] = kind === "note" ? ["all", "notes"] : ["all"];
  const scopes = [...new Set([...toOthers, ...toOneself])];
  const wanted = hashes.flatMap((hash) => scopes.map((scope) => keys.suppression(hash, scope)));
  const all = (hash: string) => keys.suppression(hash, "all");
  const { store } = app;
  const [consents, asked, further, suppressed, boxes] = await Promise.all([
    store.getMany<Consent>(hashes.map((hash) => keys.consent(ownerId, hash))),
    store.getMany<number>(boxHashes.map((hash) => keys.invited(ownerId, hash))),
    store.getMany<OwnAddress>(hashes.map((hash) => keys.ownAddress(ownerId, hash))),
    store.getMany<Suppression>(wanted),
    store.getMany<Suppression>(boxHashes.map(all)),
  ]);
  const email = account && isVerified(app, account) ? addressKey(account.email) : null;
  const now = app.clock.now();
  return to.map((address, i) => {
    const own = addressKey(address) === email || proves(app, further[i]?.value?.verified ?? null);
    const mine = suppressed.slice(i * scopes.length, (i + 1) * scopes.length);
    const mayCount = own ? toOneself : toOthers;
    const counts = (one: Suppression) => mayCount.includes(one.scope) && applies(one, letter, now);
    const box = boxes[i]?.value ?? null;
    return {
      address,
      mailbox: mailboxes[i] ?? address,
      own,
      consent: consents[i]?.value ?? null,
      asked: (asked[i]?.value ?? null) !== null,
      suppressed: mine.flatMap(({ value }) => value && counts(value) ? [value] : [])[0] ??
        (wantsNothing(box) ? box : null),
    };
  });
}
