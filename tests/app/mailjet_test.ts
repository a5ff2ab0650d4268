import { assert, assertEquals, assertNotMatch, assertThrows } from "@std/assert";
import type { MailjetOptions } from "../../adapters/mailjet.ts";
import { createMailjetMailer } from "../../adapters/mailjet.ts";
import { createLog } from "../../core/log.ts";
import type { Answer } from "../../core/answer.ts";
import type { Mail, Mailer } from "../../core/mail.ts";
import { makeCertificate } from "../support/certificate.ts";
import type { Fault, SendApi, SendApiOptions } from "../support/send_api.ts";
import { startSendApi } from "../support/send_api.ts";
import { settle } from "../support/settle.ts";

const KEYS = { apiKey: "planted-public-key", apiSecret: "planted-private-key" };

function aMail(changes: Partial<Mail> = {}): Mail {
  return {
    ref: "01hzy3v7k2m9q4r8t6w5x0abcd",
    from: { name: "Ada via Clock Work", address: "clock-work@notes.example.org" },
    to: { name: "Bob", address: "bob@example.net" },
    subject: "Milk",
    text: "Buy milk\n",
    html: "<p>Buy milk</p>",
    headers: { "Auto-Submitted": "auto-generated" },
    date: Date.UTC(2026, 2, 29, 1, 30),
    ...changes,
  };
}

/** Runs `act` beside a stand-in, closes both, and looks for the keys in all that came out. */
async function withApi(
  act: (api: SendApi, mailjet: Mailer) => Promise<void>,
  { mailer, ...options }: SendApiOptions & { mailer?: Partial<MailjetOptions> } = {},
): Promise<string> {
  const api = startSendApi({ key: KEYS.apiKey, secret: KEYS.apiSecret, ...options });
  const lines: string[] = [];
  const log = createLog("debug", (line) => lines.push(line));
  const mailjet = createMailjetMailer({ ...KEYS, apiUrl: api.url, log, ...mailer });
  const said: unknown[] = [];
  const watched: Mailer = {
    ...mailjet,
    async send(mails) {
      const answers = await mailjet.send(mails);
      said.push(answers);
      return answers;
    },
  };
  try {
    await act(api, watched);
  } finally {
    await mailjet.close();
    await api.close();
  }
  const logged = lines.join("\n");
  assertNotMatch(logged + JSON.stringify(said), /planted|cGxhbnRlZ|bob@example\.net/);
  return logged;
}

/** What becomes of one mail when the call goes wrong like this. */
async function sendWith(fault: Fault, mailer: Partial<MailjetOptions> = {}): Promise<Answer> {
  let answer: Answer | undefined;
  await withApi(async (api, mailjet) => {
    api.fail(fault);
    [answer] = await mailjet.send([aMail()]);
  }, { mailer });
  return answer!;
}

const jsonOf = (value: unknown) => ({ body: JSON.stringify(value) });
const errorEntry = (StatusCode: number, ErrorCode: string, ErrorRelatedTo?: string[]) => ({
  Messages: [{
    Status: "error",
    Errors: [{ ErrorIdentifier: "x", ErrorCode, StatusCode, ErrorMessage: "No", ErrorRelatedTo }],
  }],
});

Deno.test("a mail is taken, with all its parts, under an id by which it is found again", async () => {
  await withApi(async (api, mailjet) => {
    const replyTo = { name: "Ada, of London", address: "ada@example.com" };
    const headers = { "Auto-Submitted": "auto-generated", "List-Unsubscribe": "<https://x.org/u>" };
    const subject = "牛乳 🥛 कल اشترِ";
    // Mailjet has a Feedback-ID of its own, and takes none.
    const withOurs = { ...headers, "Feedback-ID": "note:clockwork" };
    const [answer] = await mailjet.send([aMail({ replyTo, headers: withOurs, subject })]);

    const { id, ...message } = api.messages[0]!;
    assertEquals(answer, { is: "accepted", providerId: id });
    assertEquals(message, {
      From: { Email: "clock-work@notes.example.org", Name: "Ada via Clock Work" },
      To: [{ Email: "bob@example.net", Name: "Bob" }],
      ReplyTo: { Email: "ada@example.com", Name: "Ada, of London" },
      Subject: subject,
      TextPart: "Buy milk\n",
      HTMLPart: "<p>Buy milk</p>",
      CustomID: "01hzy3v7k2m9q4r8t6w5x0abcd",
      Headers: headers,
      TrackOpens: "disabled",
      TrackClicks: "disabled",
    });
    assert(!Number.isSafeInteger(Number(id)), "an id as large as the real ones");
    assertEquals(await mailjet.lookup!("01hzy3v7k2m9q4r8t6w5x0abcd"), {
      found: true,
      providerId: id,
    });
    assertEquals(await mailjet.lookup!("another"), { found: false });
  });
});

