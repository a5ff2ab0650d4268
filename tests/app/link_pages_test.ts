import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { findSession } from "../../domain/accounts/sessions.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import { transact } from "../../kv/transact.ts";
import { testApp } from "../support/app.ts";
import { attempt, outcome } from "../support/attempts.ts";
import { minutes } from "../support/clock.ts";
import { member, OTHER_PASSWORD, PASSWORD } from "../support/door.ts";
import { type Client, errorOf } from "../support/http.ts";
import { mailingApp, pathsTo, subjects } from "../support/letters.ts";
import { pageOf, sessionValue, visitor } from "../support/site.ts";

const ADA = "ada@example.org";
const HTML = { headers: { accept: "text/html" } };

const status = async (response: Response | Promise<Response>) => {
  const { status, body } = await response;
  await body?.cancel();
  return status;
};

/** Asks for a letter as the page does. */
async function ask(who: Client, path: "/reset" | "/sign-in/mail", more = {}): Promise<string> {
  const response = await who.postForm(path, { email: ADA, ...more });
  assertEquals(response.status, 200);
  return await response.text();
}

Deno.test("who forgot the password chooses a new one by a letter, and nobody else is left signed in", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const account = await member(t.app);
  const { value } = await attempt(t);
  const ada = await visitor(t);
  assertStringIncludes(await pageOf(ada, "/sign-in"), 'href="/reset"');
  assertStringIncludes(await pageOf(ada, "/reset"), 'action="/reset"');
  assertStringIncludes(await ask(ada, "/reset"), "If there is an account with");
  await t.drain();
  const [link = ""] = pathsTo(mailer, ADA, "/reset/");
  for (let i = 0; i < 3; i++) assertStringIncludes(await pageOf(ada, link), `action="${link}"`);
  const short = await ada.postForm(link, { password: "short" });
  assertEquals(short.status, 400, "and the link is not used up");
  assertStringIncludes(await short.text(), "take at least 15");
  const set = await ada.postForm(link, { password: OTHER_PASSWORD });
  assertEquals([set.status, set.headers.get("location")], [303, "/sign-in"]);
  assertEquals(await status(ada.get("/account", HTML)), 303, "nobody is signed in by it");
  assertEquals(await findSession(t.app, value), null);
  assertEquals(await outcome(t), "unauthorized");
  assertEquals(await outcome(t, { password: OTHER_PASSWORD }), "in");
  assertEquals(await status(ada.get(link, HTML)), 404, "a second time");
  assertEquals(await status(ada.postForm(link, { password: PASSWORD })), 404);
  await t.drain();
  assertEquals(subjects(mailer).at(-1), [ADA, "Your password was changed"]);
  const lines = await list(t.app, ranges.audit);
  const acts = lines.filter(({ about }) => about === account.id).map(({ act }) => act);
  assert(acts.includes("reset_asked") && acts.includes("password_reset"));
});

Deno.test("of the links for a new password only the newest works, for half an hour", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  await member(t.app);
  const ada = await visitor(t);
  for (let i = 0; i < 2; i++) {
    await ask(ada, "/reset");
    await t.drain();
  }
  const [newest = "", older = ""] = pathsTo(mailer, ADA, "/reset/");
  assertEquals(await status(ada.postForm(older, { password: OTHER_PASSWORD })), 404);
  assertEquals(await status(ada.get(newest, HTML)), 200);
  t.clock.advance(minutes(30));
  assertEquals(await status(ada.get(newest, HTML)), 404);
  assertEquals(await status(ada.postForm(newest, { password: OTHER_PASSWORD })), 404);
  assertEquals(await outcome(t), "in", "the password is as it was");
});

Deno.test("one is signed in by the link of a letter, once, for ten minutes", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const account = await member(t.app);
  const ada = await visitor(t);
  await ask(ada, "/sign-in/mail", { next: "/reminders?tab=done", password: "left in the form" });
  await t.drain();
  const [link = ""] = pathsTo(mailer, ADA, "/sign-in/mail/");
  assertMatch(link, /\?next=%2Freminders%3Ftab%3Ddone$/);
  const path = link.split("?")[0]!;
  const page = await pageOf(ada, link);
  assertStringIncludes(page, "signed in as a…@example.org");
  assertEquals(ada.cookies.size, 0, "looking at it does nothing");
  const pressed = await ada.postForm(path, { next: "/reminders?tab=done" });
  assertEquals(pressed.headers.get("location"), "/reminders?tab=done");
  const [value = ""] = ada.cookies.values();
  assertEquals((await findSession(t.app, value))?.account.id, account.id);
  assertEquals(await status(ada.postForm(path, {})), 404, "a second time");
  await ask(ada, "/sign-in/mail");
  await t.drain();
  t.clock.advance(minutes(10));
  const [late = ""] = pathsTo(mailer, ADA, "/sign-in/mail/");
  assertEquals(await status(ada.get(late, HTML)), 404);
  assertEquals(await status(ada.postForm(late, {})), 404);
});

