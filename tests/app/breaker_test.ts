import { assertEquals } from "@std/assert";
import { judgeInstance } from "../../domain/mail/breaker.ts";
import { countInDay, type DayChange, EVERYBODY } from "../../domain/mail/mail_days.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { resumeSending, sendingNow } from "../../domain/mail/sending.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { hours, minutes } from "../support/clock.ts";
import { TestMailer } from "../support/mailer.ts";
import { mailjetEvent, mailjetSays } from "../support/mailjet_events.ts";
import { mailNote, OPEN_MAIL } from "../support/mailing.ts";
import { visitor } from "../support/site.ts";

const TO = "p1@example.net";

async function world() {
  const mailer = new TestMailer({ name: "mailjet" });
  const t = await testApp({ env: OPEN_MAIL, mailer });
  const root = await t.person("Root", { role: "admin" });
  return { t, mailer, root, ada: await t.person("Ada") };
}

const counted = ({ app }: TestApp, change: DayChange) =>
  transact(app, (tx) => countInDay(app, tx, EVERYBODY, change));

const whyOpen = async ({ app }: TestApp) => (await sendingNow(app)).breaker?.why ?? null;

Deno.test("one complaint in a thousand opens the breaker, and none below a thousand does", async () => {
  const cases = [
    { sent: 999, complained: 9, open: false },
    { sent: 1_000, complained: 0, open: false },
    { sent: 1_000, complained: 1, open: true },
    { sent: 1_001, complained: 1, open: false },
    { sent: 2_000, complained: 1, open: false },
    { sent: 2_000, complained: 2, open: true },
    { sent: 3_000, complained: 2, open: false },
    { sent: 3_000, complained: 3, open: true },
  ];
  for (const { sent, complained, open } of cases) {
    const { t, root } = await world();
    await using _ = t;
    await counted(t, { sent, complained });
    await judgeInstance(t.app);
    assertEquals(await whyOpen(t) !== null, open, `${complained} of ${sent}`);
    await t.drain();
    const { items } = await listNotifications(t.app, { accountId: root.id });
    assertEquals(items.map(({ title }) => title), open ? ["Sending is held"] : []);
  }
});

Deno.test("the breaker looks at 24 hours, by whole ones, over midnight too", async () => {
  const cases = [
    { begin: hours(1), later: 15, open: true }, // half past eleven, UTC
    { begin: hours(1), later: 45, open: false },
    { begin: hours(13), later: 15, open: true }, // half past eleven at night
    { begin: hours(13), later: 45, open: false },
  ];
  for (const { begin, later, open } of cases) {
    const { t } = await world();
    await using _ = t;
    t.clock.advance(begin + minutes(30));
    await counted(t, { sent: 600, complained: 2 });
    t.clock.advance(hours(12));
    await counted(t, { sent: 399 });
    await judgeInstance(t.app);
    assertEquals(await whyOpen(t), null, "999 in all");
    t.clock.advance(hours(12) + minutes(later));
    await counted(t, { sent: 601 });
    await judgeInstance(t.app);
    const why = open ? "2 of 1600 messages were reported as unwanted" : null;
    assertEquals(await whyOpen(t), why, `24 hours and ${later} minutes after the complaints`);
  }
});

Deno.test("the breaker is closed by an admin, and what they have seen does not open it again", async () => {
  const { t, mailer, root, ada } = await world();
  await using _ = t;
  await counted(t, { sent: 1_000, complained: 1 });
  await judgeInstance(t.app);
  await mailNote(t, ada, [TO]);
  await t.drain();
  assertEquals(mailer.accepted.length, 0);
  await resumeSending(t.app, { by: root });
  t.clock.advance(minutes(1));
  await t.drain();
  assertEquals(mailer.accepted.length, 1);
  await judgeInstance(t.app);
  assertEquals(await whyOpen(t), null, "within the same hour");
  await counted(t, { sent: 998, complained: 1 });
  await judgeInstance(t.app);
  assertEquals(await whyOpen(t), null, "999 since then");
  await counted(t, { sent: 1 });
  await judgeInstance(t.app);
  assertEquals(await whyOpen(t), "1 of 1000 messages were reported as unwanted");
});

Deno.test("the breaker opens by Mailjet's events, and by the report link of a letter", async () => {
  const ways = {
    event: async (t: TestApp, ref: string) =>
      void await mailjetSays(t, mailjetEvent(t, { event: "spam", email: TO, CustomID: ref })),
    link: async (t: TestApp, _: string, link: string) =>
      void await (await visitor(t)).postForm(new URL(link).pathname, {}),
  };
  for (const [name, say] of Object.entries(ways)) {
    const { t, mailer, ada } = await world();
    await using _ = t;
    await counted(t, { sent: 999 });
    const jobId = await mailNote(t, ada, [TO]);
    await t.drain();
    assertEquals(await whyOpen(t), null);
    await say(t, `${jobId}-0`, mailer.accepted[0]!.headers["X-Clock-Work-Report"]!);
    await t.drain();
    assertEquals(await whyOpen(t), "1 of 1000 messages were reported as unwanted", name);
  }
});
