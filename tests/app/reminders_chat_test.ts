import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createTelegram } from "../../adapters/telegram.ts";
import { createLog } from "../../core/log.ts";
import { markDone, skip, snooze, undo } from "../../domain/reminders/occurrences.ts";
import { reminderMessage } from "../../domain/reminders/reminder_chat.ts";
import { updateReminder } from "../../domain/reminders/reminders.ts";
import { testApp } from "../support/app.ts";
import { botApi } from "../support/bot_api.ts";
import { hours, seconds, TestClock } from "../support/clock.ts";
import { daily, linkChat, occurrences, remind } from "../support/reminders.ts";

const CHAT = 1_001;

Deno.test("Telegram takes a reminder in each of its states, whatever its words", async () => {
  const clock = new TestClock();
  await using api = botApi({ clock });
  api.chat(CHAT);
  const log = createLog("error", () => {});
  const messenger = createTelegram({ token: api.token, apiUrl: api.url, clock, log });
  try {
    const env = { ORIGIN: "https://clock.example" };
    await using t = await testApp({ env, clock, messenger });
    const ada = await t.person("Ada");
    await linkChat(t.app, ada, CHAT);
    const channels = { page: true, telegram: true, mail: [] };
    const title = `<b>&"'_*[]()~\`>#+-=|{}.! 👩‍👩‍👧`;
    const text = "</s> &amp; <script>".repeat(200);
    const reminder = await remind(t.app, ada, { title, text, channels, rule: daily });
    const ref = { reminderId: reminder.id, dueAt: reminder.nextAt!, ownerId: ada.id };
    const shown = () => api.messagesIn(CHAT).at(-1)!.text;
    clock.advance(hours(22));
    await t.drain();
    assertStringIncludes(shown(), `⏰ ${title}\n</s> &amp; <script>`);
    clock.advance(hours(2));
    const edit = { ...reminder, ownerId: ada.id, version: 1, text };
    await updateReminder(t.app, { ...edit, title: `${title}!` });
    await t.drain();
    assertStringIncludes(shown(), `⏰ ${title}!\n`);
    assert(!shown().includes("sent"), "it was sent when it was due, whenever it is edited");
    const acts: [act: () => Promise<unknown>, says: string][] = [
      [() => markDone(t.app, ref, "page"), "✅ Done on the page"],
      [() => undo(t.app, ref, "telegram"), "due Tue 24 Nov 09:00 · every day"],
      [() => snooze(t.app, { ...ref, until: clock.now() + hours(1) }, "page"), "💤 Snoozed until"],
      [() => undo(t.app, ref, "telegram"), "due Tue 24 Nov 09:00"],
      [() => skip(t.app, ref, "mail"), "Skipped by mail"],
    ];
    for (const [act, says] of acts) {
      clock.advance(seconds(5));
      await act();
      await t.drain();
      assertStringIncludes(shown(), says);
    }
    const [occurrence] = await occurrences(t.kv);
    const rings = { ...occurrence!, state: "ringing" as const };
    const more = { reminder, occurrence: rings, chatId: CHAT, now: clock.now(), more: true };
    clock.advance(seconds(5));
    assertEquals(
      (await messenger.edit(api.messagesIn(CHAT)[0]!.id, reminderMessage(t.app, more))).is,
      "accepted",
    );
    assert(api.calls.every(({ status }) => status === 200), "nothing was refused");
  } finally {
    await messenger.close();
  }
});
