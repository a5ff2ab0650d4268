import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { createMailjetMailer } from "../../adapters/mailjet.ts";
import { createSmtpMailer } from "../../adapters/smtp.ts";
import { createLog } from "../../core/log.ts";
import type { Mail, Mailer } from "../../core/mail.ts";
import { testApp } from "../support/app.ts";
import { headerStrings } from "../support/header_strings.ts";
import { PEOPLE, ways } from "../support/header_ways.ts";
import { type ReadMail, readMail } from "../support/read_mail.ts";
import { startSendApi } from "../support/send_api.ts";
import { visitor } from "../support/site.ts";
import { startSmtpSink } from "../support/smtp_sink.ts";

const OURS = "clock@example.org";
const log = createLog("error", () => {});

const ENV = {
  MAIL_FROM: OURS,
  RECIPIENT_CHECK: "off",
  SIGNUP: "closed",
  MAIL_PER_DAY: "100000",
};

/** Sends every string every way. @returns of what each of the messages is that came, in order. */
async function sendAll(makeMailer: () => Mailer, count: () => number): Promise<string[]> {
  const taken: string[] = [];
  for (const [how, way] of Object.entries(ways)) {
    await using t = await testApp({ env: ENV, mailer: makeMailer() });
    const root = await t.person("Root", { role: "admin" });
    let client = await visitor(t, root);
    for (const [what, text] of [["nothing", "Milk"], ...Object.entries(headerStrings)] as const) {
      t.clock.advance(20_000);
      if ((await client.get("/api/me")).status === 401) client = await visitor(t, root);
      const response = await way({ t, root, client }, text);
      if (!response.bodyUsed) await response.body?.cancel();
      assert([200, 201, 202, 400].includes(response.status), `${how}, ${what}: ${response.status}`);
      await t.drain();
      const came = count() - taken.length;
      assertEquals(came > 0, response.status !== 400, `${how}, ${what}: ${response.status}`);
      // Three addresses in one line are three people to write to, each in a letter of their own.
      assert(came <= (how === "a recipient" ? 3 : 1), `${how}, ${what}: ${came} letters`);
      taken.push(...Array.from({ length: came }, () => `${how}, ${what}`));
    }
  }
  return taken;
}

/** What must hold of each letter, whatever stands in it. */
function assertOurs(mail: ReadMail, like: ReadMail, said: string): void {
  assertEquals(mail.headers.toSorted(), like.headers.toSorted(), said);
  assertEquals(mail.to.length, 1, said);
  assertEquals(mail.from.map(([, address]) => address), [OURS], said);
  assert(!/[\r\n]/.test(mail.subject), said);
  assert(!mail.subject.startsWith("=?"), said);
  assertEquals(mail.defects, [], said);
  assert(mail.text.includes("words") && mail.html.includes("</html>"), said);
}

Deno.test("whatever is typed into a line of a letter, SMTP carries our headers and one recipient", async () => {
  const sink = await startSmtpSink();
  const taken = await sendAll(
    () => createSmtpMailer({ url: sink.url, log }),
    () => sink.messages.length,
  );
  await sink.close();
  assert(taken.length > 200, "not all is refused");
  const seen = await readMail(sink.messages.map(({ raw }) => raw));
  for (const [i, mail] of seen.entries()) {
    const said = `${taken[i]}\n${sink.messages[i]!.raw.slice(0, 1_500)}`;
    const way = taken[i]!.split(",")[0]!;
    assertOurs(mail, seen[taken.indexOf(`${way}, nothing`)]!, said);
    assertEquals(sink.messages[i]!.to, mail.to, said);
    if (way !== "a recipient") assertEquals(mail.to, [PEOPLE[way] ?? "bob@example.net"], said);
    assert(!JSON.stringify(mail.replyTo).includes("evil.example"), said);
  }
});

Deno.test("and the Send API is asked for one recipient, with our headers only", async () => {
  const api = startSendApi({ senders: [OURS] });
  const [apiKey, apiSecret, apiUrl] = [api.key, api.secret, api.url];
  const taken = await sendAll(
    () => createMailjetMailer({ apiKey, apiSecret, apiUrl, log }),
    () => api.messages.length,
  );
  await api.close();
  for (const [i, message] of api.messages.entries()) {
    const said = `${taken[i]} ${JSON.stringify(message)}`;
    assertEquals([message.From.Email, message.To.length], [OURS, 1], said);
    // deno-lint-ignore no-control-regex -- control characters are what is looked for
    assert(!/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(message.Subject ?? ""), said);
    assert(!/[\r\n\0]/.test(JSON.stringify(Object.entries(message.Headers ?? {}))), said);
    assert(!JSON.stringify(message.ReplyTo ?? "").includes("evil.example"), said);
  }
});

const plain: Mail = {
  ref: "01hzy3v7k2m9q4r8t6w5x0abcd",
  from: { name: "Ada via Clock Work", address: OURS },
  to: { name: "Bob", address: "bob@example.net" },
  replyTo: { name: "Ada", address: "ada@example.org" },
  subject: "Milk",
  text: "words",
  html: "<html>words</html>",
  headers: { "Auto-Submitted": "auto-generated" },
  date: Date.UTC(2026, 2, 29, 1, 30),
};

Deno.test("even what no rule has looked at comes out of the mailer as one line", async () => {
  const sink = await startSmtpSink();
  const mailer = createSmtpMailer({ url: sink.url, log });
  const spoilt = (text: string): Mail[] => [
    { ...plain, subject: text },
    { ...plain, from: { ...plain.from, name: text } },
    { ...plain, to: { ...plain.to, name: text } },
    { ...plain, replyTo: { ...plain.replyTo!, name: text } },
    { ...plain, headers: { ...plain.headers, "In-Reply-To": `<${text}@example.org>` } },
  ];
  await mailer.send([plain, { ...plain, headers: { ...plain.headers, "In-Reply-To": "<a@b>" } }]);
  for (const text of Object.values(headerStrings)) await mailer.send(spoilt(text));
  await mailer.close();
  await sink.close();
  const seen = await readMail(sink.messages.map(({ raw }) => raw));
  const likes = seen.slice(0, 2);
  for (const [i, mail] of seen.entries()) {
    const like = likes.find(({ headers }) => headers.length === mail.headers.length) ?? likes[0]!;
    const said = sink.messages[i]!.raw.slice(0, 1_500);
    assertEquals(mail.headers.toSorted(), like.headers.toSorted(), said);
    assertEquals([sink.messages[i]!.to, mail.to], [["bob@example.net"], ["bob@example.net"]], said);
    assertEquals(mail.from.map(([, address]) => address), [OURS], said);
  }
});

Deno.test("a letter that is glued together of strings is found out by the same parser", async () => {
  const glued = (subject: string) =>
    `From: <${OURS}>\r\nTo: <bob@example.net>\r\nSubject: ${subject}\r\n` +
    `Message-ID: <a@b>\r\nContent-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\n` +
    `Content-Type: text/plain\r\n\r\nwords\r\n--x\r\nContent-Type: text/html\r\n\r\nwords\r\n--x--\r\n`;
  const [like, ...seen] = await readMail(
    ["Milk", "Milk\r\nBcc: eve@evil.example", "Milk\nReply-To: eve@evil.example"].map(glued),
  );
  for (const mail of seen) assertNotEquals(mail.headers, like!.headers);
});
