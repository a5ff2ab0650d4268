import { assert, assertEquals, assertFalse, assertMatch, assertStringIncludes } from "@std/assert";
import { setUpToken } from "../../domain/accounts/set_up.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { testApp } from "../support/app.ts";
import { PASSWORD } from "../support/door.ts";
import { TestMailer } from "../support/mailer.ts";
import { fieldIn, pageOf, visitor } from "../support/site.ts";

Deno.test("without JavaScript: set up, write, mail to three, see it done in the inbox", async () => {
  await using t = await testApp();
  const ada = await visitor(t);
  const setup = `/setup/${await setUpToken(t.app)}`;
  assertStringIncludes(await pageOf(ada, setup), `action="${setup}"`);
  const done = await ada.postForm(setup, {
    name: "Ada",
    email: "ada@example.org",
    password: PASSWORD,
    zone: "Asia/Kolkata",
    website: "",
  });
  assertEquals([done.status, done.headers.get("location")], [303, "/"]);
  assertStringIncludes(await pageOf(ada, "/"), "No notes yet. Write one above.");

  const draft = fieldIn(await pageOf(ada, "/"), "draft");
  const fields = { title: "Standup", text: "Release on *Thursday* #team", draft, then: "mail" };
  const saved = await ada.postForm("/notes", fields);
  assertEquals(saved.status, 303);
  const again = await ada.postForm("/notes", fields);
  assertEquals(
    again.headers.get("location"),
    saved.headers.get("location"),
    "posted twice is once",
  );

  const mailPath = saved.headers.get("location")!;
  const asking = await pageOf(ada, mailPath);
  assertStringIncludes(asking, "they will not see each other");
  const key = fieldIn(asking, "key");
  const to = " ana@example.org, Bob <bob@EXAMPLE.org>;\ncid@example.org ana@example.org";
  const check = await ada.postForm(mailPath, { to, key, step: "preview" });
  const preview = await check.text();
  assertStringIncludes(preview, "Mail 3 people");
  assertStringIncludes(preview, "Ada via Clock Work &lt;clock-work@localhost>");
  assertStringIncludes(await pageOf(ada, `${mailPath}/letter`), "<em>Thursday</em>");
  const sent = await ada.postForm(mailPath, { to, key, step: "send" });
  const mailing = sent.headers.get("location")!;
  assertMatch(mailing, /^\/mailings\//);
  assertStringIncludes(await pageOf(ada, mailing), "0 of 3");

  await t.drain();
  const finished = await pageOf(ada, mailing);
  assertStringIncludes(finished, "3 of 3");
  assertStringIncludes(finished, "bob@example.org");
  assertStringIncludes(await pageOf(ada, "/inbox"), "Mailed to 3 people");
  assertStringIncludes(await pageOf(ada, "/outbox"), "cid@example.org");
  assertStringIncludes(await pageOf(ada, "/mailings"), "Standup");
});

Deno.test("without JavaScript: sign up, open the letter in the outbox, confirm, and be in", async () => {
  await using t = await testApp();
  const bob = await visitor(t);
  const person = {
    name: "Bob",
    email: "bob@example.org",
    password: PASSWORD,
    zone: "",
    website: "",
  };
  const asked = await bob.postForm("/sign-up", person);
  assertEquals(asked.status, 200);
  const outbox = (await asked.text()).match(/href="(\/outbox\/open\/[^"]+)"/)![1]!;
  await t.drain();
  const letter = await pageOf(bob, outbox);
  const link = letter.match(/http:\/\/localhost:8000(\/activate\/[\w-]+)/)![1]!;
  const framed = await pageOf(bob, `${outbox}/html`);
  assertStringIncludes(framed, link);
  assertStringIncludes(framed, '<base target="_blank">', "no page of ours may open in the frame");
  assertStringIncludes(await pageOf(bob, link), `action="${link}"`);
  assertStringIncludes(await pageOf(bob, link), "Type the password", "looking does not use it up");
  const entered = await bob.postForm(link, { password: PASSWORD });
  assertEquals([entered.status, entered.headers.get("location")], [303, "/"]);
  assertEquals((await bob.postForm(link, { password: PASSWORD })).status, 404, "used once");
  assertStringIncludes(await pageOf(bob, "/account"), "bob@example.org");
  await bob.postForm("/sign-out", {});
  const back = await bob.postForm("/sign-in", { ...person, next: "/account" });
  assertEquals([back.status, back.headers.get("location")], [303, "/account"]);
  await bob.postForm("/sign-out", {});
  assertEquals((await bob.get("/account", { headers: { accept: "text/html" } })).status, 303);
});

