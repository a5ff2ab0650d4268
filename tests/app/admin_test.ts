import { assert, assertEquals, assertMatch, assertNotMatch, assertRejects } from "@std/assert";
import type { Names } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { type AdminJobView, KINDS, listJobs } from "../../domain/admin/admin_jobs.ts";
import { actOnJob, JOB_ACTS } from "../../domain/admin/admin_job_acts.ts";
import { listMembers } from "../../domain/admin/members.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { overview } from "../../domain/admin/overview.ts";
import { getWork } from "../../domain/work.ts";
import { enqueue } from "../../jobs/enqueue.ts";
import type { JobKind, Payload } from "../../jobs/catalog.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account, JobRecord } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { hours, seconds } from "../support/clock.ts";
import { type Client, jsonOf } from "../support/http.ts";
import { TestMailer } from "../support/mailer.ts";
import { OPEN_MAIL } from "../support/mailing.ts";
import { pageOf, visitor } from "../support/site.ts";

const paths = ["/admin", "/admin/members", "/admin/jobs", "/admin/jobs/:id/cancel"];
const apiPaths = ["/api/admin/jobs", ...JOB_ACTS.map((act) => `/api/admin/jobs/:id/${act}`)];
const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

async function world() {
  const t = await testApp();
  const [root, ada] = [await t.person("Root", { role: "admin" }), await t.person("Ada")];
  return { t, root, ada, admin: await visitor(t, root), member: await visitor(t, ada) };
}

/** A mailing of Ada's that waits. */
async function mailing(t: TestApp, { id: ownerId }: Account, to = ["a@example.org"]) {
  const note = await createNote(t.app, { ownerId, title: "Private title", text: "x" });
  return await requestMailing(t.app, { noteId: note.id, ownerId, to });
}

function add<K extends JobKind>(t: TestApp, kind: K, payload: Payload<K>, ownerId?: string) {
  return transact(t.app, (tx) => enqueue(t.app, tx, kind, payload, { ownerId }));
}

/** Makes a job one that was given up, with what hangs on it. */
async function giveUp(t: TestApp, id: string): Promise<void> {
  await transact(t.app, async (tx) => {
    const job = await tx.get(keys.job(id));
    tx.set(keys.job(id), { ...job!, attempt: 99 });
  });
  await t.drain();
}

async function job(t: TestApp, id: string): Promise<JobRecord> {
  const found = await read(t.app, keys.job(id));
  assert(found);
  return found;
}

/** What an answer says, without what differs from one request to the next. */
async function said(response: Response): Promise<unknown> {
  const headers = [...response.headers].filter(([name]) =>
    !["x-request-id", "content-security-policy", "date"].includes(name)
  );
  const text = (await response.text()).replaceAll(/nonce="[^"]*"/g, "").replaceAll(
    /datetime="[^"]*"/gi,
    "",
  );
  return [response.status, headers, text];
}

Deno.test("to who is no admin every page and every door answers as one that is not there", async () => {
  const { t, ada, member, admin } = await world();
  await using _ = t;
  const id = await mailing(t, ada);
  const nobody = await visitor(t);
  const ask = (client: Client, method: string, path: string, accept: string) =>
    client.send(path, {
      method,
      headers: { accept },
      json: ["GET", "HEAD"].includes(method) ? undefined : {},
    });
  const before = await job(t, id);
  for (const client of [member, nobody]) {
    for (const path of [...paths, ...apiPaths].map((path) => path.replace(":id", id))) {
      const unknown = path.startsWith("/api") ? "/api/nothing/here" : "/nothing/here";
      for (const method of methods) {
        for (const accept of ["text/html", "application/json"]) {
          const there = await said(await ask(client, method, path, accept));
          const none = await said(await ask(client, method, unknown, accept));
          assertEquals(there, none, `${method} ${path}`);
        }
      }
    }
  }
  assertEquals(await job(t, id), before);
  for (const path of paths.slice(0, 3)) await pageOf(admin, path);
});

Deno.test("the rules themselves refuse who is no admin", async () => {
  const { t, ada } = await world();
  await using _ = t;
  const id = await mailing(t, ada);
  const acts = [
    () => listJobs(t.app, { by: ada }),
    () => listMembers(t.app, { by: ada }),
    () => overview(t.app, ada),
    ...JOB_ACTS.map((act) => () => actOnJob(t.app, { id, by: ada, act })),
  ];
  for (const act of acts) {
    const { code } = await assertRejects(act, AppError);
    assertEquals(code, "not_found");
  }
});

