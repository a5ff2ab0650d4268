import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { SETTINGS } from "../../core/settings.ts";
import { say } from "../support/figures.ts";
import { jsonOf } from "../support/http.ts";
import { type Machine, machine, OPEN_MAIL, PASSWORD, visitor } from "../support/machine.ts";
import type { ServerProcess } from "../support/process.ts";
import { startSmtpSink } from "../support/smtp_sink.ts";
import { until } from "../support/until.ts";

const NO_ADMIN = { ADMIN_EMAIL: "", ADMIN_PASSWORD: "" };
const LINK = /\/setup\/\S+/;

/** What a start that is refused says, beside its log. */
async function refused(m: Machine, env: Record<string, string> = {}): Promise<string> {
  await using server = await m.launch(env);
  const { code, signal } = await server.ended;
  assertEquals([code, signal], [1, null], server.output());
  assertNotMatch(server.output(), /\bat .*:\d+:\d+|Uncaught|error:/, "words, and no stack");
  return server.output().split("\n").filter((line) => !line.startsWith("{")).join("\n").trim();
}

async function link(server: ServerProcess): Promise<string> {
  const [path] = await server.says(LINK);
  return path;
}

Deno.test("the first start says a link that makes the first account, once", async () => {
  await using m = await machine({ env: NO_ADMIN });
  const begun = performance.now();
  await using server = await m.start();
  const setUp = await link(server);
  const welcome = await m.browser.get("/", { headers: { accept: "text/html" } });
  say(
    `first start of an empty folder to its first page: ${Math.round(performance.now() - begun)} ms`,
  );
  assertEquals(welcome.status, 200);
  assertStringIncludes(await welcome.text(), "Clock Work");

  const form = await m.browser.get(setUp, { headers: { accept: "text/html" } });
  assertEquals(form.status, 200);
  assertStringIncludes(await form.text(), "<form");
  const person = { name: "Root", email: "root@example.org", password: PASSWORD };
  const foreign = await visitor(m.origin).postForm(setUp, person, {
    headers: { origin: "https://elsewhere.example", "sec-fetch-site": null },
  });
  assertEquals(foreign.status, 403);
  await foreign.text();

  const made = await m.browser.postForm(setUp, person, { headers: { "sec-fetch-site": null } });
  assertEquals([made.status, made.headers.get("location")], [303, "/"], await made.text());
  const me = await jsonOf(await m.browser.get("/api/me"));
  assertEquals([me.email, me.role], ["root@example.org", "admin"]);

  const again = await visitor(m.origin).get(setUp, { headers: { accept: "text/html" } });
  assertEquals(again.status, 404);
  await again.text();
  const eve = await visitor(m.origin).postForm(setUp, { ...person, email: "eve@example.org" });
  assert(!eve.ok, await eve.text());
  const { status, body } = await visitor(m.origin).post("/api/session", {
    email: "eve@example.org",
    password: PASSWORD,
  });
  assertEquals(status, 401);
  await body?.cancel();
});

Deno.test("the link of a start ends with the next one, and there is none after the first account", async () => {
  await using m = await machine({ env: NO_ADMIN });
  let before: string;
  {
    await using server = await m.start();
    before = await link(server);
  }
  {
    await using server = await m.start();
    const setUp = await link(server);
    const old = await m.browser.get(before, { headers: { accept: "text/html" } });
    assertEquals(old.status, 404);
    await old.text();
    const person = { name: "Root", email: "root@example.org", password: PASSWORD };
    const made = await m.browser.postForm(setUp, person);
    assertEquals(made.status, 303, await made.text());
  }
  const begun = performance.now();
  await using server = await m.start();
  const me = await m.browser.get("/api/me");
  say(`later start to its first answer: ${Math.round(performance.now() - begun)} ms`);
  assertEquals(me.status, 200, "the session is still good");
  await me.text();
  await server.says(/Clock Work is at/);
  assertNotMatch(server.output(), LINK);
});

Deno.test("with ADMIN_EMAIL and ADMIN_PASSWORD the admin signs in at once", async () => {
  await using m = await machine();
  await using server = await m.start();
  await m.signIn();
  const me = await jsonOf(await m.browser.get("/api/me"));
  assertEquals([me.email, me.role], ["root@example.org", "admin"]);
  await server.says(/Clock Work is at/);
  assertNotMatch(server.output(), LINK);
});

Deno.test("every wrong setting is named in one message", async () => {
  await using m = await machine();
  const wrong: Partial<Record<typeof SETTINGS[number], string>> = {
    PORT: "eight thousand",
    ORIGIN: "ftp://notes.example.org",
    APP_SECRET: "short",
    ADMIN_EMAIL: "root",
    ADMIN_PASSWORD: "short",
    SIGNUP: "maybe",
    MAIL_FROM: "clock",
    MAILJET_API_URL: "http://mail.example.org",
    SMTP_URL: "smtp://[",
    SENDING: "yes",
    RECIPIENT_CHECK: "no",
    RECIPIENT_DOMAINS: "example",
    MAIL_PER_SECOND: "fast",
    MAIL_SETTLE_SECONDS: "1.5",
    TRUSTED_PROXIES: "-1",
    QUEUES: "1",
    LOG_LEVEL: "all",
  };
  const [first, ...lines] = (await refused(m, wrong)).split("\n");
  assertEquals(first, `Cannot start: ${Object.keys(wrong).length} wrong in the settings`);
  assertEquals(lines.map((line) => line.trim().split(":")[0]), Object.keys(wrong));
});

