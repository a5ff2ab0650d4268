import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { createSmtpMailer } from "../../adapters/smtp.ts";
import { createMailjetMailer } from "../../adapters/mailjet.ts";
import { AppError } from "../../core/errors.ts";
import type { Mail } from "../../core/mail.ts";
import { createLog } from "../../core/log.ts";
import { broadcastCounts } from "../../domain/broadcasts/broadcast_members.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { preferencesOf } from "../../domain/accounts/preferences.ts";
import { askForLink } from "../../domain/accounts/account_links.ts";
import { readStop, signStop } from "../../domain/recipients/stop_links.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { confirmBroadcast, written } from "../support/broadcasts.ts";
import { days, hours, minutes, seconds } from "../support/clock.ts";
import { Client } from "../support/http.ts";
import { TestMailer } from "../support/mailer.ts";
import { mailNote, OPEN_MAIL, suppressions } from "../support/mailing.ts";
import { daily, remind } from "../support/reminders.ts";
import { startSendApi } from "../support/send_api.ts";
import { visitor } from "../support/site.ts";
import { startSmtpSink } from "../support/smtp_sink.ts";

const BOB = "bob@example.net";
const ONE_CLICK = "List-Unsubscribe=One-Click";
const URLENCODED = "application/x-www-form-urlencoded";

async function world() {
  const mailer = new TestMailer();
  const t = await testApp({ env: OPEN_MAIL, mailer });
  return { t, mailer, ada: await t.person("Ada") };
}

/** A note that Bob has got, and the path of its link. */
async function letter() {
  const { t, mailer, ada } = await world();
  await mailNote(t, ada, [BOB]);
  await t.drain();
  return { t, mailer, ada, path: pathOf(mailer.accepted[0]!) };
}

function pathOf({ headers }: Pick<Mail, "headers">): string {
  const [, path = ""] = /^<http:\/\/localhost:8000(\/u\/[\w.-]+)>$/.exec(
    headers["List-Unsubscribe"] ?? "",
  ) ?? [];
  return path;
}

