import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { settings } from "../../core/settings.ts";
import { ConfigError, readConfig } from "../../core/config.ts";

Deno.test("without any setting there is a working default", () => {
  const config = readConfig({});
  assertEquals(config.origin, "http://localhost:8000");
  assertEquals(config.kvPath, "./data/clock_work.sqlite3");
  assertEquals([config.signup, config.sending, config.recipientCheck], ["open", true, true]);
});

Deno.test("one error names every wrong setting and what would be right", () => {
  const error = assertThrows(
    () =>
      readConfig({
        PORT: "80000",
        ORIGIN: "http://notes.example.org",
        SIGNUP: "maybe",
        SMTP_URL: "mail.example.org",
        MAIL_PER_SECOND: "fast",
        ADMIN_PASSWORD: "short",
      }),
    ConfigError,
  );
  for (
    const name of ["PORT", "ORIGIN", "SIGNUP", "SMTP_URL", "MAIL_PER_SECOND", "ADMIN_PASSWORD"]
  ) {
    assertStringIncludes(error.message, `${name}: `);
  }
  assertEquals(error.problems.length, 6);
});

Deno.test("settings that are only wrong together are refused", () => {
  const wrong: Record<string, string>[] = [
    { ADMIN_EMAIL: "root@example.org" },
    { MAILJET_API_KEY: "k" },
    { SMTP_URL: "smtp://localhost:25" },
    {
      SMTP_URL: "smtp://localhost:25",
      MAIL_FROM: "a@example.org",
      MAILJET_API_KEY: "k",
      MAILJET_API_SECRET: "s",
    },
    { SMTP_URL: "smtp://localhost:25", MAIL_FROM: "a@example.org", RECIPIENT_CHECK: "off" },
    { DENO_DEPLOYMENT_ID: "d1" },
  ];
  for (const env of wrong) assertThrows(() => readConfig(env), ConfigError);
});

Deno.test("RECIPIENT_CHECK off is taken where sign-up is closed", () => {
  const config = readConfig({
    SMTP_URL: "smtp://localhost:25",
    MAIL_FROM: "a@example.org",
    RECIPIENT_CHECK: "off",
    SIGNUP: "closed",
  });
  assertEquals(config.recipientCheck, false);
});

const RANDOM = "q8Zk1vXo3TnY6bLrW0sHcJ5mPfGd2uAe";
const PUBLIC = {
  ORIGIN: "https://notes.example.org",
  TRUSTED_PROXIES: "1",
  APP_SECRET: RANDOM,
};
const SMTP = { SMTP_URL: "smtps://mail.example.org", MAIL_FROM: "clock@example.org" };
const MAILJET = { MAILJET_API_KEY: "k", MAILJET_API_SECRET: "s", MAIL_FROM: SMTP.MAIL_FROM };
const BOT = { TELEGRAM_BOT_TOKEN: "7180001234:AAplanted-token-of-the-stand_in-bot0" };

