import { assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { chatData, readChatData } from "../../core/chat_data.ts";
import { newId } from "../../core/ids.ts";
import {
  answerAsked,
  ask,
  askedIn,
  cardOf,
  forgetAsked,
  keepCard,
} from "../../domain/chats/chat_cards.ts";
import { pruneSome } from "../../domain/prune.ts";
import { testApp } from "../support/app.ts";
import { days, hours } from "../support/clock.ts";

const card = { is: "mailing", noteId: "n", to: ["eva@example.org"] } as const;
const kept = async (kv: Deno.Kv) =>
  (await Array.fromAsync(kv.list({ prefix: [] }))).filter(({ key }) =>
    String(key[0]).startsWith("chat_")
  ).length;

Deno.test("what buttons are about is found in its chat only, for a week, as what it is", async () => {
  await using t = await testApp();
  const id = await keepCard(t.app, { chatId: 1, key: "tg 1", card: { ...card, to: [...card.to] } });
  const again = await keepCard(t.app, { chatId: 1, key: "tg 1", card: { ...card, to: [] } });
  assertEquals(again, id, "the same update keeps the same card");
  await keepCard(t.app, { chatId: 1, key: "tg 1", card: { ...card, to: [...card.to] } });
  assertEquals((await cardOf(t.app, { chatId: 1, id, is: "mailing" })).to, ["eva@example.org"]);
  const wrong = [
    { chatId: 2, id, is: "mailing" },
    { chatId: 1, id, is: "notes" },
    { chatId: 1, id: newId(), is: "mailing" },
    { chatId: 1, id: "../1", is: "mailing" },
  ] as const;
  for (const ref of wrong) {
    const error = await assertRejects(() => cardOf(t.app, ref), AppError);
    assertEquals([error.code, error.message], [
      "not_found",
      "This button is too old: please ask again",
    ]);
  }
  t.clock.advance(days(7));
  await assertRejects(() => cardOf(t.app, { chatId: 1, id, is: "mailing" }), AppError);
  assertEquals(await kept(t.kv), 1);
  await pruneSome(t.app);
  assertEquals(await kept(t.kv), 0);
});

Deno.test("a question waits for an hour, for one answer, which may come twice", async () => {
  await using t = await testApp();
  const [first, second] = ["tg 1", "tg 2"].map((key) => ({ chatId: 1, key }));
  await ask(t.app, 1, { is: "addresses", noteId: "n" });
  assertEquals((await askedIn(t.app, first!))?.is, "addresses");
  assertEquals(await askedIn(t.app, { chatId: 2, key: "tg 1" }), null);
  await answerAsked(t.app, first!);
  assertEquals((await askedIn(t.app, first!))?.is, "addresses");
  assertEquals(await askedIn(t.app, second!), null);

  await ask(t.app, 1, { is: "addresses", noteId: "n" });
  assertEquals((await askedIn(t.app, second!))?.is, "addresses");
  await forgetAsked(t.app, 1);
  assertEquals(await askedIn(t.app, second!), null);
  await ask(t.app, 1, { is: "addresses", noteId: "n" });
  t.clock.advance(hours(1));
  assertEquals(await askedIn(t.app, second!), null);
  await pruneSome(t.app);
  assertEquals(await kept(t.kv), 0);
});

Deno.test("a button's data is read as it was made, and never longer than Telegram takes", () => {
  const id = newId();
  assertEquals(readChatData("note", chatData("note", id)), [id]);
  assertEquals(readChatData("mail", chatData("note", id)), null);
  assertEquals(readChatData("note", `0:note:${id}`), null);
  assertEquals(chatData("announce", id, "99999", "999999").length <= 64, true);
  for (const about of ["a".repeat(60), "🙂".repeat(16)]) {
    let refused = false;
    try {
      chatData("note", about);
    } catch (error) {
      refused = error instanceof RangeError;
    }
    assertEquals(refused, true);
  }
});
