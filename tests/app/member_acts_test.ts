import { assert, assertEquals, assertMatch, assertNotMatch, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { mayLeave } from "../../domain/mail/leaving.ts";
import {
  changeRole,
  releaseSender,
  setQuota,
  suspendMember,
} from "../../domain/admin/member_acts.ts";
import { memberView } from "../../domain/admin/member_view.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { allowanceOf } from "../../domain/mail/quotas.ts";
import { accountOfChat, giveChat } from "../../domain/chats/chat_owner.ts";
import { getWork } from "../../domain/work.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { minutes } from "../support/clock.ts";
import { ada as typed, member as memberOf, PASSWORD } from "../support/door.ts";
import { phoneOf } from "../support/factor.ts";
import { type Client, errorOf, jsonOf } from "../support/http.ts";
import { TestMailer } from "../support/mailer.ts";
import { pageOf, sessionValue, visitor } from "../support/site.ts";

async function world() {
  const mailer = new TestMailer();
  const env = { MAIL_FROM: "clock@example.org", RECIPIENT_DOMAINS: "example.net" };
  const t = await testApp({ mailer, env });
  const root = await t.person("Root", { role: "admin" });
  const ada = await memberOf(t.app);
  return { t, mailer, root, ada, admin: await visitor(t, root), member: await visitor(t, ada) };
}

const account = async (t: TestApp, { id }: Account) => (await read(t.app, keys.account(id)))!;

/** The acts in the audit log, with whom they were about. */
async function audited(t: TestApp): Promise<string[]> {
  const lines = await list(t.app, ranges.audit);
  return lines.map(({ act, by, about }) => `${act} ${by} ${about}`);
}

/** The answer to signing in, less what differs each time. */
async function signIn(client: Client, given: { email: string; password: string }) {
  client.cookies.clear();
  const answer = await client.post("/api/session", given);
  return { status: answer.status, said: answer.status === 201 ? "" : await answer.text() };
}

Deno.test("a suspended member is out at once: sessions, sign-in and chat; restored they come in again", async () => {
  const { t, root, ada, admin, member } = await world();
  await using _ = t;
  const face = { chatId: 7, name: "Ada", username: null };
  await transact(t.app, (tx) => giveChat(t.app, tx, ada.id, face));
  assertEquals((await member.get("/api/me")).status, 200);

  const answer = await admin.postForm(`/admin/members/${ada.id}/suspend`, {});
  assertEquals([answer.status, answer.headers.get("location")], [303, `/admin/members/${ada.id}`]);
  assertEquals((await member.get("/api/me")).status, 401);
  assertEquals(await accountOfChat(t.app, 7), null);
  const stranger = await visitor(t);
  const suspended = await signIn(stranger, typed);
  assertEquals(suspended, await signIn(stranger, { email: "no@example.org", password: PASSWORD }));
  assertEquals(suspended.status, 401);
  const page = await pageOf(admin, `/admin/members/${ada.id}`);
  assertMatch(page, /Suspended\. They are signed out/);
  assertMatch(page, /Restore Ada/);

  await admin.postForm(`/admin/members/${ada.id}/restore`, {});
  assertEquals((await signIn(stranger, typed)).status, 201);
  assert(await accountOfChat(t.app, 7));
  assertEquals((await member.get("/api/me")).status, 401, "the old session stays ended");
  const acts = (await audited(t)).filter((line) => line.startsWith("member_"));
  assertEquals(acts, [
    `member_suspended ${root.id} ${ada.id}`,
    `member_restored ${root.id} ${ada.id}`,
  ]);
});

Deno.test("nothing of a suspended member leaves, also what was asked for before", async () => {
  const { t, mailer, root, ada } = await world();
  await using _ = t;
  const note = await createNote(t.app, { ownerId: ada.id, title: "T", text: "x" });
  const ask = () =>
    requestMailing(t.app, { noteId: note.id, ownerId: ada.id, to: ["bob@example.net"] });
  const id = await ask();
  await suspendMember(t.app, { id: ada.id, by: root });
  await t.drain();
  assertEquals(mailer.accepted, []);
  const [delivery] = (await getWork(t.app, { id, ownerId: ada.id })).deliveries;
  assertEquals([delivery!.state, delivery!.reason], ["skipped", "its sender is suspended"]);
});

Deno.test("the sockets of a suspended member close within five seconds", async () => {
  const { t, root, ada } = await world();
  await using _ = t;
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request, info) => t.server.fetch(request, info),
  );
  const headers = {
    cookie: `cw_session_dev=${await sessionValue(t, ada)}`,
    origin: t.app.config.origin,
  };
  const options = { protocols: ["cw.v1"], headers } as unknown as string[];
  const socket = new WebSocket(`ws://127.0.0.1:${server.addr.port}/ws`, options);
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  // It answers to this once it follows the topic: what is suspended next is seen.
  const answered = new Promise((resolve) =>
    socket.addEventListener("message", ({ data }) => /not_found/.test(data) && resolve(null))
  );
  socket.send(JSON.stringify({ type: "sub", topic: `account:${ada.id}`, after: 0 }));
  socket.send(JSON.stringify({ type: "sub", topic: "account:another", after: 0 }));
  await answered;
  const before = performance.now();
  await suspendMember(t.app, { id: ada.id, by: root });
  const { code, reason } = await closed;
  assertEquals([code, reason], [1008, "signed out"]);
  assert(performance.now() - before < 5_000);
  await t.server.stop();
  await server.shutdown();
});

