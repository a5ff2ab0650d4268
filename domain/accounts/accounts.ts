import type { App } from "../../core/app.ts";
import { newId } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { addressKey } from "../recipients/addresses.ts";

/** An account that nobody can sign in to yet: its address is not proven, and not looked up. */
export function newAccount(
  app: App,
  given: Pick<Account, "email" | "name" | "zone" | "password">,
): Account {
  return {
    ...given,
    id: newId(),
    role: "member",
    verified: null,
    epoch: 0,
    createdAt: app.clock.now(),
  };
}

/** The account whose proven address this is. */
export async function accountByAddress(
  app: Pick<App, "store">,
  address: string,
): Promise<Account | null> {
  const id = await read(app, keys.accountByEmail(addressKey(address)));
  return id === null ? null : await read(app, keys.account(id));
}

/** Whether somebody may use it: it is neither suspended by an admin nor closed by its owner. */
export function isOpen({ suspended, closedAt }: Pick<Account, "suspended" | "closedAt">): boolean {
  return suspended === undefined && closedAt === undefined;
}
