import "../support/hash.ts";
import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { createMailer } from "../../adapters/mailer.ts";
import { createMessenger } from "../../adapters/messenger.ts";
import type { Clock } from "../../core/app.ts";
import type { Messenger } from "../../core/chat.ts";
import { readConfig } from "../../core/config.ts";
import { createLog } from "../../core/log.ts";
import type { Mailer } from "../../core/mail.ts";
import { hideIn, redact } from "../../core/redact.ts";
import { addressHash } from "../../domain/recipients/address_hash.ts";
import { giveChat } from "../../domain/chats/chat_owner.ts";
import { createReminder } from "../../domain/reminders/reminders.ts";
import { scheduleAtInstant } from "../../domain/when/repeat.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read, readMany } from "../../kv/read.ts";
import { transact } from "../../kv/transact.ts";
import { lineOf } from "../../tasks/doctor/finding.ts";
import { lookAtMail } from "../../tasks/doctor/mail.ts";
import { lookAtTelegram } from "../../tasks/doctor/telegram.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { botApi } from "../support/bot_api.ts";
import { minutes, TestClock } from "../support/clock.ts";
import { type Client, jsonOf, type Sent } from "../support/http.ts";
import { secretsOfApp } from "../support/secrets.ts";
import { startSendApi } from "../support/send_api.ts";
import { startSmtpSink } from "../support/smtp_sink.ts";
import { visitor } from "../support/site.ts";
import { filesIn } from "../support/zips.ts";

const CHAT = 1_001;
const PASSWORD = "planted otters juggle nine lamps";
const ADDRESS = "planted.recipient@example.net";
const NOTE = "planted words that nobody else reads";
const SETTINGS = {
  APP_SECRET: "planted-app-secret/0123456789+abcdefgh",
  ADMIN_EMAIL: "boss@example.org",
  ADMIN_PASSWORD: "planted admin lamps juggle otters",
  TELEGRAM_WEBHOOK_SECRET: "planted_webhook_secret_0123456789abcdef",
  TELEGRAM_MODE: "webhook",
  ORIGIN: "https://notes.example.org",
  MAIL_FROM: "clock@example.org",
  RECIPIENT_DOMAINS: "example.net",
  MAIL_PER_DAY: "1000000",
  MAIL_SETTLE_SECONDS: "0",
};
const SMTP_PASSWORD = "planted smtp/pass";
const KEYS = { key: "planted-mailjet-key", secret: "planted-mailjet-secret" };

/** What was planted, by what it is; what a story makes on its way is added. */
type Planted = Map<string, string>;

/** All that came out of an app, by where. */
class Out {
  readonly parts: { where: string; text: string }[] = [];

  add(where: string, text: string): void {
    this.parts.push({ where, text });
  }

  /** Where each of the planted values stands. */
  found(planted: Planted): string[] {
    return this.parts.flatMap(({ where, text }) =>
      [...planted].filter(([, value]) =>
        text.includes(value) || text.includes(encodeURIComponent(value))
      )
        .map(([what]) => `${what} in ${where}`)
    );
  }
}

interface Stage {
  t: TestApp;
  out: Out;
  planted: Planted;
  mail: { failing: boolean; texts: () => Promise<string[]> };
}

/** Sends, and keeps what is answered when that is an error. */
async function send(out: Out, client: Client, path: string, sent: Sent): Promise<Response> {
  const answer = await client.send(path, sent);
  if (answer.status < 400) return answer;
  const headers = [...answer.headers].map((pair) => pair.join(": ")).join("\n");
  // Each page shows who is signed in their own address.
  const text = (await answer.clone().text()).replace(/<small>[^<]*<\/small>/, "");
  const where = `the answer ${answer.status} to ${sent.method ?? "GET"} ${path.slice(0, 12)}`;
  out.add(where, headers + text);
  return answer;
}