Deno.test("the full stop after an address in a letter is not the address's", async () => {
  await using t = await testApp();
  const ada = await visitor(t, await t.person("Ada"));
  const draft = {
    title: "Tea",
    text: "At http://localhost:8000. Or (https://[::1]/x)! Or http://[.",
  };
  const { id } = await (await ada.post("/api/notes", draft)).json();
  await ada.post(`/api/notes/${id}/mailings`, { to: ["a@example.org"] });
  await t.drain();
  const outboxId = (await pageOf(ada, "/outbox")).match(/\/outbox\/([\w-]+)"/)![1]!;
  const links =
    (await pageOf(ada, `/outbox/${outboxId}`)).match(/<ul class="links">.*?<\/ul>/s)![0];
  const hrefs = [...links.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
  assertEquals(hrefs.slice(0, 2), ["http://localhost:8000", "https://[::1]/x"]);
  assert(hrefs.every((href) => URL.canParse(href!)), hrefs.join(" "));
});

Deno.test("a form that is refused shows what was typed, what is wrong, and its status", async () => {
  await using t = await testApp();
  const ada = await visitor(t, await t.person("Ada"));
  const cases: [Record<string, string>, number, string][] = [
    [{ title: "", text: "" }, 400, "Cannot save an empty note"],
    [{ title: "a\r\nb", text: "kept words" }, 400, "line breaks"],
    [{ title: "kept title", text: "a".repeat(102_401) }, 413, "longer than 100 KB"],
  ];
  for (const [fields, status, says] of cases) {
    const response = await ada.postForm("/notes", fields);
    const page = await response.text();
    assertEquals(response.status, status, says);
    assertStringIncludes(page, says);
    for (const kept of Object.values(fields).filter((value) => value.startsWith("kept"))) {
      assertStringIncludes(page, kept);
    }
  }
});

Deno.test("an edit that lost shows both versions and keeps the draft", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  const { id } = await createNote(t.app, { ownerId: person.id, title: "T", text: "one" });
  const edit = (text: string) => ada.postForm(`/notes/${id}`, { title: "T", text, version: "1" });
  assertEquals((await edit("theirs")).status, 303);
  const late = await edit("my words");
  assertEquals(late.status, 409);
  const page = await late.text();
  for (const words of ["my words", "theirs", "Changed elsewhere"]) {
    assertStringIncludes(page, words);
  }
  const version = fieldIn(page, "version");
  const taken = await ada.postForm(`/notes/${id}`, { title: "T", text: "both", version });
  assertEquals(taken.status, 303, "having seen both, one may save");
});

Deno.test("a deleted note can be brought back from the page that says so", async () => {
  await using t = await testApp();
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  const { id } = await createNote(t.app, { ownerId: person.id, title: "Visa papers", text: "x" });
  await ada.postForm(`/notes/${id}/delete`, {});
  const home = await pageOf(ada, "/");
  const undo = home.match(/action="(\/notes\/\w+\/restore)"/)![1]!;
  assertFalse((await pageOf(ada, "/")).includes("Undo"), "said once");
  assertEquals((await ada.postForm(undo, {})).status, 303);
  assertStringIncludes(await pageOf(ada, "/"), "Visa papers");
});

Deno.test("a recipient who may not be mailed is named with the reason, and nobody is mailed", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ mailer });
  const person = await t.person("Ada");
  const ada = await visitor(t, person);
  const { id } = await createNote(t.app, { ownerId: person.id, title: "T", text: "x" });
  for (
    const to of [
      "two@example.net two+1@example.net",
      "a@b@c",
      "ada@example.org, x@y\r\nBcc: z@example.org",
    ]
  ) {
    const response = await ada.postForm(`/notes/${id}/mail`, { to, step: "send" });
    assertEquals(response.status, 400, to);
    assertMatch(await response.text(), /another spelling|Remove|not an address|@/);
  }
  const nobody = await ada.postForm(`/notes/${id}/mail`, { to: "", step: "send" });
  assertEquals(nobody.status, 400);
  await t.drain();
  assertEquals(mailer.calls, []);
});