/** Posts as a mail provider does: no cookie, no page of ours, no word of where it comes from. */
async function click(t: TestApp, path: string, raw: BodyInit = ONE_CLICK, type = URLENCODED) {
  const response = await (await visitor(t)).send(path, {
    method: "POST",
    raw,
    headers: {
      "content-type": type || null,
      "sec-fetch-site": null,
      "origin": null,
      "accept": "*/*",
    },
  });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

async function everything(kv: Deno.Kv): Promise<string> {
  const entries = await Array.fromAsync(kv.list({ prefix: [] }));
  return JSON.stringify(entries.map(({ key, versionstamp }) => [key, versionstamp]));
}

async function opened(client: Client, path: string): Promise<string> {
  const response = await client.get(path, { headers: { accept: "text/html" } });
  assertEquals(response.status, 200);
  return await response.text();
}

async function announced(t: TestApp, root: Account): Promise<void> {
  const channels = { mail: true, telegram: false };
  const { id, version } = await written(t, root, { channels });
  const { members } = await broadcastCounts(t.app, { channels });
  await confirmBroadcast(t.app, { id, adminId: root.id, version, members });
  t.clock.advance(minutes(20));
  await t.drain();
}

Deno.test("one click stops a member's mail: urlencoded or multipart, twice, without a redirect", async () => {
  const multipart = new FormData();
  multipart.set("List-Unsubscribe", "One-Click");
  const form = new Response(multipart);
  const bodies: [BodyInit, string][] = [
    [ONE_CLICK, URLENCODED],
    [ONE_CLICK, `${URLENCODED}; charset=UTF-8`],
    [await form.arrayBuffer(), form.headers.get("content-type")!],
  ];
  for (const [body, type] of bodies) {
    const { t, mailer, ada, path } = await letter();
    await using _ = t;
    for (let i = 0; i < 2; i++) {
      const { status, text, headers } = await click(t, path, body, type);
      assertEquals([status, text], [200, "Stopped.\n"], type);
      assertEquals([headers.get("location"), headers.get("set-cookie")], [null, null]);
    }
    assertEquals(await suppressions(t), ["unsubscribe sender"]);
    await assertRejects(() => mailNote(t, ada, [BOB]), AppError, "does not want mail from you");
    await t.drain();
    assertEquals(mailer.recipients(), [BOB]);
  }
});

Deno.test("opening a link changes nothing, however often a scanner does it", async () => {
  const { t, path } = await letter();
  await using _ = t;
  const before = await everything(t.kv);
  const stranger = await visitor(t);
  for (const where of [path, `${path}/report`]) {
    for (const method of ["GET", "HEAD", "GET"]) {
      const response = await stranger.send(where, { method, headers: { accept: "text/html" } });
      assertEquals(response.status, 200);
      assertEquals(response.headers.get("cache-control"), "no-store");
      assertEquals(response.headers.get("referrer-policy"), "same-origin");
      await response.body?.cancel();
    }
  }
  assertEquals(await everything(t.kv), before);
});

Deno.test("the page says in plain words what can be stopped, stops it, and takes it back", async () => {
  const { t, mailer, ada, path } = await letter();
  await using _ = t;
  const bob = await visitor(t);
  const first = await opened(bob, path);
  for (
    const words of ["b…@example.net", "Stop mails from Ada", "everything except sign-in mails"]
  ) {
    assertStringIncludes(first, words);
  }
  assert(!first.includes(BOB));
  const press = async (what: string, act: string) =>
    await (await bob.postForm(path, { what, act })).text();
  assertStringIncludes(await press("this", "stop"), "Stopped: mails from Ada");
  assertStringIncludes(await opened(bob, path), "Stopped: mails from Ada");
  assertStringIncludes(await press("all", "stop"), "Stopped: everything except sign-in mails");
  assertEquals(await suppressions(t), ["never all", "unsubscribe sender"]);
  await press("all", "undo");
  assertStringIncludes(await press("this", "undo"), ">Stop mails from Ada<");
  assertEquals(await suppressions(t), []);
  await mailNote(t, ada, [BOB]);
  await t.drain();
  assertEquals(mailer.recipients(), [BOB, BOB]);
});

Deno.test("a link that was altered, and a body that is none, have no effect", async () => {
  const { t, path } = await letter();
  await using _ = t;
  const token = path.slice("/u/".length);
  const parts = token.split(".");
  const altered = parts.map((part, i) => {
    const other = part.startsWith("0") ? "1" : "0";
    return parts.toSpliced(i, 1, other + part.slice(1)).join(".");
  });
  const other = await signStop({ secret: new Uint8Array(32) }, await readStop(t.app, token));
  const wrong = [...altered, other, "x", `${token}x`, `${token}.x`, token.slice(0, -1)];
  for (const one of [...wrong, "x".repeat(3_000), "%00", "..%2f"]) {
    const { status, text } = await click(t, `/u/${one}`);
    if (wrong.includes(one)) assertEquals(status, 200, one);
    assert(status === 200 ? text.includes("nothing to stop") : status === 404, `${status} ${one}`);
    assertEquals((await click(t, `/u/${one}`, "what=this&act=stop")).status, 404, one);
    assertEquals((await click(t, `/u/${one}/report`)).status, 404, one);
  }
  const damaged = "multipart/form-data; boundary=x";
  const bodies: [string, string][] = [
    ["", ""],
    ["a=b", URLENCODED],
    ["what=this", URLENCODED],
    [
      "what=x&act=stop",
      URLENCODED,
    ],
    ["List-Unsubscribe=No", URLENCODED],
    ["--x\r\nno", damaged],
    [ONE_CLICK, "multipart/form-data"],
  ];
  for (const [body, type] of bodies) {
    assertEquals((await click(t, path, body, type)).status, 400, `${type} ${body}`);
  }
  assertEquals((await click(t, path, "x".repeat(70_000))).status, 413);
  assertEquals(await suppressions(t), []);
});

Deno.test("a link works when both accounts are gone, and ten years later", async () => {
  const { t, ada, path } = await letter();
  await using _ = t;
  await transact(t.app, (tx) => {
    tx.delete(keys.account(ada.id));
    tx.delete(keys.accountByEmail(ada.email));
  });
  t.clock.advance(days(3_650));
  assertStringIncludes(await opened(await visitor(t), path), "Stop mails from this sender");
  assertEquals((await click(t, path)).status, 200);
  assertEquals(await suppressions(t), ["unsubscribe sender"]);
});

Deno.test("a provider's click is answered with 200 however often it comes; a button is pressed sixty times a minute", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  const people = Array.from({ length: 150 }, (_, i) => `p${i}@example.net`);
  await mailNote(t, ada, people);
  await t.drain();
  for (const mail of mailer.accepted) assertEquals((await click(t, pathOf(mail))).status, 200);
  assertEquals((await suppressions(t)).length, 150);
  const path = pathOf(mailer.accepted[0]!);
  for (let i = 0; i < 130; i++) assertEquals((await click(t, path)).status, 200);
  const press = async () => (await click(t, path, "what=this&act=stop")).status;
  for (let i = 0; i < 60; i++) assertEquals(await press(), 200);
  assertEquals(await press(), 429);
  assertEquals((await click(t, path)).status, 200);
  t.clock.advance(seconds(1));
  assertEquals(await press(), 200);
  const wrong = await Promise.all(Array.from({ length: 70 }, () => click(t, "/u/wrong")));
  assert(wrong.some(({ status }) => status === 429), "guesses are counted as all strangers are");
});

