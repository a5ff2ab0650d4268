import {
  assert,
  assertEquals,
  assertLessOrEqual,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import type { Store, Write } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { testEngine } from "../support/engine.ts";
import { lyingKv, script } from "../support/lying_kv.ts";

const counter = keys.feed("everyone");

async function increment(tx: Tx): Promise<number> {
  const seq = ((await tx.get(counter))?.seq ?? 0) + 1;
  tx.set(counter, { seq });
  return seq;
}

Deno.test("a transaction sees its own writes and deletions", async () => {
  await using t = await testEngine();
  const seen = await transact(t.app, async (tx) => {
    const numbers = [await increment(tx), await increment(tx)];
    tx.delete(counter);
    return [...numbers, await tx.get(counter), await increment(tx)];
  });
  assertEquals(seen, [1, 2, null, 1]);
  assertEquals(await read(t.app, counter), { seq: 1 });
});

Deno.test("what a transaction wrote is not there when its rule refuses", async () => {
  await using t = await testEngine();
  let told = false;
  await assertRejects(() =>
    transact(t.app, async (tx) => {
      await increment(tx);
      tx.afterCommit(() => told = true);
      throw new AppError("conflict", "Cannot do it");
    }), AppError);
  assertEquals(await read(t.app, counter), null);
  assert(!told);
});

Deno.test("64 writers at one counter lose no count and need few tries", async () => {
  await using t = await testEngine();
  const each = 3;
  let tries = 0;
  const numbers = await Promise.all(Array.from({ length: 64 }, async () => {
    const own: number[] = [];
    for (let i = 0; i < each; i++) {
      own.push(await transact(t.app, (tx) => (tries++, increment(tx))));
    }
    return own;
  }));
  assertEquals(new Set(numbers.flat()).size, 64 * each, "no number twice");
  assertEquals(await read(t.app, counter), { seq: 64 * each });
  assertLessOrEqual(tries / (64 * each), 4, "tries for one success");
});

Deno.test("writers of two processes at one counter lose no count", async () => {
  await using a = await testEngine({ traits: { shared: true } });
  await using b = await testEngine({ kv: a.kv });
  await Promise.all(
    [a, b].flatMap((t) => Array.from({ length: 50 }, () => transact(t.app, increment))),
  );
  assertEquals(await read(a.app, counter), { seq: 100 });
});

Deno.test("who has lost a race is not overtaken by who comes later", async () => {
  await using t = await testEngine();
  const order: string[] = [];
  const { promise: goOn, resolve: wake } = Promise.withResolvers<void>();
  const { promise: again, resolve: tryAgain } = Promise.withResolvers<void>();
  let tries = 0;
  const loser = transact(t.app, async (tx) => {
    await increment(tx);
    if (tries++ === 0) await t.kv.set(counter, { seq: 10 });
    else {
      tryAgain();
      await goOn;
    }
    tx.afterCommit(() => order.push("who lost"));
  });
  await again;
  const later = transact(t.app, async (tx) => {
    await increment(tx);
    tx.afterCommit(() => order.push("who came later"));
  });
  // A whole transaction besides, begun later: by then the other would have been stored.
  const besides = keys.feed("account:bob");
  await transact(t.app, async (tx) => tx.set(besides, { seq: (await tx.get(besides))?.seq ?? 1 }));
  wake();
  await Promise.all([loser, later]);
  assertEquals([tries, order], [2, ["who lost", "who came later"]]);
  assertEquals(await read(t.app, counter), { seq: 12 });
});

Deno.test("two reads at once in one transaction are one read", async () => {
  const answers = ["01", "02"].map((versionstamp) => ({ value: { seq: 0 }, versionstamp }));
  const writes: Write[] = [];
  const store = {
    get: (key: Deno.KvKey) => Promise.resolve({ key, ...answers.shift() }),
    commit: (write: Write) => Promise.resolve({ ok: writes.push(write) > 0, versionstamp: "03" }),
  } as unknown as Store;
  await transact({ store }, async (tx) => {
    const [a, b] = await Promise.all([tx.get(counter), tx.get(counter)]);
    assertStrictEquals(a, b, "not one of before and one of after another write");
    tx.set(counter, { seq: 1 });
  });
  assertEquals(writes.map(({ checks }) => checks[0]?.versionstamp), ["01"]);
});

Deno.test("known entries spare the reads, and a stale one costs a try and no count", async () => {
  await using t = await testEngine();
  const stale = await t.kv.get<{ seq: number }>(counter);
  await t.kv.set(counter, { seq: 5 });
  const seen: number[] = [];
  await transact(t.app, async (tx) => void seen.push(await increment(tx)), [stale]);
  assertEquals(seen, [1, 6]);
  assertEquals(await read(t.app, counter), { seq: 6 });
});

Deno.test("a transaction gives up as a conflict after thirty lost races", async () => {
  await using t = await testEngine();
  let tries = 0;
  const error = await assertRejects(() =>
    transact(t.app, async (tx) => {
      await increment(tx);
      await t.kv.set(counter, { seq: tries++ }); // somebody is always faster
    }), AppError);
  assertEquals(error.code, "conflict");
  assertEquals(tries, 30);
});

Deno.test("what was read is checked even when nothing about it is written", async () => {
  await using t = await testEngine();
  let tries = 0;
  await transact(t.app, async (tx) => {
    await tx.get(counter);
    if (tries++ === 0) await t.kv.set(counter, { seq: 1 });
    tx.set(keys.feed("account:a"), { seq: tries });
  });
  assertEquals(tries, 2);
});

Deno.test("effects after a commit run once, after the try that was stored", async () => {
  await using t = await testEngine();
  const effects: number[] = [];
  let tries = 0;
  await transact(t.app, async (tx) => {
    const number = await increment(tx);
    tx.afterCommit(() => effects.push(number));
    if (tries++ === 0) await t.kv.set(counter, { seq: 41 });
  });
  assertEquals(effects, [42]);
});

Deno.test("a transaction that only reads commits nothing", async () => {
  await using real = await testEngine();
  const lying = lyingKv(real.kv, script("commit", []));
  await using t = await testEngine({ kv: lying.kv });
  assertEquals(await transact(t.app, (tx) => tx.get(counter)), null);
  assertEquals(lying.commits, 0);
});
