import { assert, assertEquals, assertMatch, assertNotMatch, assertThrows } from "@std/assert";
import type { SmtpOptions } from "../../adapters/smtp.ts";
import { createSmtpMailer } from "../../adapters/smtp.ts";
import { createLog } from "../../core/log.ts";
import type { Answer } from "../../core/answer.ts";
import type { Mail } from "../../core/mail.ts";
import { makeCertificate } from "../support/certificate.ts";
import { settle } from "../support/settle.ts";
import type { Script, ScriptStep } from "../support/smtp_script.ts";
import { startSmtpScript } from "../support/smtp_script.ts";
import type { SmtpSink, SmtpSinkOptions } from "../support/smtp_sink.ts";
import { startSmtpSink } from "../support/smtp_sink.ts";

const PASSWORD = "correct horse%@:/";

function aMail(changes: Partial<Mail> = {}): Mail {
  return {
    ref: "01hzy3v7k2m9q4r8t6w5x0abcd",
    from: { name: "Ada via Clock Work", address: "clock-work@notes.example.org" },
    to: { name: "Bob", address: "bob@example.net" },
    subject: "Milk",
    text: "Buy milk\n.\n..and dots\n",
    html: "<p>Buy milk</p>",
    headers: {},
    date: Date.UTC(2026, 2, 29, 1, 30),
    ...changes,
  };
}

/** Runs `act` beside a sink and a mailer for it; closes both and returns all that was logged. */
async function withSink(
  options: SmtpSinkOptions,
  act: (sink: SmtpSink, send: (mail?: Mail) => Promise<Answer>) => Promise<void>,
  mailer: (sink: SmtpSink) => Partial<SmtpOptions> = () => ({}),
): Promise<string> {
  const sink = await startSmtpSink(options);
  const lines: string[] = [];
  const log = createLog("debug", (line) => lines.push(line));
  const smtp = createSmtpMailer({ url: sink.url, log, ...mailer(sink) });
  try {
    await act(sink, async (mail = aMail()) => (await smtp.send([mail]))[0]!);
  } finally {
    await smtp.close();
    await sink.close();
  }
  return lines.join("\n");
}

/** What becomes of one mail to a server that goes wrong as the script says. */
async function sendTo(
  script: Script,
  { mail = aMail(), url, ...options }: Partial<SmtpOptions> & { mail?: Mail } = {},
): Promise<{ answer: Answer; steps: readonly ScriptStep[] }> {
  const server = startSmtpScript(script);
  const address = (url ?? "smtp://ada:secret@127.0.0.1:PORT").replace("PORT", `${server.port}`);
  const smtp = createSmtpMailer({ url: address, log: createLog("error", () => {}), ...options });
  try {
    const [answer] = await smtp.send([mail]);
    return { answer: answer!, steps: server.steps };
  } finally {
    await smtp.close();
    await server.close();
  }
}

Deno.test("a mail arrives with its names, parts, headers, date and a Message-ID of its own", async () => {
  await withSink({}, async (sink, send) => {
    const unsubscribe = `<https://notes.example.org/u/${"x".repeat(120)}>`;
    const answer = await send(aMail({
      replyTo: { name: "Ada, of London", address: "ada@example.com" },
      headers: {
        "Auto-Submitted": "auto-generated",
        "In-Reply-To": "<thread@notes.example.org>",
        "References": "<thread@notes.example.org>",
        "List-Unsubscribe": unsubscribe,
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
      },
    }));
    assertEquals(answer, { is: "accepted", providerId: "250 Taken as 1" });

    const [{ from, to, raw }, [parsed]] = [sink.messages[0]!, await sink.parsed()];
    assertEquals([from, to], ["clock-work@notes.example.org", ["bob@example.net"]]);
    assertEquals(parsed!.messageId, "<01hzy3v7k2m9q4r8t6w5x0abcd@notes.example.org>");
    assertEquals(parsed!.date, new Date(Date.UTC(2026, 2, 29, 1, 30)));
    assertEquals(parsed!.from!.value[0]!.name, "Ada via Clock Work");
    assertEquals(parsed!.replyTo!.value.map(({ name, address }) => [name, address]), [
      ["Ada, of London", "ada@example.com"],
    ]);
    assertEquals([parsed!.subject, parsed!.text, parsed!.html], [
      "Milk",
      "Buy milk\n.\n..and dots\n",
      "<p>Buy milk</p>",
    ]);
    assertEquals(parsed!.headers.get("auto-submitted"), "auto-generated");
    assertEquals(parsed!.inReplyTo, "<thread@notes.example.org>");
    const unfolded = raw.replace(/\r\n[ \t]+/g, " ");
    assert(unfolded.includes(`\r\nList-Unsubscribe: ${unsubscribe}\r\n`), "the link is whole");
    assertMatch(unfolded, /\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n/);
    assertMatch(unfolded, /Content-Type: text\/plain; charset=utf-8/);
    assertNotMatch(raw, /nodemailer|x-mailer/i);

    await send(); // a second try
    const again = (await sink.parsed())[1]!;
    assertEquals([again.messageId, again.date], [parsed!.messageId, parsed!.date]);
  });
});