Deno.test("of fifty mails in one call each gets its own answer", async () => {
  await withApi(async (api, mailjet) => {
    const mails = Array.from({ length: 50 }, (_, i) =>
      aMail({
        ref: `ref${i}`,
        to: { address: i % 7 === 3 ? "not an address" : `bob${i}@example.net` },
        subject: i === 20 ? "x".repeat(256) : "Milk",
      }));
    const answers = await mailjet.send(mails);

    assertEquals(api.calls, [50]);
    for (const [i, answer] of answers.entries()) {
      const own = api.messages.find(({ CustomID }) => CustomID === `ref${i}`);
      const badAddress = i % 7 === 3;
      if (i === 20 || badAddress) {
        assertEquals([answer.is, own], ["refused", undefined], `${i}`);
        assertEquals(answer.is === "refused" && answer.badAddress, badAddress, `${i}`);
      } else {
        assertEquals(answer, { is: "accepted", providerId: own!.id });
      }
    }
    assertEquals(await mailjet.send([]), []);
    assertEquals(api.calls.length, 1);
  });
});

Deno.test("answers go by the CustomID, and by place only for errors, which carry none", async () => {
  const mails = ["a", "b", "c"].map((ref) => aMail({ ref }));
  const taken = (CustomID: string, MessageID: number | string = 0) => ({
    Status: "success",
    CustomID,
    To: [{ Email: "x", MessageID, MessageUUID: `uuid-${CustomID}` }],
  });
  const refused = { Status: "error", Errors: [{ StatusCode: 400, ErrorMessage: "No" }] };
  const cases: [unknown[], string[]][] = [
    [[taken("c", 3), taken("a", 1), taken("b", 2)], ["1", "2", "3"]],
    [[taken("a", 1), refused, taken("c")], ["1", "refused", "uuid-c"]],
    [[taken("c", 3), refused, taken("a", 1)], ["1", "unclear", "3"]],
    [[taken("a", 1), refused], ["1", "unclear", "unclear"]],
    [[taken("a", 1), taken("a", 9), taken("x", 3)], ["1", "unclear", "unclear"]],
    [[{ ...refused, CustomID: "a" }, taken("a", 1), refused], ["1", "unclear", "unclear"]],
    [[taken("a", 1), { Status: "queued" }, null], ["1", "unclear", "unclear"]],
    [[], ["unclear", "unclear", "unclear"]],
  ];
  await withApi(async (api, mailjet) => {
    for (const [messages, wanted] of cases) {
      api.fail(jsonOf({ Messages: messages }));
      const answers = await mailjet.send(mails);
      const got = answers.map((answer) => answer.is === "accepted" ? answer.providerId : answer.is);
      assertEquals(got, wanted, JSON.stringify(messages));
    }
  });
});

