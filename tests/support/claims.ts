import type { Account } from "../../kv/schema.ts";
import type { TestApp } from "./app.ts";
import { PASSWORD } from "./door.ts";
import type { Client } from "./http.ts";
import { visitor } from "./site.ts";

/** Says by one door of an address that it is theirs. */
export type Claim = (who: Client, to: string) => Promise<Response>;

/** The doors at which anybody can have a letter written to an address by saying that it is theirs. */
export const claims: Record<string, Claim> = {
  "signing up on the page": (who, email) =>
    who.postForm("/sign-up", { name: "Bob", email, password: PASSWORD, zone: "UTC", website: "" }),
  "signing up by the API": (who, email) =>
    who.post("/api/accounts", { name: "Bob", email, password: PASSWORD }),
  "a further address": (who, address) => who.postForm("/account/addresses", { address }),
  "another address on the page": (who, email) => who.postForm("/account/email", { email }),
  "another address by the API": (who, email) => who.post("/api/me/email", { email }),
};

/** So many members. */
export async function crowd(t: TestApp, count: number): Promise<Account[]> {
  const members: Account[] = [];
  for (let i = 0; i < count; i++) members.push(await t.person(`Member${i}`));
  return members;
}

/** The browsers of these, just signed in, each on a network of its own. */
export async function browsersOf(t: TestApp, members: readonly Account[]): Promise<Client[]> {
  return await Promise.all(members.map(async (member, i) => {
    const client = await visitor(t, member);
    client.from = `10.1.${i >> 8}.${i & 255}`;
    return client;
  }));
}

/** Many claims at once, by each of these in their turn. @returns the statuses of the answers. */
export async function claimAtOnce(
  who: readonly Client[],
  tries: readonly { claim: Claim; to: string }[],
): Promise<number[]> {
  return await Promise.all(tries.map(async ({ claim, to }, i) => {
    const answer = await claim(who[i % who.length]!, to);
    await answer.body?.cancel();
    return answer.status;
  }));
}