Deno.test("every script, a name with a comma and 100 KB come out as they went in", async () => {
  const samples: Partial<Mail>[] = [
    { subject: "कल सुबह दूध लाना", text: "नमस्ते, कल सुबह ९ बजे।\n".repeat(40) },
    { subject: "تذكير: اشترِ الحليب", text: "مرحبًا، غدًا في التاسعة صباحًا.\n".repeat(40) },
    { subject: "牛乳を買う 🥛👩‍👩‍👧‍👦", text: "明日の朝九時に牛乳を買う 🥛。\n".repeat(40) },
    { subject: "long", text: "All work and no play makes Jack a dull boy. ".repeat(2_400) },
    { subject: "x".repeat(250), text: "é".repeat(50_000) + "\n" + "From here\n.\n" },
  ];
  await withSink({}, async (sink, send) => {
    for (const { subject, text } of samples) {
      const name = `${subject!.slice(0, 60)}, "Bob" <a@b>`;
      const to = { name, address: "bob@example.net" };
      const html = `<p dir="auto">${text}</p>`;
      assertEquals((await send(aMail({ subject, text, html, to }))).is, "accepted");

      const parsed = (await sink.parsed()).at(-1)!;
      assertEquals([parsed.subject, parsed.text, parsed.html], [subject, text, html]);
      assert(!Array.isArray(parsed.to));
      assertEquals(parsed.to!.value, [{ name, address: "bob@example.net" }]);
      const { to: recipients, raw } = sink.messages.at(-1)!;
      assertEquals(recipients, ["bob@example.net"]);
      const longest = Math.max(...raw.split("\r\n").map((line) => line.length));
      assert(longest <= 998, `a line of ${longest}`);
      const [, base64] = /base64\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(raw) ?? [];
      assertNotMatch(atob(base64 ?? ""), /[^\r]\n/, "line ends are those of MIME");
    }
  });
});

Deno.test("nobody but the one recipient gets it, whatever the address looks like", async () => {
  await withSink({}, async (sink, send) => {
    const odd = [
      "bob@example.net, eve@example.com",
      "bob@example.net\r\nRCPT TO:<eve@example.com>",
      "bob@example.net> <eve@example.com",
      "eve@example.com,bob@example.net",
      "group:eve@example.com;",
      "",
    ];
    const answers = await Promise.all(odd.map((address) => send(aMail({ to: { address } }))));
    for (const { to } of sink.messages) assertEquals(to.length, 1);
    const got = sink.messages.flatMap(({ to }) => to);
    assert(!got.includes("eve@example.com"), got.join(" | "));
    assertEquals(answers.at(-1), {
      is: "refused",
      reason: "Cannot send: the address is not valid",
      badAddress: true,
    });
  });
});

