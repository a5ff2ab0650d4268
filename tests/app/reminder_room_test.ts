import { assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import {
  cancelReminder,
  restoreReminder,
  updateReminder,
} from "../../domain/reminders/reminders.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, readMany } from "../../kv/read.ts";
import type { Account, Reminder } from "../../kv/schema.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";
import { daily, remind } from "../support/reminders.ts";

const env = { MAIL_FROM: "clock@example.org", RECIPIENT_DOMAINS: "example.net" };
const FULL = "Cannot remind so many by mail: 500 messages may wait for now, and 500 do";

async function world(age: number, more: Record<string, string> = {}) {
  const t = await testApp({ env: { ...env, ...more }, mailer: new TestMailer() });
  return { t, ada: await t.person("Ada", { createdAt: t.clock.now() - age }) };
}

const people = (n: number) => Array.from({ length: n }, (_, i) => `p${i}@example.net`);
const by = (mail: string[]) => ({ page: true, telegram: false, mail });

/** A reminder that is mailed to so many. */
const mailed = (t: TestApp, who: Account, n: number) =>
  remind(t.app, who, { channels: by(people(n)), rule: daily });

async function waiting(t: TestApp, { id }: Account): Promise<number> {
  const ids = await list(t.app, ranges.remindersOf(id));
  const all: Reminder[] = await readMany(t.app, ids.map((id) => keys.reminder(id)));
  return all.filter(({ state }) => state === "active")
    .reduce((sum, { channels }) => sum + channels.mail.length, 0);
}

Deno.test("five hundred messages of reminders may wait at first, by every way to let one wait", async () => {
  const { t, ada } = await world(days(2));
  await using _ = t;
  const ref = ({ id }: Reminder) => ({ id, ownerId: ada.id });
  const made: Reminder[] = [];
  for (let i = 0; i < 25; i++) made.push(await mailed(t, ada, 20));
  await assertRejects(() => mailed(t, ada, 1), AppError, FULL);
  const quiet = await remind(t.app, ada); // the page has room
  await assertRejects(
    () => updateReminder(t.app, { ...quiet, channels: by(people(1)) }),
    AppError,
    FULL,
  );
  const [first] = made as [Reminder];
  await updateReminder(t.app, { ...first, title: "Still as many", channels: by(people(20)) });
  await cancelReminder(t.app, ref(first), "page");
  await mailed(t, ada, 20);
  await assertRejects(() => restoreReminder(t.app, ref(first), "page"), AppError, FULL);
  await assertRejects(
    async () => {
      const [cancelled] = await readMany(t.app, [keys.reminder(first.id)]);
      await updateReminder(t.app, { ...cancelled!, channels: by(people(1)) });
    },
    AppError,
    FULL,
  );
  assertEquals(await waiting(t, ada), 500);
});

Deno.test("of forty at once only as many wait as there is room for, and of forty that grow at once too", async () => {
  const { t, ada } = await world(days(2));
  await using _ = t;
  const quiet: Reminder[] = [];
  for (let i = 0; i < 40; i++) quiet.push(await remind(t.app, ada, { rule: daily }));
  for (let i = 0; i < 12; i++) await mailed(t, ada, 20);
  const told = await Promise.allSettled([
    ...quiet.map((one) => updateReminder(t.app, { ...one, channels: by(people(20)) })),
    ...quiet.map(() => mailed(t, ada, 20)),
  ]);
  assertEquals(await waiting(t, ada), 500);
  assertEquals(told.filter(({ status }) => status === "fulfilled").length, 13);
});

Deno.test("two thousand may wait after fourteen clean days, and any number where nobody counts", async () => {
  for (
    const [age, more] of [[days(15), {}], [0, {
      RECIPIENT_CHECK: "off",
      SIGNUP: "closed",
    }]] as const
  ) {
    const { t, ada } = await world(age, more);
    await using _ = t;
    for (let i = 0; i < 40; i++) await mailed(t, ada, 20);
    assertEquals(await waiting(t, ada), 800);
  }
});