Deno.test("an announcement's link stops announcements, and everything on the same page", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  const root = await t.person("Root", { role: "admin" });
  await announced(t, root);
  const path = pathOf(mailer.accepted.find(({ to }) => to.address === ada.email)!);
  assertStringIncludes(await opened(await visitor(t), path), "Stop announcements");
  assertEquals((await click(t, path)).status, 200);
  mailer.accepted.length = 0;
  await announced(t, root);
  assertEquals(mailer.recipients(), [root.email]);
});

Deno.test("the link in one's own reminder stops reminders by mail, at once and for new ones", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  const channels = { page: true, telegram: false, mail: [ada.email] };
  await remind(t.app, ada, { channels, rule: daily });
  t.clock.advance(hours(22));
  await t.drain();
  const [first] = mailer.accepted;
  assertEquals(first!.headers["X-Clock-Work-Report"], undefined, "nobody reports themselves");
  const path = pathOf(first!);
  assertStringIncludes(await opened(await visitor(t), path), "Stop your reminders by mail");
  assertEquals((await click(t, `${path}/report`)).status, 404);
  await click(t, path);
  assertEquals((await preferencesOf(t.app, ada.id)).reminders, { mail: false, telegram: true });
  t.clock.advance(days(1));
  await t.drain();
  assertEquals(mailer.accepted.length, 1);
  await mailNote(t, ada, [ada.email]);
  await t.drain();
  assertEquals(mailer.accepted.length, 2, "a note to oneself still comes");
  await (await visitor(t)).postForm(path, { what: "this", act: "undo" });
  assertEquals((await preferencesOf(t.app, ada.id)).reminders.mail, true);
  t.clock.advance(days(1));
  await t.drain();
  assertEquals(mailer.accepted.length, 3);
});

