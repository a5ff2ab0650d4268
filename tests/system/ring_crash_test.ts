import { assertEquals } from "@std/assert";
import { confirmBroadcast } from "../../domain/broadcasts/broadcast_acts.ts";
import { createBroadcast } from "../../domain/broadcasts/broadcasts.ts";
import { scheduleAtInstant } from "../../domain/when/repeat.ts";
import { createReminder } from "../../domain/reminders/reminders.ts";
import type { Notification } from "../../kv/schema.ts";
import { testApp } from "../support/app.ts";
import { TestClock } from "../support/clock.ts";
import { say } from "../support/figures.ts";
import { machine } from "../support/machine.ts";
import { seeded } from "../support/random.ts";
import { until } from "../support/until.ts";

const KILLS = 20;
const REMINDERS = 80;
const BROADCASTS = 8;
const MEMBERS = 300;
/** From the first start to the last that is due, ms: about as long as twenty lives take. */
const OVER_MS = 24_000;
const seed = Number(Deno.env.get("SEED") ?? Math.floor(Math.random() * 2 ** 32));

/** What is in all inboxes: titles by account. */
async function inboxes(path: string): Promise<Map<string, string[]>> {
  const kv = await Deno.openKv(path);
  const all = new Map<string, string[]>();
  for await (const { key, value } of kv.list<Notification>({ prefix: ["notification"] })) {
    const accountId = String(key[1]);
    all.set(accountId, [...all.get(accountId) ?? [], value.title]);
  }
  kv.close();
  return all;
}

/** How long before the next announcement can be confirmed. */
const APART_MS = 10 * 60_000;

Deno.test("amid 20 kills every reminder and every announcement reaches each inbox once", async () => {
  await using m = await machine();
  const path = `${m.dir}/store.sqlite3`;
  const first = Date.now() + 2_000;
  const times = (n: number, i: number) => first + Math.floor(OVER_MS * i / n);
  const people: string[] = [];
  {
    const kv = await Deno.openKv(path);
    // All of it is asked for before, as it may only be due ahead.
    const clock = new TestClock(new Date(first - (BROADCASTS + 1) * APART_MS).toISOString());
    await using t = await testApp({ kv, clock });
    const admin = await t.person("Root", { role: "admin", email: "boss@example.org" });
    people.push(admin.id);
    for (let i = 1; i < MEMBERS; i++) people.push((await t.person(`Person${i}`)).id);
    for (let i = 0; i < REMINDERS; i++) {
      await createReminder(t.app, {
        ownerId: admin.id,
        title: `reminder ${i}`,
        schedule: scheduleAtInstant("Europe/Berlin", times(REMINDERS, i)),
        channels: { page: true, telegram: false, mail: ["boss@example.org"] },
      });
    }
    for (let i = 0; i < BROADCASTS; i++) {
      const { id, version } = await createBroadcast(t.app, {
        authorId: admin.id,
        title: `broadcast ${i}`,
        text: "To all",
        channels: { mail: false, telegram: false },
        when: {
          is: "at",
          wall: new Date(times(BROADCASTS, i)).toISOString().slice(0, 19),
          zone: "UTC",
        },
        via: "page",
      });
      await confirmBroadcast(t.app, { id, version, adminId: admin.id, members: MEMBERS });
      clock.advance(APART_MS);
    }
    kv.close();
  }

  const random = seeded(seed);
  for (let i = 0; i < KILLS; i++) {
    await using server = await m.start({ ADMIN_EMAIL: "", ADMIN_PASSWORD: "" });
    await new Promise((resolve) => setTimeout(resolve, 150 + random() * 700));
    server.kill("SIGKILL");
    await server.ended;
  }
  const expected = [
    ...Array.from({ length: BROADCASTS }, (_, i) => `broadcast ${i}`),
    ...Array.from({ length: REMINDERS }, (_, i) => `reminder ${i}`),
  ].sort();
  {
    await using server = await m.start({ ADMIN_EMAIL: "", ADMIN_PASSWORD: "" });
    const all = MEMBERS * BROADCASTS + REMINDERS;
    await until("all that was due", async () => {
      return [...(await inboxes(path)).values()].flat().length >= all;
    }, 60_000);
    server.kill("SIGTERM");
    await server.ended;
  }
  const seen = await inboxes(path);
  say(`seed ${seed}: ${[...seen.values()].flat().length} entries in ${seen.size} inboxes`);
  const [boss = "", ...others] = people;
  assertEquals(seen.get(boss)?.toSorted(), expected, "all to the admin, none twice");
  for (const id of others) {
    assertEquals(seen.get(id)?.toSorted(), expected.slice(0, BROADCASTS), id);
  }
});
