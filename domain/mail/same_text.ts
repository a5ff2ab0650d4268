import type { App } from "../../core/app.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { SameText } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { audit } from "../admin/audit.ts";
import { hmac } from "../accounts/digest.ts";
import { DAY_MS } from "./mail_days.ts";
import { tellAdmins } from "../admin/tell_admins.ts";

/** One text from more members, to more recipients than this is held: one sender with many accounts. */
const MOST = { senders: 3, recipients: 50 };
/** What was asked for longer ago does not count, ms; as long as a note may wait. */
const LATELY_MS = 7 * DAY_MS;
/** So many of those who send it are remembered. */
const MOST_KEPT = 100;

/** What a text is known by, however it is spaced and cased: who reads the store cannot try texts out. */
export function textHash(
  { secret }: Pick<App, "secret">,
  { title, text }: { title: string; text: string },
): Promise<string> {
  const plain = (words: string) =>
    words.normalize("NFKC").toLowerCase().split(/\s+/).join(" ").trim();
  return hmac(secret, `text:${plain(text) || plain(title)}`);
}

/**
 * Counts, in the commit that asks for it, that a member mails a text to others, and holds the text once
 * too many of them do. What leaves later than now, `at`, counts until it has been gone as long as
 * anything counts. Costs the commit one check, and when it is held two more.
 */
export async function countText(
  app: App,
  tx: Tx,
  { hash, accountId, recipients, at = 0 }: {
    hash: string;
    accountId: string;
    recipients: number;
    at?: number;
  },
): Promise<void> {
  const now = app.clock.now();
  const there = await tx.get(keys.sameText(hash));
  const lately = (there?.by ?? []).filter(({ at }) => at > now - LATELY_MS);
  const mine = lately.find((one) => one.accountId === accountId);
  const others = lately.filter((one) => one !== mine).slice(-MOST_KEPT);
  const by = [...others, {
    accountId,
    recipients: (mine?.recipients ?? 0) + recipients,
    at: Math.max(now, at, mine?.at ?? 0),
  }];
  const next: SameText = {
    hash,
    by,
    heldAt: there?.heldAt ?? null,
    decided: there?.decided ?? null,
  };
  const all = sumOf(next);
  if (next.heldAt === null && by.length > MOST.senders && all > MOST.recipients) {
    next.heldAt = now;
    const facts = { senders: by.length, recipients: all };
    await audit(app, tx, { act: "text_held", facts });
    await tellAdmins(app, tx, {
      title: "A text of several members is held",
      text: `${by.length} of them mail the same to ${all} people. You decide whether it leaves.`,
      href: "/admin/sending",
    });
    tx.afterCommit(() => app.log.warn("text_held", facts));
  }
  tx.set(keys.sameText(hash), next);
}

/** To how many, of all who send it. */
export function sumOf({ by }: Pick<SameText, "by">): number {
  return by.reduce((sum, { recipients }) => sum + recipients, 0);
}

/** Whether messages with this text wait for an admin's word, or are never to leave. */
export async function textHold(
  app: Pick<App, "store">,
  hash: string,
): Promise<"free" | "held" | "dropped"> {
  const text = await read(app, keys.sameText(hash));
  if (!text || text.heldAt === null || text.decided?.past === "send") return "free";
  return text.decided === null ? "held" : "dropped";
}

/** Forgets texts that nobody has mailed lately. @returns how many. */
export async function pruneTexts(app: App, limit: number): Promise<number> {
  const isOld = ({ by }: SameText) => by.every(({ at }) => at <= app.clock.now() - LATELY_MS);
  const old = (await list(app, ranges.sameTexts)).filter(isOld).slice(0, limit);
  for (const { hash } of old) {
    await transact(app, async (tx) => {
      const text = await tx.get(keys.sameText(hash));
      if (text !== null && isOld(text)) tx.delete(keys.sameText(hash));
    });
  }
  return old.length;
}
