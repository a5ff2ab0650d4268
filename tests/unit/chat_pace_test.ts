import { assert, assertEquals } from "@std/assert";
import { ChatPace } from "../../adapters/chat_pace.ts";
import { hours, seconds, TestClock } from "../support/clock.ts";

function aPace() {
  const clock = new TestClock();
  return { clock, pace: new ChatPace(clock) };
}

Deno.test("never more than thirty calls in a second, and twenty in each one after", () => {
  const { clock, pace } = aPace();
  const goes: number[] = [];
  const began = clock.now();
  for (let chatId = 1; chatId <= 5_000; chatId++) {
    const turn = pace.take(chatId);
    if ("waitMs" in turn) goes.push(clock.now() - began + turn.waitMs);
    clock.advance(1);
  }
  for (let second = 0; second < 5; second++) {
    const within = goes.filter((at) => Math.floor(at / 1_000) === second).length;
    assert(second === 0 ? within <= 30 : within === 20, `${within} in second ${second}`);
  }
});

Deno.test("turns of one chat come in the order in which they were asked for", () => {
  const { clock, pace } = aPace();
  const turns = Array.from({ length: 5 }, () => pace.take(1));
  const later = { all: false, retryAfterMs: 2_000 };
  assertEquals(turns, [{ waitMs: 0 }, { waitMs: 0 }, { waitMs: 0 }, { waitMs: 1_000 }, later]);
  clock.advance(1_500);
  assertEquals(pace.take(1), { waitMs: 500 });
  clock.advance(seconds(60));
  assertEquals([1, 2, 3].map(() => pace.take(1)), Array(3).fill({ waitMs: 0 }));
});

Deno.test("who is waited for has a turn behind all who send in bulk", () => {
  const { clock, pace } = aPace();
  for (let chatId = 1; chatId <= 2_000; chatId++) pace.take(chatId);
  clock.advance(1);
  for (let i = 0; i < 10; i++) {
    const turn = pace.take(5_000 + i, { reply: true });
    assert("waitMs" in turn && turn.waitMs <= 2_000, JSON.stringify(turn));
    assert("waitMs" in pace.take(null, { reply: true }));
    assertEquals("waitMs" in pace.take(1_000), false);
  }
});

Deno.test("a call about no chat takes a turn of the bot alone", () => {
  const { pace } = aPace();
  const turns = Array.from({ length: 11 }, () => pace.take(null));
  assertEquals(turns, [...Array(10).fill({ waitMs: 0 }), { waitMs: 50 }]);
});

Deno.test("a shorter pause does not end a longer one, and none is longer than a day", () => {
  const { clock, pace } = aPace();
  pace.refused(1, seconds(60));
  clock.advance(seconds(20));
  pace.refused(1, seconds(5));
  assertEquals(pace.held(1), { all: false, retryAfterMs: 40_000 });
  assertEquals(pace.held(2), undefined);
  clock.advance(seconds(40));
  assertEquals(pace.held(1), undefined);
  assertEquals(pace.refused(1, hours(1_000)), { all: false, retryAfterMs: hours(24) });
});

Deno.test("a clock that is set back neither ends a pause nor makes it endless", () => {
  const { clock, pace } = aPace();
  for (let i = 0; i < 3; i++) pace.take(2);
  pace.refused(1, seconds(60));
  clock.advance(seconds(50));
  clock.advance(-hours(5));
  assertEquals(pace.held(1), { all: false, retryAfterMs: seconds(60) });
  clock.advance(seconds(60));
  assertEquals(pace.held(1), undefined);
  const soon = { all: false, retryAfterMs: 4_000 };
  assertEquals(pace.take(2), soon, "turns begin again as well");
  clock.advance(seconds(6));
  assertEquals(pace.take(2), { waitMs: 0 });
});

Deno.test("chats that could be called at once are forgotten, those that must wait are not", () => {
  const { clock, pace } = aPace();
  pace.refused(-1, hours(1));
  for (let chatId = 1; chatId <= 20_000; chatId++) {
    pace.take(chatId);
    clock.advance(50);
    assert(pace.size <= 1_001, `${pace.size}`);
  }
  assertEquals(pace.held(-1), { all: false, retryAfterMs: hours(1) - 20_000 * 50 });
});
