import { assert, assertEquals } from "@std/assert";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { signOutEverywhere } from "../../domain/accounts/session_end.ts";
import type { ServerFrame } from "../../islands/frames.ts";
import type { Account } from "../../kv/schema.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, minutes } from "../support/clock.ts";
import { listen, openSocket, socketOf, WS_ORIGIN } from "../support/socket_page.ts";
import { sessionValue } from "../support/site.ts";
import { until } from "../support/until.ts";

async function mail(t: TestApp, { id: ownerId }: Account, people = 3): Promise<string> {
  const note = await createNote(t.app, { ownerId, title: "T", text: "x" });
  const to = Array.from({ length: people }, (_, i) => `p${i}@example.org`);
  return await requestMailing(t.app, { noteId: note.id, ownerId, to });
}

Deno.test("a page hears of its mailing until it is done, and a later page from where that one was", async () => {
  await using t = await testApp();
  await using at = listen(t);
  const ada = await t.person("Ada");
  const topic = `account:${ada.id}`;
  const first = await socketOf(t, at.url, ada);
  first.send({ type: "sub", topic, after: 0 });
  const jobId = await mail(t, ada);
  await t.drain();
  const seen: ServerFrame[] = [];
  for (;;) {
    const frame = await first.next();
    seen.push(frame);
    const event = frame.type === "event" ? frame.event : null;
    if (event?.type === "notification") break;
  }
  first.socket.close();
  await first.closed;
  const states = seen.flatMap((f) =>
    f.type === "event" && f.event.type === "job"
      ? [f.event.data as { id: string; state: string }]
      : []
  );
  assert(states.every(({ id }) => id === jobId));
  assertEquals(states.at(-1)!.state, "completed");

  const last = seen.flatMap((f) => f.type === "event" ? [f.seq] : []).at(-1)!;
  await mail(t, ada, 1);
  await t.drain();
  const second = await socketOf(t, at.url, ada);
  second.send({ type: "sub", topic, after: last });
  const resumed = await second.next();
  assertEquals(resumed.type === "event" && resumed.seq, last + 1, "nothing lost, nothing twice");
  second.socket.close();
  await second.closed;
});

Deno.test("another's topic does not exist, nor does nonsense end the connection", async () => {
  await using t = await testApp();
  await using at = listen(t);
  const [ada, bob] = [await t.person("Ada"), await t.person("Bob")];
  const page = await socketOf(t, at.url, bob);
  const answers: string[] = [];
  for (
    const frame of [
      { type: "sub", topic: `account:${ada.id}`, after: 0 },
      { type: "sub", topic: "job:1", after: 0 },
      "{not json",
      { type: "sub", topic: "everyone", after: -1 },
      { type: "shout" },
      "null",
    ]
  ) {
    page.send(frame);
    const answer = await page.next();
    answers.push(answer.type === "error" ? answer.error.code : answer.type);
  }
  assertEquals(answers, ["not_found", "not_found", "invalid", "invalid", "invalid", "invalid"]);
  page.socket.close();
  await page.closed;
});

Deno.test("no socket for strangers, from other sites, or without our sub-protocol", async () => {
  await using t = await testApp();
  await using at = listen(t);
  const cookie = `cw_session_dev=${await sessionValue(t, await t.person("Ada"))}`;
  const tries: [Record<string, string>, string][] = [
    [{ origin: WS_ORIGIN }, "cw.v1"],
    [{ cookie, origin: "https://evil.example" }, "cw.v1"],
    [{ cookie }, "cw.v1"],
    [{ cookie, origin: "null" }, "cw.v1"],
    [{ cookie, origin: WS_ORIGIN }, "other.v1"],
  ];
  for (const [headers, protocol] of tries) {
    const refused = await openSocket(at.url, headers, protocol).then(() => false, () => true);
    assert(refused, JSON.stringify({ headers: Object.keys(headers), protocol }));
  }
});

Deno.test("when a session ends, its open page is disconnected at once", async () => {
  await using t = await testApp();
  await using at = listen(t);
  const ada = await t.person("Ada");
  const page = await socketOf(t, at.url, ada);
  page.send({ type: "sub", topic: `account:${ada.id}`, after: 0 });
  await signOutEverywhere(t.app, ada.id);
  const { code } = await page.closed;
  assertEquals(code, 1008);
});

Deno.test("a session that ran out is noticed within a minute, without any event", async () => {
  await using t = await testApp();
  await using at = listen(t);
  const page = await socketOf(t, at.url, await t.person("Ada"));
  t.clock.advance(days(31));
  let code = 0;
  void page.closed.then((event) => code = event.code);
  // The first look may have begun before those days passed: it is the next one that has to see it.
  await until("the disconnection", () => {
    t.clock.advance(minutes(1));
    return code;
  });
  assertEquals(code, 1008);
});
