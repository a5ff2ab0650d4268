import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { addressKey } from "./addresses.ts";
import { isVerified } from "./own_address.ts";
import { factsOf, type RecipientFacts } from "./recipient_facts.ts";
import { whyOwnSuppressed, whySuppressed } from "./suppressions.ts";

export { isVerified } from "./own_address.ts";

/** How a member stands with an address. */
export type Standing =
  /** It may be mailed. */
  | "allowed"
  /** It was asked; what is mailed waits for the answer. */
  | "pending"
  /** It will be asked when it is mailed first. */
  | "new"
  | "blocked"
  /** Mail to it came back. */
  | "bounced";

export interface RecipientStanding {
  address: string;
  standing: Standing;
  /** In words that follow the address; null for one that may be mailed. */
  why: string | null;
}

/** An address that may not be mailed, and what to do about it. */
export interface Blocked {
  text: string;
  why: string;
}

const NOT_AGREED = "has not agreed to be mailed by you";

interface Asked {
  ownerId: string;
  to: readonly string[];
  /** What they are to be mailed; a note if nothing is said. */
  kind?: "note" | "reminder";
}

/**
 * How a member stands with each of these. Nobody need agree where nothing leaves the machine, and
 * where the operator has said so; what an address does not want counts everywhere.
 */
export async function standingsOf(
  app: App,
  { ownerId, to, kind = "note" }: Asked,
): Promise<RecipientStanding[]> {
  const account = await read(app, keys.account(ownerId));
  const facts = await factsOf(app, { ownerId, to, account, kind });
  /** Of those who are new, to see who is in the list twice. */
  const fresh = new Map<string, string>();
  return facts.map((fact) => {
    const { address, mailbox } = fact;
    const [standing, why] = judge(app, account, fact);
    const first = fresh.get(mailbox);
    if (standing !== "new") return { address, standing, why };
    if (first === undefined) fresh.set(mailbox, address);
    return first === undefined
      ? { address, standing, why }
      : { address, standing: "blocked", why: `is ${first} in another spelling` };
  });
}

/** Which of these may not be mailed at the moment, also because they have not answered. */
export async function blockedFor(app: App, asked: Asked): Promise<Blocked[]> {
  return (await standingsOf(app, asked)).flatMap(({ address: text, standing, why }) =>
    standing === "allowed" ? [] : [{ text, why: standing === "new" || !why ? NOT_AGREED : why }]
  );
}

/** Which of these cannot be mailed, nor asked. */
export function refusedOf(standings: readonly RecipientStanding[]): Blocked[] {
  return standings.flatMap(({ address: text, standing, why }) =>
    standing === "blocked" || standing === "bounced" ? [{ text, why: why ?? NOT_AGREED }] : []
  );
}

/** Whether the operator lets everybody mail the people of this address's domain. */
export function isOfDomain({ config }: Pick<App, "config">, address: string): boolean {
  const domain = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  return config.recipientDomains.includes(domain);
}

/** Whether people must agree before they are mailed. */
export function asksConsent({ mailer, config }: Pick<App, "mailer" | "config">): boolean {
  return mailer.name !== "outbox" && config.recipientCheck;
}

function judge(
  app: App,
  account: Account | null,
  { address, own, consent, asked, suppressed }: RecipientFacts,
): [Standing, string | null] {
  if (suppressed) {
    const bounced = suppressed.cause === "bounce" || suppressed.cause === "soft_bounces";
    const why = own ? whyOwnSuppressed(suppressed) : whySuppressed(suppressed);
    return [bounced ? "bounced" : "blocked", why];
  }
  if (own || !asksConsent(app) || isOfDomain(app, address)) return ["allowed", null];
  if (consent?.state === "accepted") return ["allowed", null];
  if (consent?.state === "refused") return ["blocked", "does not want mail from you"];
  if (consent) return ["pending", "was asked and has not answered yet"];
  if (asked) return ["blocked", "was asked before in another spelling"];
  if (account !== null && addressKey(address) === addressKey(account.email)) {
    return ["blocked", "is yours, but not confirmed yet"];
  }
  if (account === null || !isVerified(app, account)) {
    return ["blocked", "cannot be asked before you have confirmed your own address"];
  }
  return ["new", "is asked first whether mail from you is wanted"];
}