/** A life with the app: people, notes, mail and chats that work and that do not, errors of all sorts. */
async function story({ t, out, planted, mail }: Stage): Promise<void> {
  const stranger = await visitor(t);
  stranger.from = "203.0.113.99";
  planted.set("a network address", stranger.from);
  const post = (client: Client, path: string, json: unknown) =>
    send(out, client, path, { method: "POST", json });
  const email = "planted.member@example.net";
  planted.set("a member's address", email);
  await post(stranger, "/api/accounts", { email, password: PASSWORD, name: "Ada" });
  await t.drain();
  const linkIn = async (path: string) => {
    const letters = await mail.texts();
    const value = letters.join("\n").match(new RegExp(`/${path}/([\\w-]{43})`))?.[1];
    assert(value, `a link to ${path}`);
    planted.set(`the link to ${path}`, value);
    return value;
  };
  const activation = await linkIn("activate");
  await send(out, stranger, `/activate/${activation.slice(1)}x`, {
    headers: { accept: "text/html" },
  });
  const form = { password: PASSWORD };
  await stranger.postForm(`/activate/${activation}`, { password: `${PASSWORD}?` });
  await stranger.postForm(`/activate/${activation}`, form);
  await stranger.delete("/api/session");
  await send(out, stranger, `/activate/${activation}`, { method: "POST", form });
  await post(stranger, "/api/session", { email, password: `${PASSWORD}!` });
  assertEquals((await post(stranger, "/api/session", { email, password: PASSWORD })).status, 201);
  const ada = stranger;
  for (const value of ada.cookies.values()) planted.set("a session", value);
  const me = await jsonOf<{ id: string }>(await ada.get("/api/me"));
  await post(stranger, "/api/accounts/reset", { email });
  await t.drain();
  const reset = await linkIn("reset");

  const note = await jsonOf<{ id: string }>(
    await post(ada, "/api/notes", { title: "T", text: NOTE }),
  );
  const face = { chatId: CHAT, name: "Ada", username: null };
  await transact(t.app, (tx) => giveChat(t.app, tx, me.id, face));
  for (const failing of [false, true]) {
    mail.failing = failing;
    assertEquals(
      (await post(ada, `/api/notes/${note.id}/mailings`, { to: [ADDRESS] })).status,
      202,
    );
    await createReminder(t.app, {
      ownerId: me.id,
      title: NOTE,
      schedule: scheduleAtInstant("UTC", t.clock.now() + minutes(1)),
      channels: { page: true, telegram: true, mail: [email] },
    });
    const news = { accountId: me.id, title: "News", text: NOTE, href: "/inbox" };
    await transact(t.app, (tx) => enqueue(t.app, tx, "tell_chat", news));
    for (let i = 0; i < 6; i++) {
      t.clock.advance(minutes(2));
      await t.drain();
    }
  }

  // What is wrong with requests.
  const json = `{"email":"${email}","password":"${PASSWORD}"`;
  const headers = { "content-type": "application/json" };
  await send(out, ada, "/api/session", { method: "POST", raw: json, headers });
  await post(ada, "/api/session", { email, password: PASSWORD, extra: ADDRESS });
  await post(ada, `/api/notes/${note.id}/mailings`, { to: [] });
  await send(out, ada, `/api/notes/${reset}`, {});
  await send(out, ada, `/reset/${reset}x`, { headers: { accept: "text/html" } });
  await send(out, ada, "/api/notes", {
    method: "POST",
    json: { title: NOTE },
    headers: { "sec-fetch-site": "cross-site" },
  });
  await send(out, ada, `/nowhere/${reset}`, { headers: { accept: "text/html" } });
  await send(out, ada, "/admin", { headers: { accept: "text/html" } });
  const update = { "content-type": "application/json", origin: null, "sec-fetch-site": null };
  const telegram = {
    ...update,
    "x-telegram-bot-api-secret-token": SETTINGS.TELEGRAM_WEBHOOK_SECRET,
  };
  const raw = JSON.stringify({ update_id: 1, message: { text: NOTE } });
  assertEquals(
    (await send(out, ada, "/telegram", { method: "POST", raw, headers: telegram })).status,
    503,
  );
  await send(out, ada, "/telegram", {
    method: "POST",
    raw,
    headers: { ...update, "x-telegram-bot-api-secret-token": "wrong" },
  });
  for (let i = 0; i < 25; i++) await post(stranger, "/api/session", { email, password: "no" });
}

/** What a member takes away, but for what is theirs. */
async function takenAway({ t, planted }: Stage): Promise<string> {
  const email = planted.get("a member's address")!;
  const id = await read(t.app, keys.accountByEmail(email));
  const account = await read(t.app, keys.account(id!));
  const client = await visitor(t, account!);
  assertEquals((await client.postForm("/account/data/export", {})).status, 303);
  await t.drain();
  const zip = new Uint8Array(await (await client.get("/account/data/export.zip")).arrayBuffer());
  const files = [...await filesIn(zip)].map((file) => file.join("\n"));
  assertGreater(files.length, 3);
  return [NOTE, email, ADDRESS].reduce((text, own) => text.replaceAll(own, ""), files.join("\n"));
}

