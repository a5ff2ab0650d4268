import { assert, assertEquals, assertMatch } from "@std/assert";
import { webhookSecret } from "../../domain/chats/chat_secret.ts";
import { MAILJET_USER, mailjetPassword } from "../../domain/mail/mailjet_secret.ts";
import { Hashing, useHashing } from "../../domain/accounts/passwords.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { asker } from "../support/askers.ts";
import { OTHER_PASSWORD } from "../support/door.ts";
import type { Client } from "../support/http.ts";
import { CHEAP } from "../support/hash.ts";
import { TestMailer } from "../support/mailer.ts";
import { OPEN_MAIL } from "../support/mailing.ts";
import { TestMessenger } from "../support/messenger.ts";
import { visitor } from "../support/site.ts";
import { zipOf } from "../support/zips.ts";

/** A door that may be used so often, and what is sent there the nth time. */
interface Limited {
  times: number;
  ask(client: Client, n: number, t: TestApp): Promise<Response>;
  by?: "anonymous";
  env?: Record<string, string>;
}

const newcomer = (n: number) => ({
  name: "New",
  email: `new${n}@example.org`,
  password: OTHER_PASSWORD,
  zone: "UTC",
});
const guess = (n: number) => ({ email: `p${n}@example.org`, password: "wrong, and long enough" });
const someone = (n: number) => `p${n}@example.net`;
const one = { email: "one@example.org" };
const strict = { ...OPEN_MAIL, RECIPIENT_CHECK: "on" };
const webhook = {
  ORIGIN: "https://work.example.org",
  TELEGRAM_BOT_TOKEN: "7180001234:AAplanted-token-of-the-stand_in-bot0",
};
const fromOutside = { "sec-fetch-site": null, "origin": null };

function bringFile(client: Client): Promise<Response> {
  const raw = new FormData();
  raw.append("file", new Blob([zipOf({ "notes/a.md": "# A" })]), "data.zip");
  return client.send("/account/data/import", { method: "POST", raw });
}

/** The limits of docs/security.md, door by door; what a page limits the API limits too. */
const limits: Record<string, Limited> = {
  "anything, by a network": {
    times: 60,
    by: "anonymous",
    ask: (client) => client.get("/sign-in"),
  },
  "anything, by an account": { times: 300, ask: (client) => client.get("/api/me") },
  "signing up": {
    times: 5,
    by: "anonymous",
    ask: (client, n) => client.postForm("/sign-up", newcomer(n)),
  },
  "signing up in the API": {
    times: 5,
    by: "anonymous",
    ask: (client, n) => client.post("/api/accounts", newcomer(n)),
  },
  "wrong passwords of many accounts": {
    times: 20,
    by: "anonymous",
    ask: (client, n) => client.postForm("/sign-in", guess(n)),
  },
  "wrong passwords of many accounts in the API": {
    times: 20,
    by: "anonymous",
    ask: (client, n) => client.post("/api/session", guess(n)),
  },
  "wrong passwords of one account": {
    times: 5,
    by: "anonymous",
    ask: (client, n) => {
      client.from = `198.51.100.${n}`;
      return client.postForm("/sign-in", guess(0));
    },
  },
  "wrong proofs": {
    times: 5,
    ask: (client) => client.postForm("/prove", { password: "wrong, and long enough" }),
  },
  "wrong proofs in the API": {
    times: 5,
    ask: (client) => client.post("/api/session/proof", { password: "wrong, and long enough" }),
  },
  "letters for a new password": {
    times: 4,
    by: "anonymous",
    ask: (client) => client.postForm("/reset", one),
  },
  "letters for a new password in the API": {
    times: 4,
    by: "anonymous",
    ask: (client) => client.post("/api/accounts/reset", one),
  },
  "letters to sign in": {
    times: 4,
    by: "anonymous",
    ask: (client) => client.postForm("/sign-in/mail", one),
  },
  "letters to sign in in the API": {
    times: 4,
    by: "anonymous",
    ask: (client) => client.post("/api/session/mail", one),
  },
  "letters to many from one network": {
    times: 20,
    by: "anonymous",
    ask: (client, n) => client.postForm("/reset", { email: someone(n) }),
  },
  "changing one's address": {
    times: 5,
    ask: (client, n) => client.postForm("/account/email", { email: someone(n) }),
  },
  "changing one's address in the API": {
    times: 5,
    ask: (client, n) => client.post("/api/me/email", { email: someone(n) }),
  },
  "letters to one further address": {
    times: 3,
    ask: async (client, _, t) => {
      const another = await asker(t, "another member");
      another.client.from = client.from;
      return await another.client.postForm("/account/addresses", { address: "v@example.net" });
    },
  },
  "asking people": {
    times: 20,
    env: strict,
    ask: (client, n) => client.postForm("/recipients", { to: someone(n) }),
  },
  "asking people in the API": {
    times: 20,
    env: strict,
    ask: (client, n) => client.post("/api/recipients", { to: [someone(n)] }),
  },
  "asking one person, from all": {
    times: 3,
    env: strict,
    ask: async (_, n, t) => {
      const another = await asker(t, "another member");
      return await another.client.postForm("/recipients", { to: `v+${n}@example.net` });
    },
  },
  "taking one's data": {
    times: 1,
    ask: (client) => client.postForm("/account/data/export", {}),
  },
  "bringing data": { times: 3, ask: bringFile },
  "what Mailjet sends": {
    times: 200,
    by: "anonymous",
    ask: async (client, _, t) =>
      await client.post("/mailjet/events", [], {
        headers: {
          ...fromOutside,
          authorization: `Basic ${btoa(`${MAILJET_USER}:${await mailjetPassword(t.app)}`)}`,
        },
      }),
  },
  "what Telegram sends": {
    times: 100,
    by: "anonymous",
    env: webhook,
    ask: async (client, n, t) =>
      await client.post("/telegram", { update_id: n }, {
        headers: {
          ...fromOutside,
          "x-telegram-bot-api-secret-token": await webhookSecret(t.app),
        },
      }),
  },
};