Deno.test("a program asks for letters and uses what their links carry", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  await member(t.app);
  const program = await visitor(t);
  const carried = (begin: string) => pathsTo(mailer, ADA, begin)[0]!.split("/").at(-1)!;
  assertEquals(await status(program.post("/api/session/mail", { email: ADA })), 202);
  assertEquals(await status(program.post("/api/accounts/reset", { email: ADA })), 202);
  await t.drain();
  const signIn = carried("/sign-in/mail/");
  const inn = await program.post("/api/session/token", { token: signIn });
  assertEquals([inn.status, (await inn.json()).email], [201, ADA]);
  assertEquals(await status(program.post("/api/session/token", { token: signIn })), 404);
  const reset = { token: carried("/reset/"), password: OTHER_PASSWORD };
  assertEquals(await status(program.post("/api/accounts/reset/confirm", reset)), 204);
  assertEquals(await status(program.get("/api/me")), 401, "its session has ended too");
  assertEquals(await outcome(t, { password: OTHER_PASSWORD }), "in");
});

Deno.test("links work for nothing else, not altered, and not after the sessions were ended", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const account = await member(t.app);
  const ada = await visitor(t);
  await ask(ada, "/reset");
  await ask(ada, "/sign-in/mail");
  await t.drain();
  const reset = pathsTo(mailer, ADA, "/reset/")[0]!.split("/").at(-1)!;
  const signIn = pathsTo(mailer, ADA, "/sign-in/mail/")[0]!.split("/").at(-1)!;
  const password = OTHER_PASSWORD;
  const altered = signIn.slice(0, -1) + (signIn.endsWith("A") ? "B" : "A");
  const wrong: [string, object][] = [
    ["/api/session/token", { token: reset }],
    ["/api/session/token", { token: altered }],
    ["/api/session/token", { token: "" }],
    ["/api/accounts/reset/confirm", { token: signIn, password }],
    ["/api/accounts/email/confirm", { token: signIn }],
    ["/api/accounts/email/undo", { token: reset }],
  ];
  const said = "Cannot use this link: it was used before, or it is too old";
  for (const [path, json] of wrong) {
    const response = await ada.post(path, json);
    assertEquals([response.status, (await errorOf(response)).message], [404, said], path);
  }
  await transact(t.app, (tx) => tx.set(keys.account(account.id), { ...account, epoch: 1 }));
  for (const path of [`/reset/${reset}`, `/sign-in/mail/${signIn}`]) {
    assertEquals(await status(ada.get(path, HTML)), 404);
    assertEquals(await status(ada.postForm(path, { password })), 404);
  }
});

Deno.test("of many uses of one link at once one goes through", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  await member(t.app);
  const ada = await visitor(t);
  await ask(ada, "/sign-in/mail");
  await t.drain();
  const [path = ""] = pathsTo(mailer, ADA, "/sign-in/mail/");
  const uses = Array.from(
    { length: 10 },
    async () => status((await visitor(t)).postForm(path, {})),
  );
  assertEquals((await Promise.all(uses)).filter((one) => one === 303).length, 1);
});

Deno.test("nothing is mailed where there is no account, or none that is open", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  await member(t.app, { suspended: { at: 0, by: "root" } });
  await member(t.app, { email: "gone@example.org", closedAt: 1 });
  await member(t.app, { email: "old@example.org", verified: { at: 0, by: "outbox" } });
  const eve = await visitor(t);
  for (const email of [ADA, "gone@example.org", "old@example.org", "nobody@example.org"]) {
    assertEquals(await status(eve.postForm("/reset", { email })), 200);
    assertEquals(await status(eve.postForm("/sign-in/mail", { email })), 200);
  }
  await t.drain();
  assertEquals(subjects(mailer), []);
});

Deno.test("where letters stay in the outbox only who sits at the machine gets to read one that opens an account", async () => {
  for (
    const [origin, from, shown] of [
      ["http://localhost:8000", "127.0.0.1", true],
      ["http://localhost:8000", "::1", true],
      ["http://localhost:8000", "192.168.1.7", false],
      ["https://clock.example.org", "127.0.0.1", false],
    ] as const
  ) {
    await using t = await testApp({ env: { ORIGIN: origin } });
    await member(t.app);
    const ada = await visitor(t);
    ada.from = from;
    for (const path of ["/reset", "/sign-in/mail"] as const) {
      const page = await ask(ada, path);
      const outbox = page.match(/href="(\/outbox\/open\/[^"]+)"/)?.[1];
      assertEquals(outbox !== undefined, shown, `${origin} from ${from}`);
      if (outbox === undefined) continue;
      await t.drain();
      assertStringIncludes(await pageOf(ada, outbox), `${origin}${path}/`);
    }
  }
});

Deno.test("who cannot prove it by the password does so by a letter, and goes on where they wanted to", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  const account = await member(t.app);
  const ada = await visitor(t, account);
  const before = await sessionValue(t, account);
  t.clock.advance(minutes(11));
  const asked = await ada.postForm("/prove/mail", { next: "/account/email" });
  assertStringIncludes(await asked.text(), ADA);
  await t.drain();
  const [link = ""] = pathsTo(mailer, ADA, "/sign-in/mail/");
  assert(link.endsWith("?next=%2Faccount%2Femail"));
  await ada.postForm(link.split("?")[0]!, { next: "/account/email" });
  assertEquals(await status(ada.get("/account/email", HTML)), 200);
  assert(await findSession(t.app, before), "other browsers stay as they are");
});