Deno.test("settings that are only wrong together are refused in words", async () => {
  await using m = await machine();
  assertMatch(await refused(m, { SMTP_URL: "smtp://127.0.0.1:25" }), /MAIL_FROM: say from which/);
  assertMatch(await refused(m, { ADMIN_EMAIL: "" }), /ADMIN_EMAIL and ADMIN_PASSWORD: set both/);
  const bare = await refused(m, { ORIGIN: "https://notes.example.org" });
  assertMatch(bare, /^Cannot start: 2 wrong in the settings\n +APP_SECRET: set random/);
  assertMatch(bare, /\n +TRUSTED_PROXIES: say how many/);
  const guessed = await refused(m, { ADMIN_PASSWORD: "passwordpassword" });
  assertMatch(guessed, /^ADMIN_PASSWORD: Cannot use this password/);
});

Deno.test("LISTEN keeps the server on one address of the machine", async () => {
  await using m = await machine();
  const reaches = (hostname: string) =>
    Deno.connect({ hostname, port: m.port }).then((one) => one.close(), () => "refused");
  {
    await using _server = await m.start();
    assertEquals(await reaches("127.0.0.2"), undefined);
  }
  await using _server = await m.start({ LISTEN: "127.0.0.1" });
  assertEquals([await reaches("127.0.0.1"), await reaches("127.0.0.2")], [undefined, "refused"]);
});

Deno.test("a second process on the same file is refused, and the first goes on", async () => {
  await using m = await machine();
  await using server = await m.start();
  await m.signIn();
  const said = await refused(m, { PORT: String(m.port + 1) });
  assertMatch(said, /^Cannot open the store .*: another process has it/);
  const jobId = await m.mail(3);
  assertEquals((await m.job(jobId)).deliveries.length, 3);

  server.kill("SIGKILL");
  await server.ended;
  await using next = await m.start(); // the lock died with the first
  assertEquals((await m.job(jobId)).id, jobId);
  next.kill("SIGTERM");
  assertEquals((await next.ended).code, 0);
});

Deno.test("a port in use is refused in words, and the work waits for the next start", async () => {
  const sink = await startSmtpSink();
  {
    await using m = await machine({
      env: { ...OPEN_MAIL, SMTP_URL: sink.url, MAIL_PER_SECOND: "10" },
    });
    let jobId: string;
    {
      await using server = await m.start();
      await m.signIn();
      jobId = await m.mail(30);
      await until("the first message", () => sink.messages.length > 0);
      server.kill("SIGKILL");
      await server.ended;
    }
    {
      using _taken = Deno.listen({ hostname: "127.0.0.1", port: m.port });
      assertMatch(await refused(m), /^Cannot start: the port is in use; set PORT to a free one$/m);
    }
    assertEquals((await m.stored(jobId)).state, "scheduled", "nobody has begun it again");
    await using _server = await m.start();
    assertEquals((await m.over(jobId)).progress.done, 30);
  }
  await sink.close();
});

Deno.test("a store that cannot be opened is refused in words", async () => {
  await using m = await machine();
  await Deno.writeTextFile(`${m.dir}/file`, "not a folder");
  await Deno.mkdir(`${m.dir}/folder`);
  await Deno.writeTextFile(`${m.dir}/junk.sqlite3`, "not a database, and long enough ".repeat(200));
  const ways: [string, RegExp][] = [
    [`${m.dir}/file/store.sqlite3`, /leads through a file that is no folder$/],
    [`${m.dir}/folder`, /Is a directory/],
    [`${m.dir}/junk.sqlite3`, /file is not a database$/],
    [`${m.dir}-elsewhere/store.sqlite3`, /this process may only use \.\/data/],
  ];
  for (const [path, why] of ways) {
    const said = await refused(m, { KV_PATH: path });
    assert(said.startsWith(`Cannot open the store ${path}: `), said);
    assertMatch(said, why);
  }
});

Deno.test("a start that lets members mail anyone says so, to people and in the log", async () => {
  await using m = await machine();
  const warning = /RECIPIENT_CHECK is off: members may mail anyone/;
  {
    await using open = await m.start({ ...OPEN_MAIL, SMTP_URL: "smtp://127.0.0.1:9" });
    assertMatch(open.output(), warning);
    assertMatch(open.output(), /"level":"warn","event":"recipient_check_off"/);
    open.kill("SIGTERM");
    await open.ended;
  }
  await using usual = await m.start({ MAIL_FROM: "c@example.org", SMTP_URL: "smtp://127.0.0.1:9" });
  assertNotMatch(usual.output(), warning);
  usual.kill("SIGTERM");
  await usual.ended;
});
