import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import type {
  Account,
  Consent,
  OwnAddress,
  Suppression,
  SuppressionScope,
} from "../../kv/schema.ts";
import { addresseeOf } from "./addressee.ts";
import { addressKey } from "./addresses.ts";
import { mailboxOf } from "./mailbox.ts";
import { isVerified, proves } from "./own_address.ts";
import { applies, placesOf, scopesOf } from "./suppressions.ts";

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
  const people = await Promise.all(to.map((address) => addresseeOf(app, address)));
  const letter = { kind, ownerId };
  const toOthers = scopesOf(letter);
  // A reminder that its owner does not want by mail rings elsewhere: nothing is wrong with asking for it.
  const toOneself: SuppressionScope[] = kind === "note" ? ["all", "notes"] : ["all"];
  const scopes = [...new Set([...toOthers, ...toOneself])];
  const places = people.map((one) => placesOf(one, scopes));
  const { store } = app;
  const [consents, asked, further, suppressed] = await Promise.all([
    store.getMany<Consent>(people.map(({ hash }) => keys.consent(ownerId, hash))),
    store.getMany<number>(people.map(({ box }) => keys.invited(ownerId, box))),
    store.getMany<OwnAddress>(people.map(({ hash }) => keys.ownAddress(ownerId, hash))),
    store.getMany<Suppression>(places.flat()),
  ]);
  const email = account && isVerified(app, account) ? addressKey(account.email) : null;
  const now = app.clock.now();
  return to.map((address, i) => {
    const own = addressKey(address) === email || proves(app, further[i]?.value?.verified ?? null);
    const mine = suppressed.splice(0, places[i]!.length);
    const mayCount = own ? toOneself : toOthers;
    const counts = (one: Suppression) => mayCount.includes(one.scope) && applies(one, letter, now);
    return {
      address,
      mailbox: mailboxOf(address),
      own,
      consent: consents[i]?.value ?? null,
      asked: (asked[i]?.value ?? null) !== null,
      suppressed: mine.flatMap(({ value }) => value && counts(value) ? [value] : [])[0] ?? null,
    };
  });
}