Deno.test("only admins are shown the way in", async () => {
  const { t, admin, member } = await world();
  await using _ = t;
  assertMatch(await pageOf(admin, "/"), /href="\/admin"/);
  assertNotMatch(await pageOf(member, "/"), /href="\/admin"/);
});

Deno.test("jobs are listed by state and kind, page after page, each once", async () => {
  const { t, root, ada } = await world();
  await using _ = t;
  const over = await mailing(t, ada);
  await t.drain();
  const waiting: string[] = [];
  for (let i = 0; i < 65; i++) {
    const kind = i % 2 === 0 ? "purge_note" : "prune";
    const added = await transact(
      t.app,
      (tx) =>
        kind === "prune"
          ? enqueue(t.app, tx, kind, {}, { dueAt: t.clock.now() + hours(i + 1) })
          : enqueue(t.app, tx, kind, { noteId: "n", deletedAt: 0 }, {
            dueAt: t.clock.now() + hours(i + 1),
          }),
    );
    waiting.push(added.id);
  }
  const all = async (filter: { state?: JobRecord["state"]; kind?: string }) => {
    const found: AdminJobView[] = [];
    let cursor: string | undefined;
    do {
      const { items, next } = await listJobs(t.app, { ...filter, cursor, by: root });
      found.push(...items);
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    return found.map(({ id }) => id);
  };
  assertEquals(await all({}), [...waiting, over], "by due time, then those that are over");
  assertEquals(await all({ state: "completed" }), [over]);
  assertEquals(await all({ state: "running" }), []);
  assertEquals(await all({ kind: "prune" }), waiting.filter((_, i) => i % 2 === 1));
  assertEquals(await all({ kind: "email_note", state: "completed" }), [over]);
  assertEquals(await all({ kind: "constructor" }), []);
});

Deno.test("admins see whose a job is and how it goes, not what it is about", async () => {
  const { t, ada, admin } = await world();
  await using _ = t;
  await mailing(t, ada, ["whom@example.net"]);
  const answer = await admin.get("/api/admin/jobs");
  const text = await answer.text();
  assertMatch(text, /ada@example\.org/);
  assertNotMatch(text, /Private title|whom@/);
  const etag = answer.headers.get("etag")!;
  const again = await admin.get("/api/admin/jobs", { headers: { "if-none-match": etag } });
  assertEquals(again.status, 304, "nothing has changed");
  for (const query of ["state=nonsense", "cursor=nonsense", "cursor=due.nonsense"]) {
    const bad = await admin.get(`/api/admin/jobs?${query}`);
    assertEquals(bad.status, 400, query);
    await bad.text();
  }
});

Deno.test("an admin cancels what waits, and what runs is asked to end; the reason says who", async () => {
  const { t, root, ada, admin } = await world();
  await using _ = t;
  const id = await mailing(t, ada, ["a@example.org", "b@example.org"]);
  const answer = await admin.postForm(`/admin/jobs/${id}/cancel?state=scheduled&kind=x`, {});
  assertEquals(answer.status, 303);
  assertEquals(answer.headers.get("location"), "/admin/jobs?state=scheduled&kind=x");
  const work = await getWork(t.app, { id, ownerId: ada.id });
  assertEquals([work.state, work.reason], ["cancelled", "cancelled by an admin"]);
  assertEquals(work.deliveries.map(({ state }) => state), ["skipped", "skipped"]);
  const { code } = await assertRejects(
    () => actOnJob(t.app, { id, by: root, act: "cancel" }),
    AppError,
  );
  assertEquals(code, "conflict");

  const running = await add(t, "demo", { steps: 3, failAt: null }, ada.id);
  const draining = t.drain();
  while ((await job(t, running.id)).state !== "running") t.clock.advance(1);
  await actOnJob(t.app, { id: running.id, by: root, act: "cancel" });
  let over = false;
  void draining.finally(() => over = true);
  while (!over) {
    t.clock.advance(100);
    await new Promise((resolve) => setTimeout(resolve));
  }
  const ended = await job(t, running.id);
  assertEquals([ended.state, ended.reason], ["cancelled", "cancelled by an admin"]);
});

Deno.test("what others count on to come cannot be cancelled, nor run before its time", async () => {
  const { t, root } = await world();
  await using _ = t;
  const payload = { noteId: "n", deletedAt: 0 };
  const added = await transact(
    t.app,
    (tx) => enqueue(t.app, tx, "purge_note", payload, { dueAt: t.clock.now() + hours(1) }),
  );
  for (const act of JOB_ACTS) {
    const { code } = await assertRejects(
      () => actOnJob(t.app, { id: added.id, by: root, act }),
      AppError,
    );
    assertEquals(code, "conflict", act);
  }
  assertEquals(await job(t, added.id), added);
});

Deno.test("before its time runs only what is not about that time", async () => {
  const { t, root } = await world();
  await using _ = t;
  const may = new Map<string, boolean>();
  for (const kind of KINDS) {
    const dueAt = t.clock.now() + hours(1);
    await transact(t.app, async (tx) => {
      const made = await enqueue(t.app, tx, "prune", {}, { dueAt });
      tx.set(keys.job(made.id), { ...made, kind });
    });
  }
  const { items } = await listJobs(t.app, { by: root });
  for (const job of items) {
    may.set(job.kind, job.may.includes("run"));
    const run = actOnJob(t.app, { id: job.id, by: root, act: "run" });
    if (job.may.includes("run")) await run;
    else assertEquals((await assertRejects(() => run, AppError)).code, "conflict", job.kind);
  }
  const early = [...may].filter(([, run]) => run).map(([kind]) => kind).toSorted();
  assertEquals(may.size, KINDS.length);
  assertEquals(early, [
    ...["chat_moved", "deliver_broadcast", "demo", "email_account", "email_invitation"],
    ...["email_note", "email_own_address", "export_account", "import_account", "judge_sender"],
    ...["mail_event", "mark_chat", "move_reminders", "prune", "purge_account"],
    ...["show_progress", "tell_admins", "tell_chat"],
  ]);
});

Deno.test("run now makes the next try due now, for any kind that was begun", async () => {
  const { t, root } = await world();
  await using _ = t;
  const added = await add(t, "purge_note", { noteId: "n", deletedAt: 0 });
  const again: JobRecord = {
    ...added,
    startedAt: t.clock.now(),
    attempt: 1,
    dueAt: t.clock.now() + hours(1),
  };
  await transact(t.app, (tx) => {
    tx.delete(keys.jobByDue(added.dueAt, added.id));
    tx.set(keys.job(added.id), again);
    tx.set(keys.jobByDue(again.dueAt, added.id), added.id);
  });
  await t.drain();
  assertEquals((await job(t, added.id)).state, "scheduled");
  await actOnJob(t.app, { id: added.id, by: root, act: "run" });
  await t.drain();
  assertEquals((await job(t, added.id)).finishedAt, t.clock.now());
});

Deno.test("a letter that was given up waits again with fresh tries, and is sent", async () => {
  const { t, root, ada, admin } = await world();
  await using _ = t;
  const { id } = await add(t, "email_account", { accountId: ada.id, letter: "password_changed" });
  await giveUp(t, id);
  assertEquals((await job(t, id)).state, "discarded");
  const [view] = (await listJobs(t.app, { by: root, state: "discarded" })).items;
  assertEquals(view?.may, ["retry"]);
  t.clock.advance(seconds(5));
  const answer = await admin.post(`/api/admin/jobs/${id}/retry`, {});
  assertEquals([answer.status, await jsonOf(answer)], [202, { jobId: id }]);
  await t.drain();
  const { state, attempt, progress } = await job(t, id);
  assertEquals([state, attempt, progress.done], ["completed", 1, 1]);
  assertEquals((await listJobs(t.app, { by: root, state: "discarded" })).items, []);
  assertEquals((await listJobs(t.app, { by: root, state: "completed" })).items.length, 1);
});

Deno.test("a mailing that was given up is retried as its owner would, once", async () => {
  const { t, root, ada } = await world();
  await using _ = t;
  const id = await mailing(t, ada);
  await giveUp(t, id);
  const retry = () => actOnJob(t.app, { id, by: root, act: "retry" });
  const next = await retry();
  assertEquals([next === id, await retry()], [false, next]);
  await t.drain();
  const work = await getWork(t.app, { id: next, ownerId: ada.id });
  assertEquals([work.state, work.retryOf], ["completed", id]);
});

Deno.test("an act on a job that is not there, or not one, is a 404 or a word, never a 5xx", async () => {
  const { t, admin, ada } = await world();
  await using _ = t;
  for (
    const id of [
      "nothing",
      "prune:x",
      `prune:${"1".repeat(3_000)}`,
      "0".repeat(26),
      "%00",
      "a".repeat(3_000),
    ]
  ) {
    for (const act of JOB_ACTS) {
      const answer = await admin.post(`/api/admin/jobs/${id}/${act}`, {});
      assert(answer.status >= 400 && answer.status < 500, `${id.slice(0, 30)} ${answer.status}`);
      await answer.text();
    }
  }
  const id = await mailing(t, ada);
  const answer = await admin.postForm(`/admin/jobs/${id}/retry`, {});
  assertEquals(answer.status, 303);
  assertMatch(await pageOf(admin, "/admin/jobs"), /That cannot be done/);
});

Deno.test("names, addresses and errors of others are text on every page", async () => {
  const { t, admin } = await world();
  await using _ = t;
  const evil = "<img src=x onerror=alert(1)>";
  const eve = await t.person("Eve", { name: evil, email: `"${evil}"@example.org`, zone: evil });
  const added = await add(t, "demo", { steps: 1, failAt: 0 }, eve.id);
  await transact(t.app, (tx) => {
    const errors = [{ at: 0, attempt: 1, message: evil }];
    tx.set(keys.job(added.id), { ...added, errors, reason: evil });
  });
  for (const path of ["/admin/members", "/admin/jobs", "/admin"]) {
    const page = await pageOf(admin, path);
    assertNotMatch(page, /<img/);
    if (path !== "/admin") assertMatch(page, /&lt;img src=x/);
  }
});

Deno.test("members come in pages, the newest first", async () => {
  const { t, root } = await world();
  await using _ = t;
  for (let i = 0; i < 60; i++) await t.person(`Person${i}`);
  const first = await listMembers(t.app, { by: root });
  const second = await listMembers(t.app, { by: root, cursor: first.next! });
  assertEquals([first.items.length, second.items.length, second.next], [50, 12, null]);
  const emails = [...first.items, ...second.items].map(({ email }) => email);
  assertEquals(new Set(emails).size, 62);
  assert(!("password" in first.items[0]!));
});

Deno.test("the overview counts what there is", async () => {
  const { t, root, ada, admin } = await world();
  await using _ = t;
  await mailing(t, ada);
  await t.drain();
  await mailing(t, ada);
  const { jobs, members } = await overview(t.app, root);
  assertEquals([jobs.completed.count, jobs.scheduled.count, members.count], [1, 1, 2]);
  const page = await pageOf(admin, "/admin");
  assertMatch(page, /Last tick not yet/);
  await t.server.lookAhead();
  await t.drain();
  assertMatch(await pageOf(admin, "/admin"), /nothing is overdue/);
});

Deno.test("the overview says what is missing of the records of the domain that mail comes from", async () => {
  const asked: string[] = [];
  const names: Names = {
    records: (name) => {
      asked.push(name);
      return Promise.resolve(name === "clock-work.dev" ? ["v=spf1 mx -all"] : []);
    },
  };
  const env = { MAIL_FROM: "clock@clock-work.dev", SMTP_URL: "smtp://127.0.0.1:25" };
  await using t = await testApp({ env, names });
  const page = await pageOf(await visitor(t, await t.person("Root", { role: "admin" })), "/admin");
  assertMatch(page, /SPF<\/dt><dd><strong>There<\/strong>: v=spf1 mx -all/);
  assertMatch(page, /DMARC<\/dt><dd><strong class="bad">Missing<\/strong>/);
  assert(asked.length > 0 && asked.every((name) => name.endsWith("clock-work.dev")));
});

Deno.test("the overview warns where members may mail anyone, and only there", async () => {
  const warns = async (env: Record<string, string>, mailer?: TestMailer) => {
    await using t = await testApp({ env, mailer });
    const root = await t.person("Root", { role: "admin" });
    return (await pageOf(await visitor(t, root), "/admin")).includes("Members may mail anyone");
  };
  assertEquals(await warns(OPEN_MAIL, new TestMailer()), true);
  assertEquals(await warns({}, new TestMailer()), false);
  assertEquals(await warns(OPEN_MAIL), false, "nothing leaves the outbox");
});
