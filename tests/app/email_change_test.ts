import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { accountByAddress } from "../../domain/accounts/accounts.ts";
import { findSession } from "../../domain/accounts/sessions.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import { addresseeOf } from "../../domain/recipients/addressee.ts";
import { suppress } from "../../domain/recipients/suppressing.ts";
import { transact } from "../../kv/transact.ts";
import type { Account } from "../../kv/schema.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { attempt, outcome } from "../support/attempts.ts";
import { days, hours, minutes } from "../support/clock.ts";
import { member, PASSWORD } from "../support/door.ts";
import type { Client } from "../support/http.ts";
import { mailingApp, pathsTo, subjects } from "../support/letters.ts";
import { TestMailer } from "../support/mailer.ts";
import { pageOf, visitor } from "../support/site.ts";

const [OLD, NEW, THIRD] = ["ada@example.org", "lovelace@example.org", "king@example.org"];
const HTML = { headers: { accept: "text/html" } };

const status = async (response: Response | Promise<Response>) => {
  const { status, body } = await response;
  await body?.cancel();
  return status;
};

interface Scene extends AsyncDisposable {
  t: TestApp;
  mailer: TestMailer;
  account: Account;
  /** Her browser, signed in. */
  ada: Client;
}

async function scene(): Promise<Scene> {
  const { t, mailer } = await mailingApp();
  const account = await member(t.app);
  const ada = await visitor(t, account);
  return { t, mailer, account, ada, [Symbol.asyncDispose]: () => t[Symbol.asyncDispose]() };
}

/** Asks for another address, has the letters sent, and says which link is where. */
async function ask({ t, mailer, ada }: Scene, email: string, old = OLD) {
  assertEquals(await status(ada.postForm("/account/email", { email })), 200);
  await t.drain();
  return {
    confirm: pathsTo(mailer, email, "/email/confirm/")[0] ?? "",
    undo: pathsTo(mailer, old, "/email/undo/")[0] ?? "",
  };
}

const emailOf = async ({ t, account }: Scene) =>
  (await read(t.app, keys.account(account.id)))?.email;

Deno.test("an address changes when the letter at the new one is opened, and the old one is told", async () => {
  await using s = await scene();
  const { t, mailer, ada, account } = s;
  const other = await attempt(t);
  const { confirm } = await ask(s, NEW);
  assertEquals(subjects(mailer).sort(), [
    [OLD, "Your address is about to change"],
    [NEW, "Confirm your new address"],
  ]);
  assertStringIncludes(
    mailer.accepted.find(({ to }) => to.address === OLD)!.text,
    "l…@example.org",
  );
  assertStringIncludes(await pageOf(ada, "/account/email"), "Not confirmed yet");
  for (let i = 0; i < 2; i++) assertStringIncludes(await pageOf(ada, confirm), NEW);
  assertEquals(await emailOf(s), OLD, "looking does nothing");
  const pressed = await ada.postForm(confirm, {});
  assertEquals([pressed.status, pressed.headers.get("location")], [303, "/account"]);
  assertStringIncludes(await pageOf(ada, "/account"), NEW);
  assertEquals(await findSession(t.app, other.value), null, "other browsers are signed out");
  assertEquals(await outcome(t), "unauthorized");
  assertEquals(await outcome(t, { email: NEW }), "in");
  assertEquals(await accountByAddress(t.app, OLD), null);
  assertEquals((await accountByAddress(t.app, NEW))?.verified?.by, "smtp");
  assertEquals(await status(ada.postForm(confirm, {})), 404, "a second time");
  await t.drain();
  assertEquals(subjects(mailer).slice(2).sort(), [
    [OLD, "Your address was changed"],
    [NEW, "This is your address now"],
  ]);
  const lines = (await list(t.app, ranges.audit)).filter(({ about }) => about === account.id);
  const acts = lines.map(({ act }) => act);
  assert(acts.includes("email_change_asked") && acts.includes("email_changed"));
  assert(!JSON.stringify(lines).includes(NEW), "no full address in the log");
});

