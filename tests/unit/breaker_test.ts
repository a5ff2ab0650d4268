import { assert, assertEquals } from "@std/assert";
import { withBreaker } from "../../adapters/breaker.ts";
import { createLog } from "../../core/log.ts";
import type { Answer } from "../../core/answer.ts";
import type { Mail, Mailer } from "../../core/mail.ts";
import { minutes, seconds, TestClock } from "../support/clock.ts";

const MAIL: Mail = {
  ref: "ref",
  from: { address: "clock-work@notes.example.org" },
  to: { address: "bob@example.net" },
  subject: "Milk",
  text: "Buy milk",
  html: "<p>Buy milk</p>",
  headers: {},
  date: 0,
};
const DOWN: Answer = { is: "down", reason: "Cannot reach the mail server" };
const ACCEPTED: Answer = { is: "accepted", providerId: "1" };

/** A mailer that gives these answers, one a call, behind a breaker without jitter. */
function aBreaker(answers: (Answer | Promise<Answer>)[], random = () => 0.5) {
  const clock = new TestClock();
  const logged: string[] = [];
  let calls = 0;
  let closed = 0;
  const inner: Mailer = {
    name: "smtp",
    batch: 1,
    idempotent: false,
    async send(mails) {
      calls++;
      const answer = await (answers.shift() ?? ACCEPTED);
      return mails.map(() => answer);
    },
    close: () => Promise.resolve(void closed++),
  };
  const log = createLog("info", (line) => logged.push(JSON.parse(line).event));
  const mailer = withBreaker(inner, clock, log, random);
  return {
    inner,
    mailer,
    clock,
    logged,
    send: async () => (await mailer.send([MAIL]))[0]!,
    calls: () => calls,
    closed: () => closed,
  };
}

/** For how long it says to stay away. */
function pauseOf(answer: Answer): number | undefined {
  return answer.is === "down" ? answer.retryAfterMs : undefined;
}

Deno.test("a provider that is down is left alone for 30 s, then asked by one call", async () => {
  const t = aBreaker([DOWN]);
  assertEquals(await t.send(), DOWN);
  assertEquals(await t.send(), { ...DOWN, retryAfterMs: seconds(30) });
  t.clock.advance(seconds(12));
  assertEquals(await t.mailer.send([MAIL, MAIL]), [
    { ...DOWN, retryAfterMs: seconds(18) },
    { ...DOWN, retryAfterMs: seconds(18) },
  ]);
  t.clock.advance(seconds(18) - 1);
  assertEquals([pauseOf(await t.send()), t.calls()], [1, 1]);
  t.clock.advance(1);
  assertEquals([await t.send(), t.calls()], [ACCEPTED, 2]);
  assertEquals(await t.send(), ACCEPTED);
  assertEquals(t.logged, ["mailer_down", "mailer_up"]);
});

Deno.test("the pause doubles up to five minutes while it stays down, and starts anew after", async () => {
  const t = aBreaker([...Array.from({ length: 7 }, () => DOWN), ACCEPTED, DOWN]);
  const pauses: (number | undefined)[] = [];
  for (let i = 0; i < 7; i++) {
    await t.send();
    const pause = pauseOf(await t.send())!;
    pauses.push(pause / seconds(1));
    t.clock.advance(pause);
  }
  assertEquals(pauses, [30, 60, 120, 240, 300, 300, 300]);
  assertEquals(await t.send(), ACCEPTED);
  await t.send();
  assertEquals(pauseOf(await t.send()), seconds(30));
});

Deno.test("the pause varies by a fifth, and is never less than what the provider asked for", async () => {
  for (const [chance, least] of [[0, 24], [0.5, 30], [1, 36]] as const) {
    const t = aBreaker([DOWN], () => chance);
    await t.send();
    assertEquals(pauseOf(await t.send()), seconds(least));

    const asked = aBreaker([{ ...DOWN, retryAfterMs: minutes(7) }], () => chance);
    await asked.send();
    assertEquals(pauseOf(await asked.send()), minutes(7));

    const brief = aBreaker([{ ...DOWN, retryAfterMs: seconds(2) }], () => chance);
    await brief.send();
    assertEquals(pauseOf(await brief.send()), seconds(least));
  }
});

Deno.test("while one call tries, the others are told to wait", async () => {
  const probe = Promise.withResolvers<Answer>();
  const t = aBreaker([DOWN, probe.promise]);
  await t.send();
  t.clock.advance(seconds(30));
  const trying = t.send();
  const meanwhile = await Promise.all([t.send(), t.send()]);
  assertEquals(meanwhile.map(({ is }) => is), ["down", "down"]);
  assert(meanwhile.every((answer) => pauseOf(answer)! > 0));
  assertEquals(t.calls(), 2);
  probe.resolve(ACCEPTED);
  assertEquals(await trying, ACCEPTED);
  assertEquals([await t.send(), t.calls()], [ACCEPTED, 3]);
});

Deno.test("any answer but down ends it", async () => {
  const answers: Answer[] = [
    ACCEPTED,
    { is: "refused", reason: "No", badAddress: true },
    { is: "postponed", reason: "Later" },
    { is: "unclear", reason: "Perhaps" },
  ];
  for (const answer of answers) {
    const t = aBreaker([DOWN, answer, DOWN]);
    await t.send();
    t.clock.advance(seconds(30));
    assertEquals(await t.send(), answer);
    await t.send(); // goes through, and is the first of a new row
    assertEquals([pauseOf(await t.send()), t.calls()], [seconds(30), 3]);
  }
});

Deno.test("calls that were under way when it opened neither double the pause nor end it", async () => {
  for (const late of [DOWN, ACCEPTED]) {
    const slow = Promise.withResolvers<Answer>();
    const t = aBreaker([slow.promise, DOWN]);
    const waiting = t.send();
    await t.send();
    slow.resolve(late);
    assertEquals(await waiting, late);
    assertEquals(pauseOf(await t.send()), seconds(30));
  }
});

Deno.test("a mailer that breaks while it tries does not keep the others out", async () => {
  const t = aBreaker([DOWN, Promise.reject(new TypeError("a bug"))]);
  await t.send();
  t.clock.advance(seconds(30));
  assertEquals(await t.send().catch(() => "thrown"), "thrown");
  assertEquals([await t.send(), t.calls()], [ACCEPTED, 3]);
});

Deno.test("a clock that is set back does not lengthen the pause", async () => {
  const t = aBreaker([DOWN]);
  await t.send();
  t.clock.advance(-minutes(60));
  assertEquals(await t.send(), ACCEPTED);
});

Deno.test("what the mailer can do stays as it is", async () => {
  const t = aBreaker([]);
  assertEquals(t.mailer.lookup, undefined);
  const { name, batch, idempotent } = t.mailer;
  assertEquals([name, batch, idempotent], ["smtp", 1, false]);
  assertEquals([await t.mailer.send([]), t.calls()], [[], 0]);
  await t.mailer.close();
  assertEquals(t.closed(), 1);

  const asked: string[] = [];
  const lookup = (ref: string) => {
    asked.push(ref);
    return Promise.resolve({ found: true, providerId: "7" });
  };
  const both = withBreaker({ ...t.inner, lookup }, t.clock, createLog("error", () => {}));
  assertEquals(await both.lookup!("ref"), { found: true, providerId: "7" });
  assertEquals(asked, ["ref"]);
});