/** What admins see and take away, what the doctor says, what is stored of errors. */
async function aftermath(stage: Stage): Promise<void> {
  const { t, out } = stage;
  out.add("what a member takes away", await takenAway(stage));
  const root = await t.person("Root", { role: "admin" });
  const admin = await visitor(t, root);
  await admin.post("/api/admin/suppressions", { address: ADDRESS });
  await admin.get("/api/admin/suppressions");
  const paths = [
    ...["/admin", "/admin/jobs", "/admin/audit", "/admin/suppressions", "/admin/sending"],
    ...["/admin/audit.csv", "/admin/audit.json", "/api/admin/audit", "/api/admin/jobs", "/metrics"],
    ...["/api/admin/suppressions", "/healthz", "/readyz"],
  ];
  for (const path of paths) {
    const answer = await admin.get(path);
    const text = await answer.text();
    // Whose a job is, is what that list is for.
    out.add(path, path.endsWith("jobs") ? text.replaceAll("planted.member@example.net", "") : text);
  }
  for (const find of [lookAtMail, lookAtTelegram]) {
    out.add("the doctor", lineOf(await find(t.app.config)));
  }
  const ids = await list(t.app, ranges.jobsDue);
  const over = await list(t.app, ranges.jobsEnded);
  for (
    const { kind, errors, reason } of await readMany(
      t.app,
      [...ids, ...over].map((id) => keys.job(id)),
    )
  ) {
    out.add(`the errors of ${kind}`, JSON.stringify([errors, reason]));
  }
  out.add("the audit log", JSON.stringify(await list(t.app, ranges.audit)));
}

/** Throws what a careless library might: all that it could have got hold of. A note has no form. */
function careless(planted: Planted): never {
  const got = [...planted].filter(([what]) => !/note|member|network/.test(what))
    .map(([, value]) => value).toReversed().join(" ");
  throw new Error(`Cannot send to ${ADDRESS}: ${got}`, { cause: new Error(got) });
}

interface Ran {
  out: Out;
  planted: Planted;
  lines: string[];
}

async function run(
  service: "smtp" | "mailjet",
  { hide }: { hide?: (text: string) => string } = {},
): Promise<Ran> {
  const clock = new TestClock();
  await using api = botApi({ clock });
  api.chat(CHAT, { name: "Ada" });
  const smtp = await startSmtpSink({ account: { user: "clock", pass: SMTP_PASSWORD } });
  const mailjet = startSendApi(KEYS);
  const url = new URL(smtp.url);
  url.password = encodeURIComponent(SMTP_PASSWORD);
  const env = {
    ...SETTINGS,
    TELEGRAM_BOT_TOKEN: api.token,
    TELEGRAM_API_URL: api.url,
    ...service === "smtp" ? { SMTP_URL: url.href } : {
      ...{ MAILJET_API_KEY: KEYS.key, MAILJET_API_SECRET: KEYS.secret },
      MAILJET_API_URL: mailjet.url,
    },
  };
  const config = readConfig({ TRUSTED_PROXIES: "1", ...env });
  const planted: Planted = new Map(Object.entries({
    "the app's secret": SETTINGS.APP_SECRET,
    "the admin's password": SETTINGS.ADMIN_PASSWORD,
    "the webhook's secret": SETTINGS.TELEGRAM_WEBHOOK_SECRET,
    "the bot's token": api.token,
    "the bot's token, its second half": api.token.split(":")[1]!,
    "a member's password": PASSWORD,
    "a recipient's address": ADDRESS,
    "a note": NOTE,
    ...service === "smtp" ? { "the SMTP password": SMTP_PASSWORD } : {
      ...{ "Mailjet's key": KEYS.key, "Mailjet's secret": KEYS.secret },
    },
  }));
  const lines: string[] = [];
  const log = createLog("debug", (line) => lines.push(line), hide ?? hideIn(config));
  const hasty: Clock = {
    now: () => clock.now(),
    sleep: (ms) => (clock.advance(ms), Promise.resolve()),
  };
  const telegram = (await createMessenger(config, { clock: hasty, log }))!;
  const state = { failing: false };
  const calls = { mail: 0, chat: 0 };
  const store = {} as TestApp["app"]["store"]; // the outbox's, which is not in use here
  const real = createMailer(config, { store, clock, log });
  const mailer: Mailer = {
    ...real,
    async send(mails) {
      if (!state.failing) return await real.send(mails);
      const fault = calls.mail++ % 4;
      if (fault === 0) careless(planted);
      if (service === "smtp") {
        smtp.replies.set(ADDRESS, `550 5.1.1 <${ADDRESS}> is nobody, ${SMTP_PASSWORD}`);
        if (fault === 1) smtp.hangUp("auth");
      } else {
        const body = JSON.stringify({ ErrorMessage: `${KEYS.secret} of ${ADDRESS} is wrong` });
        mailjet.fail({ status: [500, 401, 400][fault - 1]!, body });
      }
      return await real.send(mails);
    },
  };
  const messenger: Messenger = {
    ...telegram,
    async send(message) {
      if (!state.failing) return await telegram.send(message);
      const fault = calls.chat++ % 3;
      if (fault === 0) {
        throw new TypeError(
          `error sending request for url (${api.url}/bot${api.token}/sendMessage)`,
        );
      }
      if (fault === 1) api.answerWith({ drop: true });
      else api.answerWith({ error: { code: 401, words: `Unauthorized: ${api.token}` } });
      return await telegram.send(message);
    },
  };
  const out = new Out();
  {
    await using t = await testApp({
      ...{ clock, env, mailer, messenger, hide },
      bot: () => careless(planted),
    });
    for (const secret of secretsOfApp(t.app)) {
      planted.set(`a secret as ${secret.slice(0, 4)}…`, secret);
    }
    const texts = async () =>
      service === "smtp"
        ? (await smtp.parsed()).map(({ text }) => text ?? "")
        : mailjet.messages.map(({ TextPart }) => TextPart ?? "");
    const mail = {
      texts,
      set failing(failing: boolean) {
        state.failing = failing;
      },
    };
    const stage: Stage = { t, out, planted, mail };
    await story(stage);
    await aftermath(stage);
    planted.set("the hash of an address", await addressHash(t.app, ADDRESS));
    lines.push(...t.lines);
  }
  await telegram.close();
  await real.close();
  await smtp.close();
  await mailjet.close();
  for (const line of lines) out.add("the log", line);
  assertGreater(calls.mail, 2, "mail failed in each way");
  assertGreater(calls.chat, 2, "Telegram failed in each way");
  return { out, planted, lines };
}

