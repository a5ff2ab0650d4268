import { assertEquals, assertStringIncludes } from "@std/assert";
import { createSmtpMailer } from "../../adapters/smtp.ts";
import { createLog } from "../../core/log.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { getWork } from "../../domain/work.ts";
import { testApp } from "../support/app.ts";
import { readMail } from "../support/read_mail.ts";
import { startSmtpSink } from "../support/smtp_sink.ts";

const readme = await Deno.readTextFile("README.md");
const long = `# Long\n\n${"All work and no play. ".repeat(4_700)}`.slice(0, 102_400);
const notes: [string, string][] = [
  ["README", readme],
  ["A hundred kilobytes", long],
  ["घड़ी का काम", "नमस्ते! कल सुबह **नौ** बजे बैंक को फ़ोन करना है।\n\n- पासपोर्ट\n- तस्वीरें"],
  ["عمل الساعة", "مرحبا، الاجتماع غدًا في التاسعة.\n\n> لا تنسَ الأوراق"],
  ["時計仕事 🕰️", "明日の朝九時に銀行へ電話 📞👩‍👩‍👧‍👦 する。\n\n1. 書類\n2. 写真"],
];

Deno.test("200 people each get every note over SMTP, and another's parser reads what was written", async () => {
  const sink = await startSmtpSink();
  const log = createLog("error", () => {});
  const env = { MAIL_FROM: "clock@example.org", RECIPIENT_CHECK: "off", SIGNUP: "closed" };
  {
    const mailer = createSmtpMailer({ url: sink.url, log });
    await using t = await testApp({ env, mailer });
    const ada = await t.person("Ada");
    const to = Array.from({ length: 200 }, (_, i) => `person${i}@example.org`);
    for (const [title, text] of notes) {
      const note = await createNote(t.app, { ownerId: ada.id, title, text });
      const jobId = await requestMailing(t.app, { noteId: note.id, ownerId: ada.id, to });
      await t.drain();
      const { state, progress } = await getWork(t.app, { id: jobId, ownerId: ada.id });
      assertEquals([state, progress.done, progress.failed], ["completed", 200, 0]);
    }
  }
  await sink.close();
  assertEquals(sink.messages.length, 200 * notes.length);
  assertEquals(new Set(sink.messages.map(({ to }) => to.join())).size, 200);

  const samples = notes.flatMap((_, i) => [200 * i, 200 * i + 199]);
  const seen = await readMail(samples.map((i) => sink.messages[i]!.raw));
  const ids = new Set<string>();
  for (const [k, mail] of seen.entries()) {
    const [title, text] = notes[Math.floor(k / 2)]!;
    assertEquals(mail.defects, []);
    assertEquals(mail.subject, title);
    assertEquals(mail.from, [["Ada via Clock Work", "clock@example.org"]]);
    assertEquals(mail.to, sink.messages[samples[k]!]!.to, "one recipient, the one of the envelope");
    assertEquals(mail.replyTo, ["ada@example.org"]);
    assertEquals(mail.autoSubmitted, "auto-generated");
    assertEquals(new Set(mail.headers).size, mail.headers.length, "no header twice");
    assertStringIncludes(
      mail.text.replaceAll("\r\n", "\n"),
      text.trim(),
      "the words, to the letter",
    );
    assertStringIncludes(mail.html, "</html>");
    ids.add(mail.messageId);
  }
  assertEquals(ids.size, seen.length);
});
