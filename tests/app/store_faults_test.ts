import { assert, assertEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { newId } from "../../core/ids.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { type TestEngine, testEngine } from "../support/engine.ts";
import { type Fault, type LyingKv, lyingKv, script } from "../support/lying_kv.ts";

const counter = keys.feed("everyone");

/** One more in the counter, and a thing of its own for each. */
async function add(tx: Tx): Promise<void> {
  tx.set(counter, { seq: ((await tx.get(counter))?.seq ?? 0) + 1 });
  tx.set(keys.feed(`thing ${newId()}`), { seq: 0 });
}

/** An engine beside others on a store with faults, and that store without them. */
async function faulty(
  faults: (Fault | undefined)[],
  { readBack = true } = {},
): Promise<{ t: TestEngine; lying: LyingKv; real: Deno.Kv } & AsyncDisposable> {
  const real = await Deno.openKv(":memory:");
  const lying = lyingKv(real, script("commit", faults));
  const t = await testEngine({ kv: lying.kv, readBack });
  return {
    t,
    lying,
    real,
    async [Symbol.asyncDispose]() {
      await t[Symbol.asyncDispose]();
      await lying.idle();
      real.close();
    },
  };
}

async function things(kv: Deno.Kv): Promise<number> {
  const feeds = await Array.fromAsync(kv.list({ prefix: ["feed"] }));
  return feeds.filter(({ key }) => String(key[1]).startsWith("thing")).length;
}

for (const fault of ["lie", "repeat"] as const) {
  Deno.test(`a commit that says it failed is read back before it is believed (${fault})`, async () => {
    await using s = await faulty([fault, undefined, fault, fault]);
    for (let i = 0; i < 4; i++) await transact(s.t.app, add);
    assertEquals(await read(s.t.app, counter), { seq: 4 });
    assertEquals(await things(s.real), 4);
  });

  Deno.test(`without the read-back the same commits happen twice (${fault})`, async () => {
    await using s = await faulty([fault, undefined, fault, fault], { readBack: false });
    for (let i = 0; i < 4; i++) await transact(s.t.app, add);
    assertEquals(await read(s.t.app, counter), { seq: 7 });
    assertEquals(await things(s.real), 7);
  });
}

Deno.test("a group whose answer is a lie is read back as one", async () => {
  await using s = await faulty(["lie"]);
  await Promise.all([1, 2, 3].map((i) =>
    transact(s.t.app, async (tx) => {
      const key = keys.feed(`account:${i}`);
      tx.set(key, { seq: ((await tx.get(key))?.seq ?? 0) + 1 });
    })
  ));
  const seqs = await Array.fromAsync(s.real.list<{ seq: number }>({ prefix: ["feed"] }));
  assertEquals(seqs.map(({ value }) => value.seq), [1, 1, 1]);
});

Deno.test("a job added without a look does not begin anew when its commit is sent again", async () => {
  const jobIsOver = Promise.withResolvers<void>();
  await using s = await faulty([{ repeatAfter: jobIsOver.promise }]);
  const { t, real } = s;
  await using other = await testEngine({ kv: real, clock: t.clock });
  const added = t.add();
  while ((await other.due()).length === 0);
  await other.drain();
  jobIsOver.resolve();
  const id = await added;
  assertEquals((await t.job(id)).state, "completed");
  assertEquals(await t.due(), []);
});

Deno.test("a locked file is tried again until it is free", async () => {
  await using s = await faulty(["locked", "locked"]);
  await transact(s.t.app, add);
  assertEquals(await read(s.t.app, counter), { seq: 1 });
});

Deno.test("reads of a locked file are tried again too, within a list as well", async () => {
  const real = await Deno.openKv(":memory:");
  await real.set(counter, { seq: 3 });
  for (const call of ["get", "getMany", "list"] as const) {
    const lying = lyingKv(real, script(call, ["locked"]));
    await using t = await testEngine({ kv: lying.kv });
    const list = Array.fromAsync(t.app.store.list({ prefix: ["feed"] }), ({ value }) => value);
    assertEquals(await list, [{ seq: 3 }]);
    assertEquals((await t.app.store.getMany([counter]))[0]?.value, { seq: 3 });
    assertEquals(await read(t.app, counter), { seq: 3 });
  }
  real.close();
});

/** That asking ends in an error once it hangs and its time is over. */
async function endsUnavailable(
  { t, lying }: { t: TestEngine; lying: LyingKv },
  ask: () => Promise<unknown>,
): Promise<void> {
  const hung = lying.nextHang();
  const asking = ask();
  await hung;
  t.passDeadline();
  const error = await assertRejects(() => asking, AppError);
  assertEquals(error.code, "unavailable");
}

for (const fault of ["hang", "lose"] as const) {
  Deno.test(`a commit without an answer in time is neither believed nor tried again (${fault})`, async () => {
    await using s = await faulty([fault]);
    await endsUnavailable(s, () => transact(s.t.app, add));
    assertEquals((await s.real.get(counter)).value, fault === "hang" ? null : { seq: 1 });
    await transact(s.t.app, add); // and the next one works
    assertEquals(await things(s.real), fault === "hang" ? 1 : 2);
  });
}

Deno.test("a read without an answer in time is an error and not a wait for ever", async () => {
  const real = await Deno.openKv(":memory:");
  for (const call of ["get", "getMany", "list"] as const) {
    const lying = lyingKv(real, script(call, ["hang"]));
    await using t = await testEngine({ kv: lying.kv });
    const { store } = t.app;
    const ask = {
      get: () => store.get(counter),
      getMany: () => store.getMany([counter]),
      list: () => Array.fromAsync(store.list({ prefix: [] })),
    };
    await endsUnavailable({ t, lying }, ask[call]);
  }
  real.close();
});

Deno.test("a commit that is applied long after its deadline does not make a later one look lost", async () => {
  const held = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  // The second is applied and its answer lost; then comes the first, and only then the question back.
  const real = await Deno.openKv(":memory:");
  const commits = script("commit", [late.promise, "lie"]);
  const told = Promise.withResolvers<void>();
  const lying = lyingKv(real, (call) => {
    if (call === "commit") held.resolve();
    if (call !== "get" || !asked) return commits(call);
    late.resolve();
    return told.promise;
  });
  let asked = false;
  await using t = await testEngine({ kv: lying.kv });
  const write = (name: string) =>
    transact(t.app, (tx) => tx.set(keys.feed(`thing ${name}`), { seq: 0 }));
  const first = write("first");
  await held.promise;
  t.passDeadline();
  await assertRejects(() => first, AppError);
  asked = true;
  const second = write("second");
  await late.promise;
  await lying.idle();
  told.resolve();
  await second;
  assertEquals(await things(real), 2);
  await lying.idle();
  real.close();
});

Deno.test("the tokens of commits need no more keys than commits were under way at once", async () => {
  await using s = await faulty([]);
  for (let i = 0; i < 20; i++) await transact(s.t.app, add);
  await Promise.all(Array.from({ length: 20 }, () => transact(s.t.app, add)));
  const tokens = await Array.fromAsync(s.real.list({ prefix: ["commit_token"] }));
  assert(tokens.length <= 2, `${tokens.length} keys`);
});