Deno.test("nobody takes an admin's rights from themselves, so there is always an admin", async () => {
  const { t, root, admin } = await world();
  await using _ = t;
  for (const act of ["suspend", "sessions", "role"]) {
    const answer = await admin.post(
      `/api/admin/members/${root.id}/${act}`,
      act === "role" ? { role: "member" } : {},
    );
    assertEquals([answer.status, (await errorOf(answer)).code], [409, "conflict"], act);
  }
  await admin.postForm(`/admin/members/${root.id}/role`, { role: "member" });
  const page = await pageOf(admin, `/admin/members/${root.id}`);
  assertMatch(page, /That cannot be done/);
  assertNotMatch(page, /Suspend Root|Make Root/);
  assertEquals((await account(t, root)).role, "admin");
});

Deno.test("of admins who take the rights of each other at the same moment one is left", async () => {
  for (let round = 0; round < 10; round++) {
    await using t = await testApp();
    const people = await Promise.all(
      ["A", "B", "C", "D"].map((name) => t.person(name, { role: "admin" })),
    );
    const all = people.flatMap((by, i) =>
      people.filter((one) => one !== by).map(({ id }) =>
        (i + round) % 2 === 0
          ? changeRole(t.app, { id, by, role: "member" })
          : suspendMember(t.app, { id, by })
      )
    );
    await Promise.allSettled(all);
    const now = await Promise.all(people.map((one) => account(t, one)));
    const left = now.filter(({ role, suspended }) => role === "admin" && suspended === undefined);
    assertEquals(left.length, 1);
  }
});

Deno.test("a changed role ends the sessions of whose it is, and counts from the next one on", async () => {
  const { t, root, ada, admin, member } = await world();
  await using _ = t;
  const answer = await admin.post(`/api/admin/members/${ada.id}/role`, { role: "admin" });
  const { role, sessions } = await jsonOf(answer);
  assertEquals([answer.status, role, sessions], [200, "admin", 0]);
  assertEquals((await member.get("/admin")).status, 404);
  const bare = await (await visitor(t, await account(t, ada))).get("/admin");
  assertEquals(bare.headers.get("location"), "/account#factor", "without a second factor");
  await phoneOf(t, ada);
  const again = await visitor(t, await account(t, ada));
  assertEquals((await again.get("/admin")).status, 200);
  await again.post(`/api/admin/members/${root.id}/role`, { role: "member" });
  assertEquals((await admin.get("/admin")).status, 404);
  const lines = await list(t.app, ranges.audit);
  assertEquals(lines.map(({ act, facts }) => [act, facts]), [
    ["role_changed", { from: "member", to: "admin" }],
    ["role_changed", { from: "admin", to: "member" }],
  ]);
  const eve = await t.person("Eve", { verified: null });
  const refused = () => changeRole(t.app, { id: eve.id, by: ada, role: "admin" });
  assertEquals((await assertRejects(refused, AppError)).code, "conflict", "not confirmed");
});

Deno.test("an admin who was one when the request came, and is none in the commit, does nothing", async () => {
  const { t, root, ada } = await world();
  await using _ = t;
  const other = await t.person("Other", { role: "admin" });
  await changeRole(t.app, { id: root.id, by: other, role: "member" });
  const acts = [
    () => suspendMember(t.app, { id: ada.id, by: root }),
    () => changeRole(t.app, { id: root.id, by: root, role: "admin" }),
    () => setQuota(t.app, { id: ada.id, by: root, perDay: 7 }),
    () => releaseSender(t.app, { id: ada.id, by: root }),
    () => memberView(t.app, { id: ada.id, by: root }),
  ];
  for (const act of acts) assertEquals((await assertRejects(act, AppError)).code, "not_found");
  assertEquals((await audited(t)).length, 1);
});

