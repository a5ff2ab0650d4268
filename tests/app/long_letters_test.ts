import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createLog } from "../../core/log.ts";
import { createSmtpMailer } from "../../adapters/smtp.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { MAX_TEXT_BYTES } from "../../domain/notes/text.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { fitting } from "../../mails/fitting.ts";
import { testApp } from "../support/app.ts";
import { TestMailer } from "../support/mailer.ts";
import { OPEN_MAIL } from "../support/mailing.ts";
import { startSmtpSink } from "../support/smtp_sink.ts";

/** From here on Gmail hides the rest of an HTML part. */
const CLIPPED = 102_400;
const BOB = "bob@example.net";
const bytes = (text: string) => new TextEncoder().encode(text).length;
/** As many as fit into a note. */
const filled = (words: string) => words.repeat(Math.floor(MAX_TEXT_BYTES / bytes(words)));

const texts: Record<string, string> = {
  paragraphs: filled("Words of a long note, one after the other.\n\n"),
  "one word": filled("a"),
  brackets: filled("<&>"),
  "Hindi": filled("घड़ी का काम "),
  "faces": filled("🕰️"),
  lists: filled("- **a** [b](https://example.org)\n"),
  code: "```\n" + filled("x < y\n").slice(0, -4),
};

for (const [name, text] of Object.entries(texts)) {
  Deno.test(`a note of 100 KB arrives whole in its text part, and its HTML is not clipped: ${name}`, async () => {
    const mailer = new TestMailer();
    await using t = await testApp({ env: OPEN_MAIL, mailer });
    const ada = await t.person("Ada");
    const note = await createNote(t.app, { ownerId: ada.id, title: "Plan", text });
    await requestMailing(t.app, { noteId: note.id, ownerId: ada.id, to: [BOB, ada.email] });
    await t.drain();
    const [toBob, toAda] = [BOB, ada.email].map((to) =>
      mailer.accepted.find((mail) => mail.to.address === to)!
    );
    for (const { text: plain, html } of [toBob!, toAda!]) {
      assertStringIncludes(plain, text.trimEnd());
      assert(bytes(html) < CLIPPED, `${bytes(html)}`);
      assert(bytes(html) > CLIPPED / 4, `${bytes(html)}`);
      assertStringIncludes(html, "Stop ");
      assert(html.isWellFormed());
    }
    assertStringIncludes(toBob!.html, "All of it is in the plain text of this message");
    assert(!toBob!.html.includes(note.id), "strangers have no page of it");
    assertMatch(toAda!.html, new RegExp(`href="[^"]*/notes/${note.id}"[^>]*>Open the whole note<`));
  });
}

Deno.test("a note that fits is mailed as it is", async () => {
  const mailer = new TestMailer();
  await using t = await testApp({ env: OPEN_MAIL, mailer });
  const ada = await t.person("Ada");
  const text = `${"word ".repeat(8_000)}the end`;
  const note = await createNote(t.app, { ownerId: ada.id, title: "Plan", text });
  await requestMailing(t.app, { noteId: note.id, ownerId: ada.id, to: [BOB, ada.email] });
  await t.drain();
  for (const { html } of mailer.accepted) {
    assertStringIncludes(html, "the end");
    assert(!/the whole note|a long note/.test(html));
  }
});

Deno.test("fitting() ends where a paragraph does, else a line, else a word", () => {
  const render = (text: string) => text;
  const ends = (unit: string) => fitting(filled(unit), render);
  for (const unit of ["some words and more\n\n", "some words and more\n", "word "]) {
    const { html, whole } = ends(unit);
    assertEquals(whole, false);
    assertMatch(html, /(more|word)$/);
    assert(html.length > 59_000 && html.length <= 60_000, `${html.length}`);
  }
  for (const before of ["", "a"]) { // one of them would be cut within a face
    assert(fitting(before + "😀".repeat(50_000), render).html.isWellFormed());
  }
  assertEquals(fitting("short", render), { html: "short", whole: true });
});

Deno.test("by SMTP a letter says its kind and, by a mark, whose it is to who counts complaints", async () => {
  const sink = await startSmtpSink();
  const log = createLog("error", () => {});
  {
    const mailer = createSmtpMailer({ url: sink.url, log });
    await using t = await testApp({ env: OPEN_MAIL, mailer });
    for (const name of ["Ada", "Eve"]) {
      const { id: ownerId } = await t.person(name);
      const note = await createNote(t.app, { ownerId, title: "Plan", text: "x" });
      await requestMailing(t.app, { noteId: note.id, ownerId, to: [BOB, "c@example.net"] });
      await t.drain();
    }
  }
  const ids = sink.messages.map(({ raw }) => /^feedback-id: (\S+)\r$/im.exec(raw)?.[1] ?? "");
  for (const id of ids) assertMatch(id, /^note:[\w-]{12}:clockwork$/);
  assertEquals([ids.length, new Set(ids).size], [4, 2]);
  await sink.close();
});
