import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { Outgoing, type Sink } from "../../realtime/outgoing.ts";
import { seconds, TestClock } from "../support/clock.ts";

/** A reader that takes nothing until it is told to. */
class SlowSink implements Sink {
  bufferedAmount = 0;
  most = 0;
  sent: string[] = [];
  send(text: string): void {
    this.sent.push(text);
    this.bufferedAmount += text.length;
    this.most = Math.max(this.most, this.bufferedAmount);
  }
}

const frame = (name: string, n: number) => ({ name, n, pad: "x".repeat(1_000) });

function started() {
  const clock = new TestClock();
  const sink = new SlowSink();
  const end = new AbortController();
  let stuck = 0;
  const out = new Outgoing(sink, clock, end.signal, () => {
    stuck++;
    end.abort();
  });
  return { clock, sink, out, end, stuck: () => stuck };
}

/** Lets what waits for the clock run. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("a slow reader never has more than 16 KiB waiting, and then gets the newest of each thing", async () => {
  const { clock, sink, out, end } = started();
  for (let n = 0; n < 1_000; n++) for (const name of ["a", "b"]) out.offer(name, frame(name, n));
  assertLessOrEqual(sink.most, 16_384);
  const before = sink.sent.length;
  sink.bufferedAmount = 0;
  clock.advance(250);
  await turn();
  const late = sink.sent.slice(before).map((text) => JSON.parse(text));
  assertEquals(late.map(({ name, n }) => [name, n]), [["a", 999], ["b", 999]]);
  end.abort();
  await turn();
});

Deno.test("a quick reader gets every frame at once, in order", () => {
  const { sink, out } = started();
  for (let n = 0; n < 50; n++) {
    out.offer("a", { n });
    sink.bufferedAmount = 0;
  }
  assertEquals(
    sink.sent.map((text) => JSON.parse(text).n),
    Array.from({ length: 50 }, (_, n) => n),
  );
});

Deno.test("a frame that is larger than may wait goes by itself, and holds up no other", async () => {
  const { clock, sink, out, end, stuck } = started();
  out.offer("a", frame("a", 1));
  out.offer("large", { pad: "x".repeat(20_000) });
  out.offer("b", frame("b", 2));
  assertEquals(sink.sent.length, 1, "while something is unsent it waits");
  for (let i = 0; i < 2; i++) {
    sink.bufferedAmount = 0;
    clock.advance(250);
    await turn();
  }
  assertEquals(sink.sent.map((text) => JSON.parse(text).name), ["a", undefined, "b"]);
  assertEquals(stuck(), 0);
  end.abort();
  await turn();
});

Deno.test("a reader that takes nothing for twenty seconds is given up once; one that reads slowly is not", async () => {
  const { clock, sink, out, stuck } = started();
  for (let n = 0; n < 100; n++) out.offer(`thing ${n}`, frame("thing", n));
  for (let i = 0; i < 100; i++) {
    sink.bufferedAmount -= 1; // a trickle is progress
    clock.advance(seconds(1));
    await turn();
  }
  assertEquals(stuck(), 0);
  for (let i = 0; i < 21; i++) {
    clock.advance(seconds(1));
    await turn();
  }
  assertEquals(stuck(), 1);
  assert(sink.most <= 16_384);
});