for (const service of ["smtp", "mailjet"] as const) {
  Deno.test(`no secret, token, note or whole address comes out of a life with ${service}`, async () => {
    const { out, planted, lines } = await run(service);
    // The list of suppressions names an entry by the hash; logs and errors do not.
    planted.delete("the hash of an address");
    assertEquals(out.found(planted), []);
    const events = new Set(lines.map((line) => JSON.parse(line).event));
    for (const event of ["job_failed", "update_failed", "foreign_request", "sign_in_failed"]) {
      assert(events.has(event), `the story has ${event}`);
    }
    assertGreater(out.parts.length, 60);
  });

  Deno.test(`without hiding it would, with ${service}`, async () => {
    const { out, planted } = await run(service, { hide: (text) => text });
    const found = new Set(out.found(planted).filter((one) => one.endsWith("in the log")));
    for (
      const what of ["the app's secret", "the bot's token", "a recipient's address", "a session"]
    ) {
      assert(found.has(`${what} in the log`), what);
    }
  });
}

Deno.test("redact() hides what looks like a secret and leaves what names things", () => {
  const token = "A".repeat(20) + "b1-".repeat(8);
  const hidden: [string, string][] = [
    ["at https://me:pass@example.org/x", "at https://…@example.org/x"],
    [
      "https://api.telegram.org/bot123456:AAabcdefghijklmnopqrstuv/getMe",
      "https://api.telegram.org/bot…/getMe",
    ],
    [`/activate/${token}?x=1`, "/activate/…?x=1"],
    ["550 <ada.l+x@mail.example.org>: no", "550 <…@mail.example.org>: no"],
    ["Ünal@bücher.example", "…@bücher.example"],
    [`${"x".repeat(50)}!`, "…!"],
    ["code 7fQx0Zr3K9mW1bT5sYcE2A.", "code …."],
  ];
  for (const [text, wanted] of hidden) assertEquals(redact(text), wanted);
  const kept = [
    "Cannot find job 01hzy3v7k2m9q4r8t6w5x0abcd",
    "at assertEquals (file:///srv/clock_work/domain/broadcast_members.ts:18:14)",
    "npm/registry.npmjs.org/hono/4.13.19/dist/hono-base.js:12:3 hono@4.13.19",
    "TypeError: Cannot read properties of undefined (reading 'scheduleAtInstantOfSomething')",
  ];
  for (const text of kept) assertEquals(redact(text), text);
  assertEquals(redact("my key is hunter2, hunter2!", ["hunter2"]), "my key is …, …!");
});

Deno.test("no evil text keeps redact() busy", () => {
  for (
    const evil of [
      "a".repeat(100_000),
      "a@".repeat(50_000),
      "://".repeat(40_000),
      "A1-".repeat(40_000),
      "a.".repeat(50_000),
      "1:".repeat(50_000),
      `${"a.".repeat(30)}@${"a.".repeat(1_000)}`,
    ]
  ) {
    const before = performance.now();
    redact(evil);
    assert(performance.now() - before < 5_000, evil.slice(0, 20));
  }
});

Deno.test("an error is written down by its name, message and place, not with what hangs on it", () => {
  const lines: string[] = [];
  const log = createLog("info", (line) => lines.push(line));
  const error = Object.assign(new Error("first line\nsecond line"), {
    config: { auth: "planted" },
  });
  log.error("x", { text: "planted@example.org" }, error);
  const { error: said, text } = JSON.parse(lines[0]!);
  assertMatch(said, /^Error: first line\nsecond line at .*secrets_test\.ts:\d+/);
  assertEquals([text, lines[0]!.includes("planted")], ["…@example.org", false]);
});
