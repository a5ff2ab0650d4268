import type { App } from "../../core/app.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read, readMany } from "../../kv/read.ts";
import type { Account, Consent, Reported } from "../../kv/schema.ts";
import { type OwnSuppression, suppressionsOf } from "./own_suppressions.ts";
import type { StopLink } from "./stop_links.ts";

/** Most entries of each list that is shown. */
const MOST = 200;

/** A member who asked somebody, and what came of it. */
export interface AskedOf extends Pick<Consent, "address" | "state" | "invitedAt" | "decidedAt"> {
  /** Null when they are gone. */
  from: string | null;
  /** Jobs of theirs that wait for the answer. */
  waiting: number;
}

/** All that is stored about an address and can be found by its hash. */
export interface KeptAbout {
  asked: AskedOf[];
  stopped: OwnSuppression[];
  /** When mail to it could not be taken lately. */
  cameBack: number[];
  /** What its reader has reported, as admins see it. */
  reported: (Pick<Reported, "at" | "title" | "text"> & { from: string | null })[];
}

/** What is stored about the address of who holds a link. Changes nothing. */
export async function keptAbout(app: App, link: StopLink): Promise<KeptAbout> {
  const { hash } = link;
  const [askers, stopped, soft] = await Promise.all([
    list(app, ranges.consentsByAddress(hash), { limit: MOST }),
    suppressionsOf(app, link),
    read(app, keys.softBounces(hash)),
  ]);
  const senders = sendersOf(link, { askers, stopped });
  const accounts = await readMany(app, senders.map((id) => keys.account(id)));
  const names = new Map(accounts.filter(isThere).map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => names.get(id) ?? null;
  const asked: AskedOf[] = [];
  for (const ownerId of askers) {
    const consent = await read(app, keys.consent(ownerId, hash));
    if (consent === null) continue;
    const { address, state, invitedAt, decidedAt } = consent;
    const waits = await list(app, ranges.awaitingConsent(ownerId, hash), { limit: MOST });
    const waiting = waits.length;
    asked.push({ from: nameOf(ownerId), address, state, invitedAt, decidedAt, waiting });
  }
  const reported = [];
  // A reply may quote the link: to that sender it must not show what others wrote.
  for (const id of link.stops === "sender" ? [link.senderId!] : senders) {
    const one = await read(app, keys.reported(id, hash));
    if (one) reported.push({ from: nameOf(id), at: one.at, title: one.title, text: one.text });
  }
  return { asked, stopped, cameBack: soft?.at ?? [], reported };
}

/** Every member of whom something may be stored beside the address. */
export function sendersOf(
  { senderId }: StopLink,
  { askers, stopped }: { askers: readonly string[]; stopped: readonly { scope: string }[] },
): string[] {
  const shut = stopped.flatMap(({ scope }) => /^sender:(.+)$/.exec(scope)?.[1] ?? []);
  return [...new Set([...askers, ...shut, ...senderId === null ? [] : [senderId]])];
}

const isThere = ({ closedAt }: Account) => closedAt === undefined;
