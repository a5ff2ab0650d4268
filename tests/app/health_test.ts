import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { health } from "../../domain/admin/health.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { hours, minutes, seconds } from "../support/clock.ts";

const ask = (t: TestApp, path: string) =>
  t.server.fetch(new Request(`http://localhost:8000${path}`));

async function ready(t: TestApp): Promise<[number, unknown]> {
  const answer = await ask(t, "/readyz");
  return [answer.status, await answer.json()];
}

const YES: [number, unknown] = [200, { ok: true }];
const NO: [number, unknown] = [503, { ok: false }];

Deno.test("readiness turns red while what is due is not done", async () => {
  await using t = await testApp();
  const ada = await t.person("Ada");
  const note = await createNote(t.app, { ownerId: ada.id, title: "T", text: "x" });
  await requestMailing(t.app, { noteId: note.id, ownerId: ada.id, to: ["a@example.org"] });
  assertEquals(await ready(t), YES);
  t.clock.advance(hours(1));
  await t.server.lookAhead();
  assertEquals(await ready(t), NO);
  await t.drain();
  assertEquals(await ready(t), YES);
});

Deno.test("readiness turns red when the minute's cron stays away, but not before one was due", async () => {
  await using t = await testApp();
  t.clock.advance(minutes(3) - seconds(1));
  assertEquals(await ready(t), YES, "the process has just begun");
  t.clock.advance(seconds(1));
  assertEquals(await ready(t), NO);
  await t.server.lookAhead();
  await t.drain();
  assertEquals(await ready(t), YES);
  t.clock.advance(minutes(3) - seconds(1));
  assertEquals(await ready(t), YES);
  t.clock.advance(seconds(1));
  assertEquals(await ready(t), NO);
});

Deno.test("a clock that was set back is no reason to be unready", async () => {
  await using t = await testApp();
  await t.server.lookAhead();
  await t.drain();
  t.clock.advance(-hours(2));
  assertEquals(await ready(t), YES);
});

Deno.test("health says when the cron came by and how late the oldest job is", async () => {
  await using t = await testApp();
  const startedAt = t.clock.now();
  assertEquals((await health(t.app, { startedAt })).tickAt, null);
  await t.server.lookAhead(); // adds the day's broom, due at midnight
  const now = await health(t.app, { startedAt });
  assertEquals([now.tickAt, now.oldestDueMs], [startedAt, hours(10)]);
  assertGreaterOrEqual(now.storeMs, 0);
});