Deno.test("what is written is shown as text wherever it appears, never run", async () => {
  await using t = await testApp();
  const evil = `<img src=x onerror=alert(1)></script><script>alert(2)</script>"'>`;
  const person = await t.person("Ada", { name: evil.slice(0, 40) });
  const ada = await visitor(t, person);
  const text = `${evil}\n\n[x](javascript:alert(3)) ![y](https://evil.example/p.png) #a`;
  const { id } = await createNote(t.app, { ownerId: person.id, title: evil, text });
  await ada.postForm(`/notes/${id}/mail`, { to: "a@example.org", step: "send" });
  await t.drain();
  const outboxId = (await pageOf(ada, "/outbox")).match(/\/outbox\/([\w-]+)"/)![1]!;
  const paths = [
    "/",
    `/notes/${id}`,
    `/notes/${id}/edit`,
    `/notes/${id}/mail`,
    "/mailings",
    "/inbox",
  ];
  for (const path of [...paths, `/outbox/${outboxId}`, `/outbox/${outboxId}/html`, "/account"]) {
    const page = await pageOf(ada, path);
    assertFalse(/<img|<script>alert|href="javascript/i.test(page), path);
  }
});

Deno.test("an unknown page is a page with status 404, and in JSON for programs", async () => {
  await using t = await testApp();
  const ada = await visitor(t, await t.person("Ada"));
  const page = await ada.get("/nope", { headers: { accept: "text/html" } });
  assertEquals(page.status, 404);
  assertStringIncludes(await page.text(), "There is nothing here");
  const json = await ada.get("/api/nope");
  assertEquals(json.status, 404);
  assert((await json.json()).error.code === "not_found");
});

Deno.test("an address proven through the outbox is proven once more when real mail leaves", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ mailer });
  const person = await t.person("Ada", { verified: { at: 0, by: "outbox" } });
  const ada = await visitor(t, person);
  const { id } = await createNote(t.app, { ownerId: person.id, title: "T", text: "x" });
  const mailMyself = () => ada.postForm(`/notes/${id}/mail`, { to: person.email, step: "send" });
  assertEquals((await mailMyself()).status, 400);
  assertStringIncludes(await pageOf(ada, "/account"), "Not confirmed yet");
  assertEquals((await ada.postForm("/account/proof", {})).status, 303);
  await t.drain();
  const link = mailer.accepted[0]!.text.match(/localhost:8000(\/activate\/[\w-]+)/)![1]!;
  assertEquals((await ada.postForm(link, {})).status, 303);
  assertEquals((await mailMyself()).status, 303);
  assertFalse((await pageOf(ada, "/account")).includes("Not confirmed yet"));
});

Deno.test("who proved an address only through the outbox gives way to whoever reads its mail", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ mailer });
  const impostor = await t.person("Eve", {
    email: "ada@example.org",
    verified: { at: 0, by: "outbox" },
  });
  const eve = await visitor(t, impostor);
  const ada = await visitor(t);
  const person = {
    name: "Ada",
    email: "ada@example.org",
    password: PASSWORD,
    zone: "",
    website: "",
  };
  assertEquals((await ada.postForm("/sign-up", person)).status, 200);
  await t.drain();
  const link = mailer.accepted[0]!.text.match(/localhost:8000(\/activate\/[\w-]+)/)![1]!;
  assertEquals((await ada.postForm(link, { password: PASSWORD })).status, 303);
  assertStringIncludes(await pageOf(ada, "/account"), "ada@example.org");
  assertEquals((await eve.get("/account", { headers: { accept: "text/html" } })).status, 303);
});
