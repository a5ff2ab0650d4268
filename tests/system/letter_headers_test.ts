import { assert, assertEquals } from "@std/assert";
import { createSmtpMailer } from "../../adapters/smtp.ts";
import { createLog } from "../../core/log.ts";
import { accountLetters, sendAll } from "../support/all_that_leaves.ts";
import { testApp } from "../support/app.ts";
import { headerStrings } from "../support/header_strings.ts";
import { kindOf, letterKinds } from "../support/letter_kinds.ts";
import { type ReadMail, readMail } from "../support/read_mail.ts";
import { startSmtpSink } from "../support/smtp_sink.ts";

const OURS = "clock@example.org";
const PLAIN = "Milk";

interface Sent {
  kind: string;
  /** To whom the envelope said. */
  envelope: string[];
  mail: ReadMail;
  raw: string;
}

/** Every kind of letter with these strings in all that people write, as it came over the wire. */
async function overTheWire(strings: readonly string[]): Promise<Sent[]> {
  const sink = await startSmtpSink();
  const log = createLog("error", () => {});
  const kinds: string[] = [];
  {
    const mailer = createSmtpMailer({ url: sink.url, log });
    await using t = await testApp({ env: { MAIL_FROM: OURS }, mailer });
    await sendAll(t, { strings, all: strings.at(-1)! });
    for (const { raw } of sink.messages) {
      const [, ref = ""] = /^message-id: <([^@>]*)@/im.exec(raw) ?? [];
      kinds.push(await kindOf(t, ref));
    }
  }
  await sink.close();
  const seen = await readMail(sink.messages.map(({ raw }) => raw));
  return seen.map((mail, i) => {
    const { to: envelope, raw } = sink.messages[i]!;
    return { kind: kinds[i]!, envelope, mail, raw };
  });
}

/** A kind with the names of its headers. */
const shape = ({ kind, mail }: Sent) => `${kind}: ${mail.headers.toSorted().join(" ")}`;

Deno.test("each kind of letter has the headers of its kind, whatever people wrote, and one recipient", async () => {
  const plain = await overTheWire([PLAIN]);
  const expected = (await letterKinds()).flatMap((kind) =>
    kind === "email_account" ? accountLetters.map((letter) => `${kind} ${letter}`) : [kind]
  );
  assertEquals([...new Set(plain.map(({ kind }) => kind))].sort(), expected.sort());
  const shapes = new Set(plain.map(shape));

  const strings = Object.values(headerStrings).map((text) => text.toWellFormed());
  const sent = await overTheWire(strings);
  assert(sent.length > 300, String(sent.length));
  for (const one of sent) {
    const { envelope, mail, raw } = one;
    const said = raw.slice(0, 1_500);
    assert(shapes.has(shape(one)), `${shape(one)}\n${said}`);
    assertEquals([mail.to, envelope.length], [envelope, 1], said);
    assert(/^[a-z0-9]+@example\.(org|net)$/.test(envelope[0]!), said);
    assertEquals(mail.from.map(([, address]) => address), [OURS], said);
    assert(mail.replyTo.every((address) => /^member\d+@example\.org$/.test(address)), said);
    assert(!/[\r\n]/.test(mail.subject), said);
    assertEquals(mail.defects, [], said);
  }
});
