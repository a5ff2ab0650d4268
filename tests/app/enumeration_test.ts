import { assertEquals } from "@std/assert";
import type { Store } from "../../core/app.ts";
import type { TestApp } from "../support/app.ts";
import { countingHashes } from "../support/counting.ts";
import { member, OTHER_PASSWORD } from "../support/door.ts";
import type { Client } from "../support/http.ts";
import { mailingApp } from "../support/letters.ts";
import { visitor } from "../support/site.ts";

const password = OTHER_PASSWORD;

/** Every door that is asked about an address by people who are not signed in. */
const doors: Record<string, (who: Client, email: string) => Promise<Response>> = {
  "sign in": (who, email) => who.postForm("/sign-in", { email, password, next: "/" }),
  "sign in by a program": (who, email) => who.post("/api/session", { email, password }),
  "sign up": (who, email) => who.postForm("/sign-up", { email, password, name: "Ada", zone: "" }),
  "sign up by a program": (who, email) =>
    who.post("/api/accounts", { email, password, name: "Ada" }),
  "new password": (who, email) => who.postForm("/reset", { email }),
  "new password by a program": (who, email) => who.post("/api/accounts/reset", { email }),
  "link": (who, email) => who.postForm("/sign-in/mail", { email }),
  "link by a program": (who, email) => who.post("/api/session/mail", { email }),
};

/** Addresses of the same length: whose, and what became of them. */
const people = {
  known: "known@example.org",
  unknown: "nobdy@example.org",
  suspended: "suspd@example.org",
  closed: "clsed@example.org",
  unproven: "unprv@example.org",
};

async function town(): Promise<TestApp> {
  const { t } = await mailingApp();
  await member(t.app, { email: people.known });
  await member(t.app, { email: people.suspended, suspended: { at: 1, by: "root" } });
  await member(t.app, { email: people.closed, closedAt: 1 });
  await member(t.app, { email: people.unproven, verified: { at: 0, by: "outbox" } });
  return t;
}

/** Everything of an answer but what is random, and the address that was typed. */
async function seen(response: Response, email: string) {
  const plain = (text: string) =>
    text.replaceAll(email, "ADDRESS").replace(/nonce[="-]+[^"' ]*/g, "NONCE");
  const headers = [...response.headers].map(([name, value]) => [name, plain(value)]);
  const body = plain(await response.text());
  return { status: response.status, headers, body };
}

for (const [name, ask] of Object.entries(doors)) {
  Deno.test(`${name}: the answer does not tell whether there is an account, first, last or too often`, async () => {
    await using t = await town();
    const all: unknown[][] = [];
    for (const [i, email] of Object.values(people).entries()) {
      const who = await visitor(t);
      const answers = [];
      for (let n = 0; n < 8; n++) {
        who.from = `198.51.${i}.${n}`; // it is the address that is asked too often
        answers.push(await seen(await ask(who, email), email));
      }
      all.push(answers);
    }
    for (const answers of all) assertEquals(answers, all[0]);
  });

  Deno.test(`${name}: as much is hashed for every address, and as often is written`, async () => {
    await using t = await town();
    using hashes = await countingHashes();
    const work: number[][] = [];
    const own = t.app.store as { -readonly [K in keyof Store]: Store[K] };
    const commit = own.commit.bind(own);
    Object.assign(t.app.waker, { wake: () => {} }); // no letter is written meanwhile
    let commits = 0;
    own.commit = (write) => {
      commits++;
      return commit(write);
    };
    for (const [i, email] of Object.values(people).entries()) {
      hashes.count = commits = 0;
      const who = await visitor(t);
      who.from = `198.51.100.${i}`;
      await (await ask(who, email)).body?.cancel();
      work.push([hashes.count, commits]);
    }
    for (const one of work) assertEquals(one, work[0]);
  });
}
