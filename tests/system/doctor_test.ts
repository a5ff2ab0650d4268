import { assertEquals, assertMatch, assertNotMatch, assertStringIncludes } from "@std/assert";
import { botApi } from "../support/bot_api.ts";
import { type Machine, machine } from "../support/machine.ts";
import { environment, publishedFlags } from "../support/process.ts";
import { assertNothingPrinted } from "../support/secrets.ts";
import { startSmtpSink } from "../support/smtp_sink.ts";

const NO_ADMIN = { ADMIN_EMAIL: "", ADMIN_PASSWORD: "" };

/** The doctor as a person runs it. */
async function doctor(m: Machine, env: Record<string, string> = {}, args: string[] = []) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...await publishedFlags(m.dir, "doctor"), "tasks/doctor.ts", ...args],
    clearEnv: true,
    env: { ...environment(), PORT: String(m.port), KV_PATH: `${m.dir}/store.sqlite3`, ...env },
  }).output();
  const says = new TextDecoder().decode(stdout);
  assertNothingPrinted(env, says + new TextDecoder().decode(stderr));
  assertNotMatch(new TextDecoder().decode(stderr), /Uncaught|error:/);
  return { code, says };
}

Deno.test("on a fresh machine the doctor finds nothing, and keeps a test in the outbox", async () => {
  await using m = await machine({ env: NO_ADMIN });
  const { code, says } = await doctor(m, {}, ["--send-test", "ada@example.org"]);
  assertEquals(code, 0, says);
  assertMatch(says, /✓ store .*takes writes.*; nothing is in it yet/);
  assertMatch(says, /✓ test mail kept in the outbox/);
  assertNotMatch((await doctor(m)).says, /nothing is in it yet/);
});

Deno.test("while the server has the store, the doctor asks the server", async () => {
  await using m = await machine();
  await using server = await m.start();
  const { code, says } = await doctor(m, {}, ["--send-test", "ada@example.org"]);
  assertMatch(says, /✓ store .*the running server has it, and says that it is ready/);
  assertMatch(says, /✗ test mail it would be kept in the outbox/);
  assertEquals(code, 1);
  const elsewhere = await doctor(m, { PORT: String(m.port + 1) });
  assertMatch(elsewhere.says, /✗ store .*no server answers at port/);
  server.kill("SIGTERM");
  await server.ended;
});

Deno.test("wrong settings, and words that it does not know, are said", async () => {
  await using m = await machine();
  const { code, says } = await doctor(m, { PORT: "many", SIGNUP: "maybe" });
  assertEquals(code, 1);
  assertMatch(says, /✗ settings .*PORT: say a whole number/);
  assertStringIncludes(says, "SIGNUP: say");
  for (const args of [["--help"], ["--send-test"], ["--send-test", "nobody"]]) {
    assertEquals((await doctor(m, {}, args)).code, 1);
  }
});

Deno.test("an SMTP server is signed in to, and a test mail arrives; a wrong password is said, not shown", async () => {
  await using m = await machine();
  const sink = await startSmtpSink({ account: { user: "clock", pass: "right-password" } });
  try {
    const env = { SMTP_URL: sink.url, MAIL_FROM: "clock@example.org", RECIPIENT_CHECK: "on" };
    const good = await doctor(m, env, ["--send-test", "ada@example.org"]);
    assertEquals(good.code, 0, good.says);
    assertMatch(good.says, /✓ mail .*lets us in/);
    assertMatch(good.says, /✓ test mail accepted for ada@example\.org/);
    assertEquals(sink.messages.map(({ to }) => to), [["ada@example.org"]]);

    const wrong = { ...env, SMTP_URL: sink.url.replace("right-password", "wrong-password") };
    const bad = await doctor(m, wrong);
    assertEquals(bad.code, 1, bad.says);
    assertMatch(bad.says, /✗ mail /);
    assertNotMatch(good.says + bad.says, /(right|wrong)-password/);
  } finally {
    await sink.close();
  }
});

Deno.test("a bot that answers is named, and a token that is not known is said, not shown", async () => {
  await using m = await machine();
  await using api = botApi();
  const env = { TELEGRAM_API_URL: api.url, TELEGRAM_BOT_TOKEN: api.token };
  const good = await doctor(m, env);
  assertEquals(good.code, 0, good.says);
  assertMatch(good.says, /✓ telegram +@\w+ answers; updates are asked for/);
  const token = `1234:${"x".repeat(35)}`;
  const bad = await doctor(m, { ...env, TELEGRAM_BOT_TOKEN: token });
  assertEquals(bad.code, 1, bad.says);
  assertMatch(bad.says, /✗ telegram /);
  for (const secret of [api.token, token]) {
    assertEquals((good.says + bad.says).includes(secret), false);
  }
});

Deno.test("Mailjet is asked for its senders, and its clock is compared with ours", async () => {
  await using m = await machine();
  let date = new Date().toUTCString();
  const authorization = `Basic ${btoa("the-key:the-secret")}`;
  const Data = [{ Email: "*@example.org", Status: "Active" }];
  await using api = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const known = request.headers.get("authorization") === authorization;
    return Response.json(known ? { Data } : {}, { status: known ? 200 : 401, headers: { date } });
  });
  const env = {
    MAILJET_API_URL: `http://127.0.0.1:${api.addr.port}`,
    MAILJET_API_KEY: "the-key",
    MAILJET_API_SECRET: "the-secret",
    MAIL_FROM: "clock@example.org",
  };
  const good = await doctor(m, env);
  assertEquals(good.code, 0, good.says);
  assertMatch(good.says, /✓ clock .*agrees/);
  assertMatch(good.says, /✓ mail .*Mailjet lets us in/);
  const stranger = await doctor(m, { ...env, MAIL_FROM: "clock@example.net" });
  assertMatch(stranger.says, /✗ mail .*does not know clock@example\.net/);
  date = new Date(Date.now() - 60_000).toUTCString(); // and as long as the doctor takes to start
  const bad = await doctor(m, { ...env, MAILJET_API_SECRET: "another-secret" });
  assertEquals(bad.code, 1);
  assertMatch(bad.says, /✗ clock .*6\d s ahead of/);
  assertMatch(bad.says, /✗ mail .*does not know MAILJET_API_KEY/);
  assertNotMatch(good.says + bad.says + stranger.says, /the-key|the-secret|another-secret/);
});