Deno.test("who stopped everything still gets letters that open their account; who bounced does not", async () => {
  const { t, mailer } = await world();
  await using _ = t;
  await t.person("Bob", { email: BOB });
  const asked = { letter: "sign_in", email: BOB, address: "192.0.2.1" } as const;
  const ada = await t.person("Eve");
  await mailNote(t, ada, [BOB]);
  await t.drain();
  await (await visitor(t)).postForm(pathOf(mailer.accepted[0]!), { what: "all", act: "stop" });
  await askForLink(t.app, asked);
  await t.drain();
  assertEquals(mailer.recipients(), [BOB, BOB]);
  const last = mailer.accepted.at(-1)!;
  const names = ["Auto-Submitted", "X-Clock-Work-Report", "Feedback-ID"];
  assertEquals(Object.keys(last.headers), names, "and it offers to report it, not to stop it");
  assert(!/\/u\/[^/]+[\s"]/.test(last.text + last.html));
  mailer.answer = () => ({ is: "refused", reason: "550 5.1.1 nobody", badAddress: true });
  await askForLink(t.app, asked);
  await t.drain();
  mailer.answer = (mail) => mailer.accept(mail);
  await askForLink(t.app, asked);
  await t.drain();
  assertEquals(mailer.accepted.length, 2);
  assertEquals(await suppressions(t), ["bounce all"]);
  const [there] = await list(t.app, ranges.suppressions);
  assertEquals(there!.chosen?.cause, "never", "what he chose is beneath it");
});

Deno.test("a report stops the pair, is a complaint against the sender, and admins are told; once", async () => {
  const { t, mailer, ada, path } = await letter();
  await using _ = t;
  const root = await t.person("Root", { role: "admin" });
  const bob = await visitor(t);
  assertStringIncludes(await opened(bob, `${path}/report`), "Report it");
  for (let i = 0; i < 3; i++) {
    const response = await bob.postForm(`${path}/report`, {});
    assertEquals(response.status, 200);
    assertStringIncludes(await response.text(), "Mail from Ada is stopped for you");
  }
  await t.drain();
  assertEquals(await suppressions(t), ["complaint sender"]);
  const { items } = await listNotifications(t.app, { accountId: root.id });
  assertEquals(items.map(({ title }) => title), ["Mail from Ada was reported"]);
  const lines = await list(t.app, ranges.audit);
  assertEquals(lines.map(({ act }) => act), ["suppressed", "reported"]);
  const [day] = await list(t.app, ranges.mailDaysOf(ada.id));
  assertEquals(day!.complained, 1);
  await assertRejects(() => mailNote(t, ada, [BOB]), AppError, "does not want mail from you");
  await t.drain();
  assertEquals(mailer.recipients(), [BOB]);
  await bob.postForm(path, { what: "this", act: "undo" });
  await bob.postForm(`${path}/report`, {});
  await t.drain();
  const [still] = await list(t.app, ranges.mailDaysOf(ada.id));
  assertEquals(still!.complained, 1, "taking it back and reporting again is no second complaint");
});

Deno.test("the links stand in the headers and, in words, at the end of the letter", async () => {
  const { t, mailer, path } = await letter();
  await using _ = t;
  const [mail] = mailer.accepted;
  const link = `http://localhost:8000${path}`;
  assertEquals(mail!.headers["List-Unsubscribe-Post"], ONE_CLICK);
  const report = `${link}/report?m=${mail!.ref}`;
  assertEquals(mail!.headers["X-Clock-Work-Report"], report);
  const end = `Stop mails from Ada:\n${link}\nReport this mail:\n${report}\n`;
  assert(mail!.text.endsWith(end), mail!.text);
  assertMatch(mail!.html, /<a href="[^"]+" [^>]*>Stop mails from Ada<\/a> · .*<\/body><\/html>$/);
  assert(path.length < 400, "a header's line holds it");
  const again = await signStop(t.app, await readStop(t.app, path.slice(3)));
  assertEquals(`/u/${again}`, path, "the same link on each try");
});

Deno.test("the headers arrive as they are: at an SMTP server, at Mailjet's API, in the outbox", async () => {
  const sink = await startSmtpSink();
  const api = startSendApi();
  const log = createLog("error", () => {});
  const mailers = [
    createSmtpMailer({ url: sink.url, log }),
    createMailjetMailer({ apiKey: api.key, apiSecret: api.secret, apiUrl: api.url, log }),
    undefined,
  ];
  const seen: string[][] = [];
  for (const mailer of mailers) {
    await using t = await testApp({ env: OPEN_MAIL, mailer });
    await mailNote(t, await t.person("Ada"), [BOB]);
    await t.drain();
    const kept = await list(t.app, ranges.outbox);
    const raw = sink.messages[0]?.raw.replace(/\r\n[ \t]+/g, " ");
    const headers = kept[0]?.headers ?? api.messages[0]?.Headers ?? {};
    const names = ["List-Unsubscribe", "List-Unsubscribe-Post", "X-Clock-Work-Report"];
    seen.push(
      names.map((name) =>
        (Object.keys(headers).length > 0
          ? headers[name as keyof typeof headers]
          : new RegExp(`^${name}: (.*)$`, "m").exec(raw ?? "")?.[1]?.trim()) ?? "missing"
      ),
    );
  }
  for (const [unsubscribe, post, report] of seen) {
    assertMatch(unsubscribe!, /^<http:\/\/localhost:8000\/u\/[\w.-]+>$/);
    assertEquals(post, ONE_CLICK);
    const [path, ref] = report!.split("?m=");
    assertEquals(path, `${unsubscribe!.slice(1, -1)}/report`);
    assertMatch(ref!, /^\w{26}-0$/);
  }
  await Promise.all([sink.close(), api.close()]);
});