Deno.test("each answer of the API is read as what it is", async () => {
  const notAllowed = { is: "down", retryAfterMs: 300_000 };
  const date = "Mon, 23 Nov 2026 10:00:00 GMT";
  const later = "Mon, 23 Nov 2026 10:01:30 GMT";
  const plain = { ErrorCode: "mj-0002", ErrorMessage: "Malformed JSON", StatusCode: 400 };
  const cases: [Fault, Record<string, unknown>][] = [
    [{ status: 401 }, notAllowed],
    [{ status: 403 }, notAllowed],
    [{ status: 403, ...jsonOf(errorEntry(403, "send-0008", ["From"])) }, notAllowed],
    [{ status: 429 }, { is: "down", retryAfterMs: undefined }],
    [{ status: 429, headers: { "retry-after": "7" } }, { is: "down", retryAfterMs: 7_000 }],
    [{ status: 429, headers: { "retry-after": later, date } }, {
      is: "down",
      retryAfterMs: 90_000,
    }],
    [{ status: 429, headers: { "retry-after": "999999999" } }, {
      is: "down",
      retryAfterMs: 3_600_000,
    }],
    [{ status: 429, headers: { "retry-after": "soon" } }, { is: "down", retryAfterMs: undefined }],
    [{ status: 404 }, { is: "down" }],
    [{ status: 400, ...jsonOf(plain) }, {
      is: "refused",
      reason: "Cannot send: Malformed JSON",
      badAddress: false,
    }],
    [{ status: 400, body: "oh no" }, { is: "refused", badAddress: false }],
    [{ status: 413, body: "" }, { is: "refused", badAddress: false }],
    [{ status: 400, ...jsonOf(errorEntry(400, "mj-0013", ["To[0].Email"])) }, {
      is: "refused",
      reason: "Cannot send: No",
      badAddress: true,
    }],
    [jsonOf(errorEntry(400, "mj-0013", ["To"])), { is: "refused", badAddress: true }],
    [jsonOf(errorEntry(400, "mj-0013")), { is: "refused", badAddress: true }],
    [jsonOf(errorEntry(400, "mj-0013", ["From.Email"])), { is: "refused", badAddress: false }],
    [jsonOf(errorEntry(400, "mj-0004", ["To[0].Name"])), { is: "refused", badAddress: false }],
    [jsonOf(errorEntry(400, "send-0011", ["Headers"])), { is: "refused", badAddress: false }],
    [jsonOf(errorEntry(403, "send-0008", ["From"])), notAllowed],
    [jsonOf(errorEntry(429, "mj-0019")), { is: "postponed" }],
    [jsonOf(errorEntry(503, "mj-0001")), { is: "postponed" }],
    [jsonOf({ Messages: [{ Status: "error" }] }), { is: "refused", badAddress: false }],
    [jsonOf({ Messages: [{ Status: "success", To: "?" }] }), { is: "accepted" }],
    [{ status: 400, ...jsonOf({ Messages: [] }) }, { is: "unclear" }],
    [{ status: 408 }, { is: "unclear" }],
    [{ status: 500 }, { is: "unclear" }],
    [{ status: 500, accept: true }, { is: "unclear" }],
    [{ status: 500, ...jsonOf(errorEntry(500, "x")) }, { is: "unclear" }],
    [{ status: 503, headers: { "retry-after": "7" } }, { is: "unclear" }],
    [{ status: 302, headers: { location: "/elsewhere" } }, { is: "down" }], // leads to a 404
    [{ status: 300 }, { is: "unclear" }],
    [{ accept: true, body: `{"Messages":[{"Status":"succ` }, { is: "unclear" }],
    [{ body: "<html>busy</html>", headers: { "content-type": "text/html" } }, { is: "unclear" }],
    [{ body: "" }, { is: "unclear" }],
    [{ body: "null" }, { is: "unclear" }],
    [{ body: `{"Messages":"none"}` }, { is: "unclear" }],
    [{ body: "x".repeat(10_000_000) }, { is: "unclear" }],
    [{ drop: true }, { is: "unclear" }],
    [{ drop: true, accept: true }, { is: "unclear" }],
  ];
  await settle(cases.map(async ([fault, wanted]) => {
    const answer = await sendWith(fault);
    const facts = new Map<string, unknown>(Object.entries(answer));
    const about = JSON.stringify([fault, answer]).slice(0, 500);
    for (const [name, value] of Object.entries(wanted)) {
      assertEquals(facts.get(name), value, about);
    }
  }));
});