Deno.test("two mails at once go over two connections, and many over the same two", async () => {
  const sink = await startSmtpSink();
  const smtp = createSmtpMailer({ url: sink.url, log: createLog("error", () => {}) });
  const mails = Array.from({ length: 20 }, (_, i) => aMail({ ref: `ref${i}`, subject: `${i}` }));
  const answers = await smtp.send(mails);
  assert(answers.every(({ is }) => is === "accepted"));
  assertEquals(new Set((await sink.parsed()).map(({ subject }) => subject)).size, 20);
  await smtp.close();
  await sink.close();
});

Deno.test("each refusal is read as what it is, at the step where it is said", async () => {
  const step = (at: ScriptStep, reply: string, is: string, badAddress?: boolean) => ({
    at,
    reply,
    is,
    badAddress,
  });
  const cases = [
    ...["421 Busy", "450 Later", "451 Later", "452 Full"].flatMap((reply) => [
      step("connect", reply, "down"),
      step("STARTTLS", reply, "down"),
      step("AUTH", reply, "down"),
      step("MAIL", reply, "postponed"),
      step("RCPT", reply, "postponed"),
      step("DATA", reply, "postponed"),
      step("dot", reply, "postponed"),
    ]),
    ...["500 What", "550 No", "552 Too large", "554 Spam"].flatMap((reply) => [
      step("connect", reply, "down"),
      step("STARTTLS", reply, "down"),
      step("AUTH", reply, "down"),
      step("MAIL", reply, "refused", false),
      step("RCPT", reply, "refused", reply.startsWith("550")),
      step("DATA", reply, "refused", false),
      step("dot", reply, "refused", false),
    ]),
    step("EHLO", "421 Busy", "down"),
    step("EHLO", "502 What", "accepted"), // then it is asked with HELO
    step("connect", "this is not SMTP", "down"),
    step("RCPT", "551 Moved", "refused", true),
    step("RCPT", "553 No such name", "refused", true),
    step("RCPT", "550 5.1.1 Nobody here", "refused", true),
    step("RCPT", "550-5.1.1 Nobody\r\n550 5.1.1 here", "refused", true),
    step("RCPT", "550 5.2.1 Closed", "refused", true),
    step("RCPT", "550 5.7.1 Your network is blocked", "refused", false),
    step("RCPT", "550 5.1.8 Bad sender", "refused", false),
    step("dot", "550 5.1.1 Nobody here", "refused", true),
    step("MAIL", "550 5.1.1 Nobody here", "refused", false),
    step("MAIL", "530 5.7.0 Authentication required", "down"),
    step("RCPT", "535 Authentication required", "down"),
    step("dot", "354 Go on", "unclear"),
    step("body", "250 Too early", "accepted"),
  ];
  await settle(
    cases.flatMap((wanted) =>
      [false, true].map(async (pipelining) => {
        const { at, reply, is, badAddress } = wanted;
        const url = at === "STARTTLS" ? "smtp://0.0.0.0:PORT" : undefined;
        const { answer } = await sendTo({ at, reply, pipelining }, { url });
        const said = `${at} ${reply} ${pipelining}: ${JSON.stringify(answer)}`;
        assertEquals(answer.is, is, said);
        assertEquals(answer.is === "refused" ? answer.badAddress : undefined, badAddress, said);
      })
    ),
  );
});

Deno.test("a connection lost before the final dot is certain, one lost after it is not", async () => {
  const steps: [ScriptStep, string][] = [
    ["connect", "down"],
    ["EHLO", "down"],
    ["STARTTLS", "down"],
    ["AUTH", "down"],
    ["MAIL", "down"],
    ["RCPT", "down"],
    ["DATA", "down"],
    ["body", "down"],
    ["dot", "unclear"],
  ];
  // Larger than what two sockets can hold: else all of it is under way when the server hangs up.
  const large = aMail({ text: `${"x".repeat(70)}\n`.repeat(50_000) });
  await settle(
    steps.flatMap(([at, is]) =>
      [true, false].slice(at === "body" ? 1 : 0).map(async (pipelining) => {
        const url = at === "STARTTLS" ? "smtp://0.0.0.0:PORT" : undefined;
        const mail = at === "body" ? large : aMail();
        const { answer, steps } = await sendTo({ at, pipelining }, { url, mail });
        assertEquals(answer.is, is, `${at} ${pipelining}: ${JSON.stringify(answer)}`);
        assertEquals(steps.filter((step) => step === "dot").length, at === "dot" ? 1 : 0);
      })
    ),
  );
});