for (const [name, { times, ask, by = "owner", env }] of Object.entries(limits)) {
  Deno.test(`${name}: so many pass (${times}), and the next is told when to come again`, async () => {
    const messenger = env === webhook ? new TestMessenger() : undefined;
    await using t = await testApp({
      env,
      messenger,
      mailer: env === strict ? new TestMailer() : undefined,
      bot: () => Promise.resolve(),
    });
    const { client } = await asker(t, by);
    await t.person("One");
    for (let n = 0; n < times; n++) {
      const response = await ask(client, n, t);
      const text = await response.text();
      const { status } = response;
      assert(status !== 429 && status < 500, `${n}: ${status} ${text.slice(0, 3_000)}`);
    }
    const refused = await ask(client, times, t);
    const text = await refused.text();
    assertEquals(refused.status, 429, text.slice(0, 3_000));
    const wait = refused.headers.get("retry-after") ?? "";
    assertMatch(wait, /^[1-9]\d{0,5}$/);
    assertMatch(refused.headers.get("ratelimit-policy") ?? "", /^"[a-z_]+";q=\d+;w=\d+$/);
    assertMatch(refused.headers.get("ratelimit") ?? "", new RegExp(`^"[a-z_]+";r=0;t=${wait}$`));
    t.clock.advance(Number(wait) * 1_000);
    const later = await ask(client, times + 1, t);
    await later.body?.cancel();
    assert(later.status !== 429 && later.status < 500, `${later.status} after ${wait} s`);
  });
}

Deno.test("a sign-in for which the machine has no time now is told when to come again, on the page and in the API", async () => {
  await using t = await testApp();
  const client = await visitor(t);
  useHashing(new Hashing({ ...CHEAP, turns: { atOnce: 0, waiting: 0 } })); // as if all turns were taken
  try {
    const page = await client.postForm("/sign-in", guess(1), { headers: { accept: "text/html" } });
    const api = await client.post("/api/session", guess(2));
    for (const answer of [page, api]) {
      await answer.body?.cancel();
      assertEquals([answer.status, answer.headers.get("retry-after")], [503, "2"]);
    }
  } finally {
    useHashing(new Hashing(CHEAP));
  }
});