/** What would be unsafe to run, by the setting that is to blame, and what is as near and safe. */
const unsafe: [name: string, bad: Record<string, string>, good: Record<string, string>][] = [
  ["ORIGIN", { ORIGIN: "http://notes.example.org" }, PUBLIC],
  ["ORIGIN", { ORIGIN: "http://192.168.1.5:8000" }, { ORIGIN: "http://127.0.0.1:8000" }],
  ["TRUSTED_PROXIES", { ORIGIN: PUBLIC.ORIGIN, APP_SECRET: RANDOM }, {
    ...PUBLIC,
    TRUSTED_PROXIES: "0",
  }],
  ["APP_SECRET", { ORIGIN: PUBLIC.ORIGIN, TRUSTED_PROXIES: "1" }, PUBLIC],
  ["MAIL_PER_DAY", { ...PUBLIC, ...SMTP }, { ...PUBLIC, ...SMTP, MAIL_PER_DAY: "200" }],
  ["MAIL_PER_DAY", { ...PUBLIC, ...MAILJET }, { ...PUBLIC, ...MAILJET, SIGNUP: "closed" }],
  ["APP_SECRET", { APP_SECRET: "short" }, { APP_SECRET: RANDOM }],
  ["APP_SECRET", { APP_SECRET: "a".repeat(64) }, { APP_SECRET: RANDOM.repeat(2) }],
  ["APP_SECRET", { APP_SECRET: "0123456789".repeat(4) }, { APP_SECRET: `abab${RANDOM}` }],
  ["APP_SECRET", { APP_SECRET: `change-me-${RANDOM}` }, { APP_SECRET: `change-${RANDOM}` }],
  ["ADMIN_PASSWORD", { ADMIN_EMAIL: "a@example.org", ADMIN_PASSWORD: "12345678901234" }, {
    ADMIN_EMAIL: "a@example.org",
    ADMIN_PASSWORD: "123456789012345", // that it is too common is found with the list, at start
  }],
  ["MAIL_FROM", { SMTP_URL: SMTP.SMTP_URL }, SMTP],
  ["RECIPIENT_CHECK", { ...SMTP, RECIPIENT_CHECK: "off" }, {
    ...SMTP,
    RECIPIENT_CHECK: "off",
    SIGNUP: "closed",
  }],
  ["MAILJET_API_URL", { MAILJET_API_URL: "http://mail.example.org" }, {
    MAILJET_API_URL: "http://localhost:1",
  }],
  ["TELEGRAM_API_URL", { ...BOT, TELEGRAM_API_URL: "http://bots.example.org" }, BOT],
  ["TELEGRAM_MODE", { ...BOT, TELEGRAM_MODE: "webhook" }, {
    ...BOT,
    ...PUBLIC,
    TELEGRAM_MODE: "webhook",
  }],
  ["TELEGRAM_WEBHOOK_SECRET", { ...BOT, TELEGRAM_WEBHOOK_SECRET: "s".repeat(31) }, {
    ...BOT,
    TELEGRAM_WEBHOOK_SECRET: RANDOM,
  }],
  ["TELEGRAM_WEBHOOK_SECRET", { ...BOT, TELEGRAM_WEBHOOK_SECRET: "s".repeat(32) }, {
    ...BOT,
    TELEGRAM_WEBHOOK_SECRET: RANDOM,
  }],
  ["KV_PATH", { KV_PATH: "http://kv.example.org" }, { KV_PATH: "https://kv.example.org" }],
  ["KV_PATH", { KV_PATH: "http://8.8.8.8:4512" }, { KV_PATH: "http://10.0.0.7:4512" }],
  ["KV_PATH", { KV_PATH: "http://[2001:db8::1]:4512" }, { KV_PATH: "http://[fd00::1]:4512" }],
  ["KV_PATH", { KV_PATH: "http://172.32.0.1:4512" }, { KV_PATH: "http://denokv:4512" }],
  ["DENO_KV_ACCESS_TOKEN", { DENO_KV_ACCESS_TOKEN: "short" }, { DENO_KV_ACCESS_TOKEN: RANDOM }],
  ["LISTEN", { LISTEN: "everywhere" }, { LISTEN: "127.0.0.1" }],
];

for (const [name, bad, good] of unsafe) {
  Deno.test(`a start is refused for ${name} in ${JSON.stringify(bad)}`, () => {
    const { message, problems } = assertThrows(() => readConfig(bad), ConfigError);
    assertStringIncludes(message, "Cannot start: 1 wrong in the settings");
    assertStringIncludes(problems[0]!, `${name}: `);
    for (const value of Object.values(bad)) {
      if (value.length > 12) assertEquals(problems[0]!.includes(value), false, "no value is told");
    }
    readConfig(good);
  });
}

Deno.test("an origin is https, or plain on this machine alone", () => {
  const secret = { APP_SECRET: RANDOM };
  for (
    const ORIGIN of ["https://notes.example.org", "http://localhost:9000", "http://127.0.0.1:9000"]
  ) {
    assertEquals(readConfig({ ORIGIN, TRUSTED_PROXIES: "1", ...secret }).origin, ORIGIN);
  }
  for (
    const ORIGIN of [
      "http://10.0.0.1",
      "https://example.org/notes",
      "example.org",
      "ftp://localhost",
    ]
  ) {
    assertThrows(() => readConfig({ ORIGIN, ...secret }), ConfigError);
  }
});

Deno.test("on Deno Deploy mail leaves the production timeline only", () => {
  const { ORIGIN, APP_SECRET } = PUBLIC;
  const env = { DENO_DEPLOYMENT_ID: "d1", ORIGIN, APP_SECRET };
  assertEquals(readConfig({ ...env, DENO_TIMELINE: "production" }).sending, true);
  assertEquals(readConfig({ ...env, DENO_TIMELINE: "git-branch/main" }).sending, false);
  assertEquals(readConfig(env).sending, false);
  assertEquals(readConfig(env).kvPath, undefined);
});

Deno.test("an empty variable is one that is not set", () => {
  assertEquals(readConfig({ PORT: "", KV_PATH: "  " }).port, 8000);
});

Deno.test("the tasks let the process read exactly the settings, and the README names them all", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile("deno.json"));
  const readme = await Deno.readTextFile("README.md");
  // The platform's own names, and the one that Deno itself reads.
  const own = Object.keys(settings.shape).filter((name) => !name.startsWith("DENO_"));
  const others = ["DENO_KV_ACCESS_TOKEN", "DENO_DEPLOYMENT_ID", "DENO_TIMELINE"];
  for (const task of ["start", "dev", "doctor"]) {
    const allowed = tasks[task].command.match(/--allow-env=(\S+)/)[1].split(",");
    assertEquals(allowed.sort(), [...own, ...others].sort(), task);
  }
  assertEquals(own.filter((name) => !readme.includes(`\`${name}\``)), []);
});