Deno.test("the owner of the old address undoes a change within a week, and everybody is signed out", async () => {
  await using s = await scene();
  const { t, mailer, ada } = s;
  const { confirm } = await ask(s, NEW);
  await ada.postForm(confirm, {});
  await t.drain();
  t.clock.advance(days(7) - 1);
  const owner = await visitor(t);
  const [undo = ""] = pathsTo(mailer, OLD, "/email/undo/");
  assertStringIncludes(await pageOf(owner, undo), OLD);
  const pressed = await owner.postForm(undo, {});
  assertEquals([pressed.status, pressed.headers.get("location")], [303, "/reset"]);
  assertEquals(await emailOf(s), OLD);
  assertEquals(await status(ada.get("/account", HTML)), 303);
  assertEquals(await outcome(t), "in");
  assertEquals(await outcome(t, { email: NEW }), "unauthorized");
  assertEquals(await accountByAddress(t.app, NEW), null);
  assertEquals(await status(owner.postForm(undo, {})), 404);
});

Deno.test("before it is confirmed a change is stopped from the old address, and after a week no more", async () => {
  await using s = await scene();
  const { t } = s;
  const owner = await visitor(t);
  const { confirm, undo } = await ask(s, NEW);
  assertEquals(await status(owner.postForm(undo, {})), 303);
  assertEquals(await status(owner.postForm(confirm, {})), 404);
  assertEquals(await emailOf(s), OLD);
  s.ada = await visitor(t, (await accountByAddress(t.app, OLD))!);
  const late = await ask(s, NEW);
  t.clock.advance(days(7));
  assertEquals(await status(owner.get(late.undo, HTML)), 404);
  assertEquals(await status(owner.postForm(late.undo, {})), 404);
});

Deno.test("a new address is confirmed within the hour, and only the one asked for last", async () => {
  await using s = await scene();
  const { t, ada } = s;
  const first = await ask(s, NEW);
  const last = await ask(s, THIRD);
  assertEquals(await status(ada.postForm(first.confirm, {})), 404);
  t.clock.advance(hours(1));
  assertEquals(await status(ada.get(last.confirm, HTML)), 404);
  assertEquals(await status(ada.postForm(last.confirm, {})), 404);
  assertEquals(await emailOf(s), OLD);
});

Deno.test("who took an account over cannot undo what its owner undid", async () => {
  await using s = await scene();
  const { t, mailer, ada } = s;
  await ada.postForm((await ask(s, NEW)).confirm, {});
  await ada.postForm((await ask(s, THIRD, NEW)).confirm, {});
  await t.drain();
  assertEquals(await emailOf(s), THIRD);
  const [owner, thief] = [await visitor(t), await visitor(t)];
  const theirs = pathsTo(mailer, NEW, "/email/undo/");
  assertEquals(theirs.length, 2, "one when it was asked for, one when it was done");
  const [mine = ""] = pathsTo(mailer, OLD, "/email/undo/");
  assertEquals(await status(owner.postForm(mine, {})), 303);
  assertEquals(await emailOf(s), OLD);
  for (const link of theirs) assertEquals(await status(thief.postForm(link, {})), 404);
  assertEquals(await emailOf(s), OLD);
});

Deno.test("that an address is another's is not told to who asks for it", async () => {
  await using s = await scene();
  const { t, mailer, ada } = s;
  const bob = await member(t.app, { email: "bob@example.org" });
  const asked = async (email: string) => {
    const response = await ada.postForm("/account/email", { email });
    return [
      response.status,
      (await response.text()).replaceAll(email, "X").replace(/nonce="[^"]*"/g, ""),
    ];
  };
  assertEquals(await asked("bob@example.org"), await asked("nob@example.org"));
  const shown = async (email: string) => {
    await asked(email);
    return (await pageOf(ada, "/account/email")).replaceAll(email, "X").replace(
      /nonce="[^"]*"/g,
      "",
    );
  };
  assertEquals(await shown("bob@example.org"), await shown("nob@example.org"));
  await t.drain();
  const toBob = subjects(mailer).filter(([to]) => to === "bob@example.org");
  assertEquals(toBob[0], ["bob@example.org", "You already have an account"]);
  assertEquals(pathsTo(mailer, "bob@example.org", "/email/confirm/"), []);
  assertEquals(await read(t.app, keys.account(bob.id)), bob);
});