Deno.test("silence and a trickle both end in time, and nobody knows then", async () => {
  assertEquals(
    (await sendWith({ slowMs: Infinity, accept: true }, { timeoutMs: 40 })).is,
    "unclear",
  );
  assertEquals((await sendWith({ slowMs: 1 }, { timeoutMs: 5_000 })).is, "accepted");

  const end = new AbortController();
  const address = { hostname: "127.0.0.1", port: 0, signal: end.signal, onListen() {} };
  const server = Deno.serve(address, () => new Response(trickle()));
  const apiUrl = `http://127.0.0.1:${server.addr.port}`;
  const log = createLog("error", () => {});
  const mailjet = createMailjetMailer({ ...KEYS, apiUrl, log, timeoutMs: 60 });
  const [[answer], found] = await Promise.all([mailjet.send([aMail()]), mailjet.lookup!("a")]);
  assertEquals([answer!.is, found], ["unclear", null]);
  await mailjet.close();
  end.abort();
  await server.finished;
});

/** A space every few milliseconds, without end. */
function trickle(): ReadableStream<Uint8Array> {
  let timer: ReturnType<typeof setInterval>;
  return new ReadableStream({
    start(stream) {
      timer = setInterval(() => stream.enqueue(new TextEncoder().encode(" ")), 5);
    },
    cancel: () => clearInterval(timer),
  });
}

Deno.test("a call that was taken without an answer is not made again by the platform", async () => {
  await withApi(async (api, mailjet) => {
    for (const i of [1, 2, 3]) {
      assertEquals((await mailjet.send([aMail({ ref: `heard${i}` })]))[0]!.is, "accepted");
      api.fail({ drop: true, accept: true });
      assertEquals((await mailjet.send([aMail({ ref: `lost${i}` })]))[0]!.is, "unclear");
      assertEquals((await mailjet.lookup!(`lost${i}`))!.found, true);
    }
    const taken = api.messages.map(({ CustomID }) => CustomID);
    assertEquals(taken, ["heard1", "lost1", "heard2", "lost2", "heard3", "lost3"]);
  });
});

Deno.test("an answer that breaks off anywhere is no answer, a whole one of HTTP/1.0 is", async () => {
  const body = JSON.stringify({
    Messages: [{ Status: "success", CustomID: aMail().ref, To: [{ MessageID: 7 }] }],
  });
  const head = "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n";
  const whole = head + body;
  const cuts = Array.from({ length: Math.ceil(whole.length / 5) }, (_, i) => i * 5);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answers = [...cuts, whole.length];
  const serving = (async () => {
    for await (const connection of listener) {
      const buffer = new Uint8Array(65_536);
      let request = "";
      while (!request.endsWith("]}")) {
        request += new TextDecoder().decode(buffer.subarray(0, (await connection.read(buffer))!));
      }
      await connection.write(new TextEncoder().encode(whole.slice(0, answers.shift())));
      connection.close();
    }
  })();
  const apiUrl = `http://127.0.0.1:${listener.addr.port}`;
  const mailjet = createMailjetMailer({ ...KEYS, apiUrl, log: createLog("error", () => {}) });
  for (const cut of cuts) {
    assertEquals((await mailjet.send([aMail()]))[0]!.is, "unclear", whole.slice(0, cut));
  }
  assertEquals(await mailjet.send([aMail()]), [{ is: "accepted", providerId: "7" }]);
  listener.close();
  await serving;
});

Deno.test("a search that is not sure says nothing", async () => {
  const ref = aMail().ref;
  const found = (CustomID?: string) => jsonOf({ Count: 1, Total: 1, Data: [{ ID: 7, CustomID }] });
  const cases: [Fault, unknown][] = [
    [found(ref), { found: true, providerId: "7" }],
    [found(), { found: true, providerId: "7" }],
    [found("of another"), null],
    [found(""), null],
    [jsonOf({ Count: 0, Total: 0, Data: [] }), { found: false }],
    [jsonOf({ Count: 1, Total: 1, Data: [] }), null],
    [jsonOf({ Data: [] }), null],
    [jsonOf({}), null],
    [{ body: `{"Count":0,"Da` }, null],
    [{ status: 404 }, null],
    [{ status: 401 }, null],
    [{ status: 429 }, null],
    [{ status: 500 }, null],
    [{ drop: true }, null],
  ];
  await withApi(async (api, mailjet) => {
    for (const [fault, wanted] of cases) {
      api.fail({ ...fault, on: "lookup" });
      assertEquals(await mailjet.lookup!(ref), wanted, JSON.stringify(fault));
    }
  });
});

