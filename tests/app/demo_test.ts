import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { DEMO_STEPS, startDemo } from "../../domain/demo.ts";
import { getWork } from "../../domain/work.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { pageOf, visitor } from "../support/site.ts";

/** Runs all that is due, while time passes as fast as it is waited for. */
async function runThrough(t: TestApp): Promise<void> {
  let over = false;
  const draining = t.drain().finally(() => over = true);
  while (!over) {
    t.clock.advance(100);
    await new Promise((resolve) => setTimeout(resolve));
  }
  await draining;
}

Deno.test("a demonstration goes through all its steps", async () => {
  await using t = await testApp();
  const { id: ownerId } = await t.person("Ada");
  const id = await startDemo(t.app, { ownerId, fails: false });
  await runThrough(t);
  const { state, progress } = await getWork(t.app, { id, ownerId });
  assertEquals([state, progress.done, progress.total], ["completed", DEMO_STEPS, DEMO_STEPS]);
});

Deno.test("one that is to fail ends half way with its reason, and is not tried again", async () => {
  await using t = await testApp();
  const { id: ownerId } = await t.person("Ada");
  const id = await startDemo(t.app, { ownerId, fails: true });
  await runThrough(t);
  const { state, progress, reason } = await getWork(t.app, { id, ownerId });
  assertEquals([state, progress.done, reason], [
    "discarded",
    DEMO_STEPS / 2,
    "step 51 fails, as was asked for",
  ]);
});

Deno.test("nobody has more than two under way, however many are asked for at once", async () => {
  await using t = await testApp();
  const { id: ownerId } = await t.person("Ada");
  const asked = Array.from({ length: 8 }, () => startDemo(t.app, { ownerId, fails: false }));
  const answers = await Promise.allSettled(asked);
  const started = answers.filter(({ status }) => status === "fulfilled");
  assertEquals(started.length, 2);
  const other = await t.person("Bob");
  await startDemo(t.app, { ownerId: other.id, fails: false });
  await runThrough(t);
  await startDemo(t.app, { ownerId, fails: false });
  await startDemo(t.app, { ownerId, fails: false });
  const { code } = await assertRejects(
    () => startDemo(t.app, { ownerId, fails: false }),
    AppError,
  );
  assertEquals(code, "rate_limited");
});

Deno.test("the page shows how far the job is, and nobody else's", async () => {
  await using t = await testApp();
  const [ada, bob] = [await t.person("Ada"), await t.person("Bob")];
  const client = await visitor(t, ada);
  assertMatch(await pageOf(client, "/progress"), /Nothing runs yet/);
  const started = await client.postForm("/progress", { how: "fails" });
  const to = started.headers.get("location") ?? "";
  assertMatch(to, /^\/progress\?job=/);
  assertMatch(await pageOf(client, to), /Queued/);
  await runThrough(t);
  const page = await pageOf(client, "/progress");
  assertMatch(page, /step 51 fails, as was asked for/);
  assertMatch(page, new RegExp(`<a href="${to.replace("?", "\\?")}">Look again`));
  const theirs = await (await visitor(t, bob)).get(to);
  assertEquals(theirs.status, 404);
  await theirs.text();
});

Deno.test("a third start is answered in words", async () => {
  await using t = await testApp();
  const client = await visitor(t, await t.person("Ada"));
  for (const status of [303, 303, 429]) {
    const answer = await client.postForm("/progress", { how: "whole" });
    const text = await answer.text();
    assertEquals(answer.status, status);
    if (status === 429) assertMatch(text, /two are under way/);
  }
});

Deno.test("a demonstration is no mailing: there is no such page, and it is not cancelled as one", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const id = await startDemo(t.app, { ownerId: ada.id, fails: false });
  const client = await visitor(t, ada);
  for (
    const answer of [
      await client.get(`/mailings/${id}`),
      await client.postForm(`/mailings/${id}/cancel`, {}),
      await client.postForm(`/mailings/${id}/retry`, {}),
    ]
  ) {
    assertEquals(answer.status, 404);
    await answer.text();
  }
  assertEquals((await getWork(t.app, { id, ownerId: ada.id })).state, "scheduled");
});
