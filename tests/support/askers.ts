import type { Account } from "../../kv/schema.ts";
import { keys } from "../../kv/keys.ts";
import { transact } from "../../kv/transact.ts";
import { hashPassword } from "../../domain/accounts/passwords.ts";
import type { TestApp } from "./app.ts";
import { PASSWORD } from "./door.ts";
import type { Client } from "./http.ts";
import { visitor } from "./site.ts";

/** Somebody in front of the doors. */
export interface Asker {
  name: string;
  /** Whose things are theirs; anonymous has an account but does not say so. */
  account: Account;
  client: Client;
  /** Whether the session holds. */
  isIn: boolean;
  /** Whether no session could. */
  isShut: boolean;
}

/** In which ways one can be somebody; what is changed is changed after signing in. */
const ways: Record<string, { born?: Partial<Account>; then?: Partial<Account>; out?: true }> = {
  anonymous: { out: true },
  owner: {},
  "another member": {},
  "somebody unverified": { born: { verified: null } },
  "an admin": { born: { role: "admin" } },
  "somebody suspended": { then: { suspended: { at: 1, by: "x" } } },
  "somebody who closed their account": { then: { closedAt: 1 } },
};

export const askerNames = Object.keys(ways);

let made = 0;

/** A new one of that name. Their password is `PASSWORD`. */
export async function asker(t: TestApp, name: string): Promise<Asker> {
  const { born, then, out = false } = ways[name]!;
  const password = await hashPassword(PASSWORD);
  const account = await t.person(`Asker${++made}`, { password, ...born });
  const client = out ? await visitor(t) : await visitor(t, account);
  client.from = `203.0.113.${made % 250}`;
  return { name, account, client, isIn: !out && then === undefined, isShut: then !== undefined };
}

/** Does to them, once they have what is theirs, what makes them what they are. */
export async function become(t: TestApp, { name, account }: Asker): Promise<void> {
  const { then } = ways[name]!;
  if (then === undefined) return;
  await transact(t.app, async (tx) => {
    const now = await tx.get(keys.account(account.id));
    tx.set(keys.account(account.id), { ...now!, ...then });
  });
}