Deno.test("an address that became another's meanwhile is neither taken nor brought back", async () => {
  await using s = await scene();
  const { t, ada, mailer } = s;
  const { confirm } = await ask(s, NEW);
  await member(t.app, { email: NEW });
  assertEquals(await status(ada.postForm(confirm, {})), 404);
  assertEquals(await emailOf(s), OLD);
  await ada.postForm((await ask(s, THIRD)).confirm, {});
  await member(t.app, { email: OLD, name: "Another" });
  await t.drain();
  const [undo = ""] = pathsTo(mailer, OLD, "/email/undo/");
  assertEquals(await status((await visitor(t)).postForm(undo, {})), 409);
  assertEquals(await emailOf(s), THIRD);
  assertEquals((await accountByAddress(t.app, OLD))?.name, "Another");
});

Deno.test("an address is not changed without a proof, to nonsense, to itself, or all day long", async () => {
  await using s = await scene();
  const { t, ada } = s;
  for (const email of ["ada", OLD, "ADA@example.org", ""]) {
    assertEquals(await status(ada.postForm("/account/email", { email })), 400, email);
    assertEquals(await status(ada.post("/api/me/email", { email })), 400, email);
  }
  for (let i = 0; i < 5; i++) await ask(s, `n${i}@example.org`);
  assertEquals(await status(ada.postForm("/account/email", { email: NEW })), 429);
  t.clock.advance(minutes(10));
  const refused = await ada.post("/api/me/email", { email: NEW });
  assertEquals([refused.status, (await refused.json()).error.code], [403, "proof_needed"]);
  const page = await ada.get("/account/email", HTML);
  assertEquals(page.headers.get("location"), "/prove?next=%2Faccount%2Femail");
  assertEquals(await emailOf(s), OLD);
});

Deno.test("who asked changes their mind on the page", async () => {
  await using s = await scene();
  const { confirm } = await ask(s, NEW);
  assertEquals(await status(s.ada.postForm("/account/email/drop", {})), 303);
  assertEquals(await status(s.ada.postForm(confirm, {})), 404);
  assert(!(await pageOf(s.ada, "/account/email")).includes("Not confirmed yet"));
});

Deno.test("a suspended account's address stays as it is", async () => {
  await using s = await scene();
  const { t, account } = s;
  const { confirm, undo } = await ask(s, NEW);
  const suspended = { ...account, suspended: { at: 0, by: "root" } };
  await t.kv.set(keys.account(account.id), suspended);
  const owner = await visitor(t);
  for (const link of [confirm, undo]) {
    assertEquals(await status(owner.get(link, HTML)), 404);
    assertEquals(await status(owner.postForm(link, {})), 404);
  }
});

Deno.test("a program changes an address, and its session goes on", async () => {
  await using s = await scene();
  const { t, mailer, ada } = s;
  assertEquals(await status(ada.post("/api/me/email", { email: NEW })), 202);
  await t.drain();
  const token = pathsTo(mailer, NEW, "/email/confirm/")[0]!.split("/").at(-1)!;
  assertEquals(await status(ada.post("/api/accounts/email/confirm", { token })), 204);
  assertEquals((await (await ada.get("/api/me")).json()).email, NEW);
  await t.drain();
  const undo = pathsTo(mailer, OLD, "/email/undo/")[0]!.split("/").at(-1)!;
  assertEquals(await status(ada.post("/api/accounts/email/undo", { token: undo })), 204);
  assertEquals(await status(ada.get("/api/me")), 401);
});

Deno.test("where letters stay in the outbox who asked is shown the one to the new address", async () => {
  await using t = await testApp();
  const ada = await visitor(t, await member(t.app));
  const asked = await ada.postForm("/account/email", { email: NEW });
  const outbox = (await asked.text()).match(/href="(\/outbox\/open\/[^"]+)"/)?.[1] ?? "";
  await t.drain();
  const confirm = (await pageOf(ada, outbox)).match(/\/email\/confirm\/[\w-]{43}/)?.[0] ?? "";
  assertEquals(await status(ada.postForm(confirm, {})), 303);
  assertEquals(await outcome(t, { email: NEW, password: PASSWORD }), "in");
});

Deno.test("who confirms a new address is reached there again, whatever came back from it before", async () => {
  await using s = await scene();
  const { confirm } = await ask(s, NEW);
  const to = await addresseeOf(s.t.app, NEW);
  await transact(s.t.app, (tx) => suppress(s.t.app, tx, to, { scope: "all", cause: "bounce" }));
  assertEquals((await s.ada.postForm(confirm, {})).status, 303);
  assertEquals(await read(s.t.app, keys.suppression(to.hash, "all")), null);
});
