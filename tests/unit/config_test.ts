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

Deno.test("an origin is https, or plain on this machine alone", () => {
  for (
    const ORIGIN of ["https://notes.example.org", "http://localhost:9000", "http://127.0.0.1:9000"]
  ) {
    assertEquals(readConfig({ ORIGIN }).origin, ORIGIN);
  }
  for (
    const ORIGIN of [
      "http://10.0.0.1",
      "https://example.org/notes",
      "example.org",
      "ftp://localhost",
    ]
  ) {
    assertThrows(() => readConfig({ ORIGIN }), ConfigError);
  }
});

Deno.test("on Deno Deploy mail leaves the production timeline only", () => {
  const env = { DENO_DEPLOYMENT_ID: "d1", ORIGIN: "https://notes.example.org" };
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
