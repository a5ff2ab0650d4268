import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { Deadline } from "../../kv/deadline.ts";

Deno.test("a call that answers in time is passed on, be it good or bad", async () => {
  const deadline = new Deadline(1_000);
  assertEquals(await deadline.within(() => Promise.resolve(7)), 7);
  await assertRejects(
    () => deadline.within(() => Promise.reject(new RangeError("no"))),
    RangeError,
  );
});

Deno.test("each of many calls ends after its own time, and the others go on", async () => {
  const deadline = new Deadline(500);
  const never = new Promise<never>(() => {});
  const start = performance.now();
  const ended: { name: string; at: number }[] = [];
  const ask = async (name: string, call: () => Promise<unknown>) => {
    const late = await deadline.within(call).then(() => false, (error) => {
      assert(error instanceof AppError && error.code === "unavailable");
      return true;
    });
    ended.push({ name: late ? `${name} late` : name, at: performance.now() - start });
  };
  const first = [ask("first", () => never), ask("quick", () => Promise.resolve())];
  while (performance.now() < start + 5) await new Promise<void>((resolve) => setImmediate(resolve));
  await Promise.all([...first, ask("second", () => never), ask("third", () => Promise.resolve())]);
  assertEquals(ended.map(({ name }) => name), ["quick", "third", "first late", "second late"]);
  assert(ended[2]!.at >= 499 && ended[3]!.at >= 504, "none too early");
});

Deno.test("an answer that comes too late changes nothing", async () => {
  const deadline = new Deadline(5);
  const answer = Promise.withResolvers<number>();
  await assertRejects(() => deadline.within(() => answer.promise), AppError);
  answer.resolve(1);
  assertEquals(await deadline.within(() => Promise.resolve(2)), 2);
});