Deno.test("a server that falls silent is given up, and only after the dot is it unclear", async () => {
  const patience = { connection: 2_000, greeting: 150, socket: 150 };
  const wanted: [ScriptStep, string][] = [
    ["connect", "down"],
    ["EHLO", "down"],
    ["AUTH", "down"],
    ["MAIL", "down"],
    ["RCPT", "down"],
    ["DATA", "down"],
    ["dot", "unclear"],
  ];
  await settle(wanted.map(async ([at, is]) => {
    // The dot must be reached first, also on a machine that is busy.
    const timeouts = at === "dot" ? { ...patience, socket: 400 } : patience;
    const { answer } = await sendTo({ at, reply: "silence" }, { timeouts });
    assertEquals(answer.is, is, `${at}: ${JSON.stringify(answer)}`);
  }));
});

Deno.test("whatever became of one mail, the next one goes its way", async () => {
  const dropped = withSink({}, async (sink, send) => {
    assertEquals((await send()).is, "accepted");
    sink.hangUp("mail"); // on the connection that is kept: a relay that was tired of waiting
    assertEquals((await send(aMail({ ref: "second" }))).is, "accepted");
    assertEquals((await sink.parsed()).map(({ messageId }) => messageId), [
      "<01hzy3v7k2m9q4r8t6w5x0abcd@notes.example.org>",
      "<second@notes.example.org>",
    ]);
  });
  const unheard = withSink({}, async (sink, send) => {
    assertEquals((await send()).is, "accepted");
    sink.hangUp("dot");
    assertEquals((await send(aMail({ ref: "second" }))).is, "unclear");
    assertEquals(sink.messages.length, 2, "taken, and not sent again by itself");
    assertEquals((await send(aMail({ ref: "third" }))).is, "accepted");
  });
  const refused = withSink({ size: 5_000 }, async (sink, send) => {
    sink.replies.set("gone@example.net", "550 5.1.1 Nobody here");
    sink.replies.set("full@example.net", "452 4.2.2 Mailbox full");
    assertEquals(await send(aMail({ to: { address: "gone@example.net" } })), {
      is: "refused",
      reason: "Cannot send: the mail server answered 550 5.1.1 Nobody here",
      badAddress: true,
    });
    assertEquals((await send(aMail({ to: { address: "full@example.net" } }))).is, "postponed");
    const tooLarge = await send(aMail({ text: "x".repeat(9_000) }));
    assertEquals([tooLarge.is, sink.messages.length], ["refused", 0]);
    assertEquals((await send()).is, "accepted");
  });
  await settle([dropped, unheard, refused]);
});

Deno.test("nobody listens, no such host, and a closed mailer are down", async () => {
  const log = createLog("error", () => {});
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr;
  free.close();
  const urls = [`smtp://127.0.0.1:${port}`, "smtps://nowhere.invalid"];
  await settle(urls.map(async (url) => {
    const smtp = createSmtpMailer({ url, log });
    const [answer] = await smtp.send([aMail()]);
    assertEquals(answer!.is, "down");
    assertMatch(JSON.stringify(answer), /Cannot reach the mail server: E(CONNREFUSED|NOTFOUND)/);
    await smtp.close();
    assertEquals((await smtp.send([aMail()]))[0]!.is, "down");
  }));
});

