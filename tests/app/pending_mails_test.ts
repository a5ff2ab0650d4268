import { assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { cancelReminder } from "../../domain/reminder_end.ts";
import { createReminder, updateReminder } from "../../domain/reminders.ts";
import { scheduleAtInstant } from "../../domain/repeat.ts";
import { days, hours } from "../support/clock.ts";
import { sender } from "../support/consent.ts";

/** A member whose reminders go to twenty people each. */
async function world() {
  const { t, mailer, ada } = await sender({ RECIPIENT_DOMAINS: "example.net" });
  const mail = Array.from({ length: 20 }, (_, i) => `p${i}@example.net`);
  const draft = {
    title: "Tea",
    schedule: scheduleAtInstant("UTC", t.clock.now() + hours(2)),
    channels: { page: true, telegram: false, mail },
  };
  const remind = (to = mail) =>
    createReminder(t.app, {
      ...draft,
      ownerId: ada.id,
      channels: { ...draft.channels, mail: to },
    });
  return { t, mailer, ada, draft, remind };
}

Deno.test("five hundred messages of reminders may wait, of many at once no more, and two thousand later", async () => {
  const { t, ada, draft, remind } = await world();
  await using _ = t;
  const asked = await Promise.allSettled(Array.from({ length: 30 }, () => remind()));
  const made = asked.flatMap((one) => one.status === "fulfilled" ? [one.value] : []);
  assertEquals(made.length, 25);
  await assertRejects(() => remind(["p1@example.net"]), AppError, "500 messages may wait");
  await remind([]); // on the page alone
  const [first] = made;
  const { id, version } = first!;
  await updateReminder(t.app, { ...draft, id, ownerId: ada.id, version, title: "Its own go on" });
  await cancelReminder(t.app, { id, ownerId: ada.id }, "page");
  await remind();
  t.clock.advance(days(15));
  await t.drain();
  const later = { ...draft, schedule: scheduleAtInstant("UTC", t.clock.now() + hours(2)) };
  for (let i = 0; i < 30; i++) await createReminder(t.app, { ...later, ownerId: ada.id });
});

Deno.test("nobody new is asked for a reminder that cannot be kept", async () => {
  const { t, mailer, remind, draft, ada } = await world();
  await using _ = t;
  for (let i = 0; i < 25; i++) await remind();
  await assertRejects(() => remind(["new@stranger.example"]), AppError, "500 messages may wait");
  const mail = ["new@stranger.example"];
  const ofNoNote = { ...draft, ownerId: ada.id, channels: { ...draft.channels, mail } };
  await assertRejects(() => createReminder(t.app, { ...ofNoNote, noteId: "none" }), AppError);
  await t.drain();
  assertEquals(mailer.accepted, []);
});
