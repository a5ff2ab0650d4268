import { assert, assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import fc from "fast-check";
import type { Committed, Store, Write } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { Deadline } from "../../kv/deadline.ts";
import { Group } from "../../kv/group.ts";
import { EMBEDDED, limitsOf } from "../../kv/limits.ts";
import { createStore } from "../../kv/store.ts";
import { lyingKv, script } from "../support/lying_kv.ts";

const put = (key: Deno.KvKey, value: unknown, ...checks: Deno.AtomicCheck[]): Write => ({
  checks,
  mutations: [{ key, value, bytes: 100 }],
});
const absent = (key: Deno.KvKey) => ({ key, versionstamp: null });

/** A store that counts its commits. */
async function counted(traits = EMBEDDED) {
  const real = await Deno.openKv(":memory:");
  const lying = lyingKv(real, script("commit", []));
  const store: Store = createStore({ kv: lying.kv, traits });
  return { store, lying, real, [Symbol.dispose]: () => real.close() };
}

Deno.test("writes that do not touch share commits, as many as the checks allow", async () => {
  using t = await counted();
  const writes = Array.from({ length: 250 }, (_, i) => put(["k", i], i, absent(["k", i])));
  const done = await Promise.all(writes.map((write) => t.store.commit(write)));
  assert(done.every(({ ok }) => ok));
  assertEquals(t.lying.commits, 3);
  assertEquals((await Array.fromAsync(t.real.list({ prefix: ["k"] }))).length, 250);
});

Deno.test("a stale write fails alone, and its neighbours are stored", async () => {
  using t = await counted();
  await t.real.set(["k", 3], "there already");
  const done = await Promise.all(
    Array.from({ length: 8 }, (_, i) => t.store.commit(put(["k", i], "new", absent(["k", i])))),
  );
  assertEquals(done.map(({ ok }) => ok), [true, true, true, false, true, true, true, true]);
  const values = await Array.fromAsync(t.real.list({ prefix: ["k"] }), ({ value }) => value);
  assertEquals(values.filter((value) => value === "new").length, 7);
});

Deno.test("a write that the store refuses fails alone, and its neighbours are stored", async () => {
  using t = await counted();
  const bad = put(["k", 1], () => "cannot be stored");
  const done = await Promise.allSettled(
    [put(["k", 0], 0), bad, put(["k", 2], 2)].map((write) => t.store.commit(write)),
  );
  assertEquals(done.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled"]);
  assertEquals((await Array.fromAsync(t.real.list({ prefix: ["k"] }))).length, 2);
});

Deno.test("writes to one key are stored in the order in which they were asked for", async () => {
  for (const traits of [EMBEDDED, { ...EMBEDDED, inFlight: 8 }]) {
    using t = await counted(traits);
    const done: Promise<Committed>[] = [];
    for (let i = 1; i <= 40; i++) {
      done.push(t.store.commit(put(["hot"], i)), t.store.commit(put(["cold", i], i)));
      if (i % 7 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    const stamps = (await Promise.all(done)).filter((_, i) => i % 2 === 0)
      .map((one) => one.ok ? one.versionstamp : "");
    assertEquals(stamps, stamps.toSorted());
    assertEquals(new Set(stamps).size, 40, "each in a commit of its own");
    assertEquals((await t.real.get(["hot"])).value, 40);
  }
});

Deno.test("a group without an answer in time is not sent again", async () => {
  const real = await Deno.openKv(":memory:");
  const lying = lyingKv(real, script("commit", ["lose"]));
  const deadline = new Deadline(10_000);
  const store = createStore({ kv: lying.kv, traits: EMBEDDED, deadline });
  const committing = Promise.allSettled([1, 2].map((i) => store.commit(put(["k", i], i))));
  await lying.nextHang();
  deadline.pass();
  const done = await committing;
  for (const one of done) {
    assert(one.status === "rejected" && one.reason instanceof AppError);
    assertEquals(one.reason.code, "unavailable");
  }
  assertEquals(lying.commits, 1);
  real.close();
});

/** A write as the property below makes them: some keys of few, each set to its own number. */
const anyWrite = fc.record({
  keys: fc.uniqueArray(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 3 }),
  checks: fc.integer({ min: 0, max: 60 }),
  bytes: fc.integer({ min: 1, max: 300_000 }),
  fate: fc.constantFrom("fine", "fine", "fine", "stale", "refused"),
});

Deno.test("whatever is written, each write is applied once or not at all, in order, within limits", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyWrite, { maxLength: 40 }), async (plans) => {
      const applied: number[] = [];
      const limits = limitsOf(EMBEDDED);
      const commit = async ({ checks, mutations }: Write): Promise<Committed> => {
        assertLessOrEqual(checks.length, limits.checks);
        assertLessOrEqual(mutations.length, limits.mutations);
        const numbers = [...new Set(mutations.map(({ value }) => value as number))];
        const bytes = numbers.reduce((sum, i) => sum + plans[i]!.bytes, 0);
        assert(numbers.length === 1 || bytes <= limits.bytes, "within the limits");
        await Promise.resolve();
        const fates = numbers.map((i) => plans[i]!.fate);
        if (fates.includes("refused")) throw new TypeError("cannot be stored");
        if (fates.includes("stale")) return { ok: false };
        applied.push(...numbers);
        return { ok: true, versionstamp: "" };
      };
      const group = new Group(EMBEDDED, commit);
      const done = await Promise.allSettled(plans.map(({ keys, checks, bytes }, i) =>
        group.add({
          checks: Array.from({ length: checks }, (_, n) => absent(["check", i, n])),
          mutations: keys.map((key, n) => ({ key: [key], value: i, bytes: n === 0 ? bytes : 0 })),
        })
      ));
      const told = done.map((one) =>
        one.status === "rejected" ? "refused" : one.value.ok ? "fine" : "stale"
      );
      assertEquals(told, plans.map(({ fate }) => fate));
      assertEquals(
        applied.toSorted((a, b) => a - b),
        plans.flatMap(({ fate }, i) => fate === "fine" ? [i] : []),
      );
      for (let key = 0; key <= 12; key++) {
        const ofKey = applied.filter((i) => plans[i]!.keys.includes(key));
        assertEquals(ofKey, ofKey.toSorted((a, b) => a - b), "in order for each key");
      }
    }),
    { numRuns: 100 },
  );
});

Deno.test("a write that no store could take fails with the store's reason", async () => {
  using t = await counted();
  const checks = Array.from({ length: 101 }, (_, i) => absent(["c", i]));
  await assertRejects(() => t.store.commit(put(["k"], 1, ...checks)), TypeError, "checks");
  assertEquals((await t.real.get(["k"])).value, null);
});
