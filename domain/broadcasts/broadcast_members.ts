import type { App } from "../../core/app.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Account, Broadcast, Chat } from "../../kv/schema.ts";
import { addressKey } from "../recipients/addresses.ts";
import { DEFAULT_PREFERENCES } from "../accounts/preferences.ts";
import { isVerified } from "../recipients/recipients.ts";

/**
 * Accounts that are looked at together: their messages, two each with sixty lines of ledger, can all
 * be ended in one commit.
 */
const PART = 50;

/** Somebody whom a broadcast reaches, and by which ways beside the inbox. */
export interface Member {
  account: Account;
  /** Their address, if it is proven for the mailer in use and they want broadcasts there. */
  mail: string | null;
  /** Their open chat, if they want broadcasts there. */
  chat: Chat | null;
}

/** Accounts that are counted together. */
const COUNTED = 500;

/**
 * The members among the next fifty accounts behind `cursor`, in the order in which they joined.
 * A member is who has proven an address and still holds it.
 *
 * @returns `next`: the last account that was looked at, or null when there is none behind.
 */
export async function membersAfter(
  app: App,
  cursor: string | null,
): Promise<{ members: Member[]; next: string | null }> {
  const { accounts, next } = await holdersAfter(app, cursor, PART);
  return { members: await withWays(app, accounts), next };
}

async function holdersAfter(
  app: App,
  cursor: string | null,
  limit: number,
): Promise<{ accounts: Account[]; next: string | null }> {
  const accounts = await list(app, ranges.accountsAfter(cursor), { limit });
  const next = accounts.length < limit ? null : accounts.at(-1)!.id;
  return { accounts: await holders(app, accounts), next };
}

/** Those who can sign in: an address that somebody else has proven since is not theirs any more. */
async function holders(app: App, accounts: readonly Account[]): Promise<Account[]> {
  const proven = accounts.filter(({ verified }) => verified !== null);
  const holding = await app.store.getMany<string>(
    proven.map(({ email }) => keys.accountByEmail(addressKey(email))),
  );
  return proven.filter(({ id }, i) => holding[i]?.value === id);
}

async function withWays(app: App, accounts: readonly Account[]): Promise<Member[]> {
  const [preferences, chatIds] = await Promise.all([
    app.store.getMany<typeof DEFAULT_PREFERENCES>(accounts.map(({ id }) => keys.preferences(id))),
    app.store.getMany<number>(accounts.map(({ id }) => keys.chatOf(id))),
  ]);
  const linked = chatIds.flatMap(({ value }) => value === null ? [] : [value]);
  const chats = new Map(
    (await app.store.getMany<Chat>(linked.map((id) => keys.chat(id))))
      .flatMap(({ value }) => value === null ? [] : [[value.accountId, value]]),
  );
  return accounts.map((account, i) => {
    const { broadcasts } = preferences[i]?.value ?? DEFAULT_PREFERENCES;
    const chat = chats.get(account.id);
    const open = app.messenger !== null && chat?.state === "on";
    return {
      account,
      mail: broadcasts.mail && isVerified(app, account) ? account.email : null,
      chat: broadcasts.telegram && open ? chat : null,
    };
  });
}

/** How many a broadcast reaches. */
export interface BroadcastCounts {
  /** All, by the inbox. */
  members: number;
  mail: number;
  telegram: number;
}

/** How many would have it, and by which ways, if it went out now. */
export async function broadcastCounts(
  app: App,
  { channels }: Pick<Broadcast, "channels">,
): Promise<BroadcastCounts> {
  const counts = { members: 0, mail: 0, telegram: 0 };
  let cursor: string | null = null;
  do {
    const { accounts, next }: { accounts: Account[]; next: string | null } = await holdersAfter(
      app,
      cursor,
      COUNTED,
    );
    counts.members += accounts.length;
    const members = channels.mail || channels.telegram ? await withWays(app, accounts) : [];
    if (channels.mail) counts.mail += members.filter(({ mail }) => mail !== null).length;
    if (channels.telegram) counts.telegram += members.filter(({ chat }) => chat !== null).length;
    cursor = next;
  } while (cursor !== null);
  return counts;
}
