import { assert, assertEquals } from "@std/assert";
import { createTelegram } from "../../adapters/telegram.ts";
import type { Clock } from "../../core/app.ts";
import type { Messenger } from "../../core/chat.ts";
import { createLog } from "../../core/log.ts";
import { sendAll } from "../support/all_that_leaves.ts";
import { mailingApp } from "../support/letters.ts";
import { botApi } from "../support/bot_api.ts";
import { ADA, botScene } from "../support/bot_scene.ts";
import { carelessly } from "../support/careless.ts";
import { TestClock } from "../support/clock.ts";
import { ALL_STRINGS } from "../support/spoil.ts";
import { xssStrings } from "../support/xss_strings.ts";

/** Telegram takes no buttons that lead to a machine of nobody's. */
const ENV = { ORIGIN: "https://clock.example" };
const FIRST = 5_000;
const strings = xssStrings.map((text) => text.toWellFormed());

/** Has all that leaves sent to chats. @returns what Telegram refused, and what stands there. */
async function toChats(wrap: (messenger: Messenger) => Messenger) {
  const clock = new TestClock();
  await using api = botApi({ clock });
  const ids = Array.from({ length: strings.length + 1 }, (_, i) => FIRST - 1 + i);
  for (const id of ids) api.chat(id);
  const hasty: Clock = {
    now: () => clock.now(),
    sleep: (ms) => (clock.advance(ms), Promise.resolve()),
  };
  const log = createLog("error", () => {});
  const telegram = createTelegram({ token: api.token, apiUrl: api.url, clock: hasty, log });
  {
    const { t } = await mailingApp({ env: ENV, clock, messenger: wrap(telegram) });
    await using _ = t;
    await sendAll(t, { strings, all: ALL_STRINGS.slice(0, 150), chats: FIRST });
  }
  await telegram.close();
  const shown = ids.flatMap((id) => api.messagesIn(id));
  const refused = api.calls.filter(({ status }) => status === 400);
  return { shown, refused: refused.map(({ params }) => JSON.stringify(params)) };
}

Deno.test("whatever people wrote, Telegram takes every message and shows the words as they are", async () => {
  const { shown, refused } = await toChats((telegram) => telegram);
  assertEquals(refused, []);
  assert(shown.length > 300, String(shown.length));
  const all = shown.map(({ text }) => text).join("\n");
  const there = strings.filter((text) => all.includes(text.trim()));
  assert(there.length > 150, `${there.length} strings are seen as they were typed`);
});

Deno.test("words that are not escaped for Telegram are refused by the same stand-in", async () => {
  const { refused } = await toChats((telegram) => ({
    name: "telegram",
    ...telegram,
    send: (message) => telegram.send({ ...message, html: carelessly(message.html) }),
  } as Messenger));
  assert(refused.length > 100, String(refused.length));
});

Deno.test("whatever is said to the bot, Telegram takes its answers", async () => {
  await using s = await botScene({ env: ENV }); // which counts refusals
  const say = async (text: string) => {
    s.t.clock.advance(20_000); // as fast as one is answered
    return await s.say(text);
  };
  for (const text of strings) {
    await say(text);
    await say(`/notes ${text.slice(0, 150)}`);
    await say(`/remind tomorrow 9:00 ${text.slice(0, 100)}`);
  }
  const list = await say("/notes");
  for (const [{ text: label = "" } = {}] of list.buttons) await s.press(label, list);
  await say("/reminders");
  assert(s.api.messagesIn(ADA).length > strings.length * 3);
});