Deno.test("closing ends what hangs, and it is known whether the dot had left", async () => {
  await settle((["MAIL", "dot"] as const).map(async (at) => {
    const server = startSmtpScript({ at, reply: "silence" });
    const smtp = createSmtpMailer({
      url: `smtp://127.0.0.1:${server.port}`,
      log: createLog("error", () => {}),
    });
    const sending = smtp.send([aMail(), aMail({ ref: "other" }), aMail({ ref: "queued" })]);
    while (server.steps.filter((step) => step === at).length < 2) {
      await new Promise((turn) => setTimeout(turn)); // until both connections hang
    }
    await smtp.close();
    const unsure = at === "dot" ? "unclear" : "down";
    assertEquals((await sending).map(({ is }) => is), [unsure, unsure, "down"]);
    await server.close();
  }));
});

Deno.test("smtps and STARTTLS deliver with sign-in when the certificate is trusted", async () => {
  const certificate = await makeCertificate();
  const account = { user: "ada@example.org", pass: PASSWORD };
  const ca = certificate.cert;
  const ways = [["smtps", "localhost"], ["smtps", "127.0.0.1"], ["smtp", "0.0.0.0"]] as const;
  await settle(
    ways.map(([scheme, host]) =>
      withSink({ certificate, account, implicitTls: scheme === "smtps" }, async (sink, send) => {
        assertEquals((await send()).is, "accepted", `${scheme} ${host}`);
        const { secure, user } = sink.messages[0]!;
        assertEquals([secure, user], [true, "ada@example.org"]);
      }, (sink) => ({ url: sink.url.replace("127.0.0.1", host), ca }))
    ),
  );
});

Deno.test("without a certificate to trust nothing leaves, not even the password", async () => {
  const good = await makeCertificate();
  const expired = await makeCertificate(Date.now() - 48 * 3_600_000);
  const account = { user: "ada", pass: PASSWORD };
  const cases: [string, SmtpSinkOptions, { host: string; ca?: string }][] = [
    ["smtps, self-signed", { certificate: good, implicitTls: true }, { host: "localhost" }],
    ["smtps, expired", { certificate: expired, implicitTls: true }, {
      host: "localhost",
      ca: expired.cert,
    }],
    ["STARTTLS, self-signed", { certificate: good }, { host: "0.0.0.0" }],
    ["STARTTLS, other name", { certificate: good }, { host: "0.0.0.0", ca: expired.cert }],
    ["STARTTLS not offered", {}, { host: "0.0.0.0" }],
  ];
  await settle(
    cases.map(([name, options, { host, ca }]) =>
      withSink({ ...options, account }, async (sink, send) => {
        const answer = await send();
        assertEquals(answer.is, "down", `${name}: ${JSON.stringify(answer)}`);
        assertEquals(sink.messages.length, 0, name);
      }, (sink) => ({ url: sink.url.replace("127.0.0.1", host), ca }))
    ),
  );
});

Deno.test("a wrong password is down, and neither reason nor log repeat it", async () => {
  const account = { user: "ada@example.org", pass: "right password" };
  const signIn = withSink({ account }, async (_sink, send) => {
    const answer = await send();
    assertEquals(answer, {
      is: "down",
      reason: "Cannot sign in to the mail server: it answered 535",
    });
  }, (sink) => ({
    url: sink.url.replace(encodeURIComponent(account.pass), encodeURIComponent(PASSWORD)),
  }));
  const echo = { at: "RCPT", reply: "550 I know secret\u0007phrase\u2028 well" } as const;
  const echoed = sendTo(echo, { url: "smtp://ada:secret@127.0.0.1:PORT" });
  await settle([signIn, echoed]);

  assertNotMatch(await signIn, /horse|ada@example\.org|bob@|Milk/);
  assertMatch(await signIn, /"event":"mail_not_accepted".*"is":"down".*"reply":535/);
  assertEquals((await echoed).answer, {
    is: "refused",
    reason: "Cannot send: the mail server answered 550 I know … phrase well",
    badAddress: true,
  });
});

Deno.test("a URL that cannot be used is refused without repeating it", () => {
  const log = createLog("error", () => {});
  for (const url of ["http://u:hunter2@host", "hunter2", "smtp://"]) {
    const error = assertThrows(() => createSmtpMailer({ url, log }), Error, "Cannot use SMTP_URL");
    assertNotMatch(error.message, /hunter2/);
  }
});