Deno.test("an admin says how many messages a day may leave for a member, from 0 to 100,000", async () => {
  const { t, ada, admin } = await world();
  await using _ = t;
  const path = `/admin/members/${ada.id}/quota`;
  const perDay = async () => (await allowanceOf(t.app, ada)).perDay;
  for (const [said, wanted] of [["7", 7], ["0", 0], ["100,000", 100_000], ["", 50]] as const) {
    assertEquals((await admin.postForm(path, { perDay: said })).status, 303, said);
    assertEquals(await perDay(), wanted, said);
  }
  for (const said of ["-1", "100001", "1.5", "many", "1e2", "0x10", "1,0", "NaN"]) {
    const answer = await admin.postForm(path, { perDay: said });
    assertEquals(answer.status, 400, said);
    assertMatch(await answer.text(), /say a whole number from 0 to 100,000/);
    const api = await admin.post(`/api${path}`, { perDay: said });
    assertEquals(api.status, 400, said);
  }
  assertEquals(await perDay(), 50);
  const acts = (await list(t.app, ranges.audit)).map(({ act, facts }) => [act, facts.perDay]);
  assertEquals(acts, [7, 0, 100_000, "usual"].map((one) => ["quota_changed", one]));
});

Deno.test("a paused sender goes on once an admin releases them", async () => {
  const { t, ada, admin } = await world();
  await using _ = t;
  const paused = { at: t.clock.now(), why: "two recipients complained" };
  await transact(t.app, (tx) => tx.set(keys.sender(ada.id), { paused, perDay: 3 }));
  const leaving = { kind: "note", ownerId: ada.id, askedAt: t.clock.now() } as const;
  const note = await createNote(t.app, { ownerId: ada.id, title: "T", text: "x" });
  const jobId = await requestMailing(t.app, {
    noteId: note.id,
    ownerId: ada.id,
    to: ["b@example.net"],
  });
  const deliveries = await list(t.app, ranges.deliveriesOf(jobId));
  assertEquals((await mayLeave(t.app, leaving, deliveries))[0]!.is, "wait");
  assertMatch(await pageOf(admin, `/admin/members/${ada.id}`), /two recipients complained/);
  await admin.postForm(`/admin/members/${ada.id}/release`, {});
  const released = await read(t.app, keys.sender(ada.id));
  assertEquals([released?.paused, released?.perDay], [null, 3]);
  assertEquals((await mayLeave(t.app, leaving, deliveries))[0]!.is, "go");
});

Deno.test("an act twice is written down once", async () => {
  const { t, root, ada, admin } = await world();
  await using _ = t;
  for (const act of ["suspend", "suspend", "restore", "restore", "release", "release"]) {
    const answer = await admin.post(`/api/admin/members/${ada.id}/${act}`, {});
    assertEquals(answer.status, 200, act);
    await answer.body?.cancel();
  }
  assertEquals((await audited(t)).map((line) => line.split(" ")[0]), [
    "member_suspended",
    "member_restored",
  ]);
  assertEquals(root.role, "admin");
});

Deno.test("what changes a member, what leaves or whom mail reaches asks who is there once more", async () => {
  const { t, root, ada } = await world();
  await using _ = t;
  const admin = await visitor(
    t,
    await memberOf(t.app, { email: "sue@example.org", role: "admin" }),
  );
  t.clock.advance(minutes(10)); // since signing in
  const before = (await audited(t)).length;
  const doors: [string, unknown][] = [
    ...["suspend", "restore", "sessions", "release"].map((act): [string, unknown] => [
      `/admin/members/${ada.id}/${act}`,
      {},
    ]),
    [`/admin/members/${ada.id}/role`, { role: "admin" }],
    [`/admin/members/${ada.id}/quota`, { perDay: "1" }],
    ["/admin/sending/resume", {}],
    ["/admin/sending/release", { past: "send" }],
    ["/admin/suppressions", { address: "a@example.org" }],
    ["/admin/suppressions/lift", { ref: "x" }],
    [`/admin/broadcasts/${ada.id}/confirm`, { version: "1", members: "1" }],
  ];
  for (const [door, form] of doors) {
    const answer = await admin.postForm(door, form as Record<string, string>);
    assertMatch(answer.headers.get("location") ?? "", /^\/prove\?next=%2Fadmin/, door);
    const path = `/api${door.replace("/admin/broadcasts", "/broadcasts")}`;
    const api = door.endsWith("/lift")
      ? await admin.delete("/api/admin/suppressions/x")
      : await admin.post(path, form);
    assertEquals((await errorOf(api)).code, "proof_needed", path);
  }
  assertEquals((await audited(t)).length, before);
  // What stops everything waits for nothing.
  assertEquals(
    (await admin.postForm("/admin/sending/stop", {})).headers.get("location"),
    "/admin/sending",
  );
  assert((await read(t.app, keys.sending))?.stopped);
  assertEquals(root.role, "admin");
});