Deno.test("wrong keys are down, and the keys stand nowhere", async () => {
  const logged = await withApi(async (api, mailjet) => {
    assertEquals(await mailjet.send([aMail()]), [{
      is: "down",
      reason: "Cannot use Mailjet: it answered 401",
      retryAfterMs: 300_000,
    }]);
    assertEquals(api.messages.length, 0);
  }, { mailer: { apiKey: "planted-wrong-key" } });
  assert(logged.includes(`"event":"mailjet_call_failed","mails":1,"status":401`), logged);

  const words = `Not ${KEYS.apiKey}\u0000\u2028 nor ${KEYS.apiSecret}!${"x".repeat(500)}`;
  const entry = { Status: "error", Errors: [{ StatusCode: 400, ErrorMessage: words }] };
  const answer = await sendWith(jsonOf({ Messages: [entry] }));
  assert(answer.is === "refused");
  assert(answer.reason.startsWith("Cannot send: Not … nor …!xxx"), answer.reason);
  assertEquals(answer.reason.length, 300);
});

Deno.test("a sender that Mailjet does not know stops all mail, not this one", async () => {
  await withApi(async (_api, mailjet) => {
    const [answer] = await mailjet.send([aMail()]);
    assertEquals([answer!.is, answer!.is === "down" && answer!.retryAfterMs], ["down", 300_000]);
  }, { senders: ["somebody@else.example"] });
});

Deno.test("where no connection comes to be nothing was sent", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const taken: string[] = [];
  const take = (request: Request) => {
    taken.push(request.url);
    return new Response("{}");
  };
  const serve = async (age: number) =>
    Deno.serve({
      ...await makeCertificate(Date.now() - age),
      hostname: "127.0.0.1",
      port: 0,
      onListen() {},
    }, take);
  const servers = await Promise.all([serve(0), serve(48 * 3_600_000)]);
  const urls = [
    `http://127.0.0.1:${port}`,
    "https://nowhere.invalid",
    ...servers.map(({ addr }) => `https://localhost:${addr.port}`),
  ];
  await settle(urls.map(async (apiUrl) => {
    const mailjet = createMailjetMailer({ ...KEYS, apiUrl, log: createLog("error", () => {}) });
    const [answer] = await mailjet.send([aMail()]);
    assertEquals(answer!.is, "down", `${apiUrl} ${JSON.stringify(answer)}`);
    assertEquals(await mailjet.lookup!("a"), null);
    await mailjet.close();
  }));
  assertEquals(taken, []);
  for (const server of servers) await server.shutdown();
});

Deno.test("one that speaks http on this machine does not make another one speak it", async () => {
  await withApi(async (api, mailjet) => {
    const apiUrl = api.url.replace("http:", "https:");
    const secure = createMailjetMailer({ ...KEYS, apiUrl, log: createLog("error", () => {}) });
    const both = await Promise.all([
      mailjet.send([aMail({ ref: "plain" })]),
      secure.send([aMail({ ref: "secure" })]),
    ]);
    assertEquals(both[0][0]!.is, "accepted");
    assert(both[1][0]!.is !== "accepted");
    assertEquals(api.messages.map(({ CustomID }) => CustomID), ["plain"]);
  });
});

Deno.test("keys are not sent in plain text to another machine", () => {
  const log = createLog("error", () => {});
  for (const apiUrl of ["http://api.mailjet.com", "ftp://localhost", "api.mailjet.com"]) {
    assertThrows(
      () => createMailjetMailer({ ...KEYS, apiUrl, log }),
      Error,
      "Cannot use MAILJET_API_URL",
    );
  }
});
