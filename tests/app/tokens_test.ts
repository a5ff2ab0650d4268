import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import {
  ACTIVATE_MS,
  issueToken,
  type NewToken,
  peekToken,
  revokeToken,
  tokenValue,
  useToken,
} from "../../domain/accounts/tokens.ts";
import { ranges } from "../../kv/keys.ts";
import type { TokenPurpose } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { type TestApp, testApp } from "../support/app.ts";

const activate: NewToken = { purpose: "activate", subject: "an account", lifeMs: ACTIVATE_MS };

async function issued(t: TestApp, token = activate) {
  const id = await transact(t.app, (tx) => issueToken(t.app, tx, token));
  return { id, value: await tokenValue(t.app, token.purpose, id) };
}

const use = (t: TestApp, value: string, purpose: TokenPurpose = "activate") =>
  transact(t.app, (tx) => useToken(t.app, tx, purpose, value));

async function refused(t: TestApp, value: string, purpose: TokenPurpose = "activate") {
  const errors = [
    await assertRejects(() => peekToken(t.app, purpose, value), AppError),
    await assertRejects(() => use(t, value, purpose), AppError),
  ];
  const said = "Cannot use this link: it was used before, or it is too old";
  for (const { code, message } of errors) assertEquals([code, message], ["not_found", said]);
}

Deno.test("a link works once, however often it is looked at", async () => {
  await using t = await testApp();
  const { value } = await issued(t);
  assertEquals(value.length, 43, "256 bits");
  for (let i = 0; i < 3; i++) {
    assertEquals((await peekToken(t.app, "activate", value)).subject, "an account");
  }
  assertEquals((await use(t, value)).subject, "an account");
  await refused(t, value);
});

Deno.test("of many uses at once one goes through", async () => {
  await using t = await testApp();
  const { value } = await issued(t);
  const uses = await Promise.allSettled(Array.from({ length: 20 }, () => use(t, value)));
  assertEquals(uses.filter(({ status }) => status === "fulfilled").length, 1);
});

Deno.test("a link ends at its time although the store still has it", async () => {
  await using t = await testApp();
  const { value } = await issued(t);
  t.clock.advance(ACTIVATE_MS - 1);
  await peekToken(t.app, "activate", value);
  t.clock.advance(1);
  assertEquals((await Array.fromAsync(t.kv.list(ranges.tokens))).length, 1);
  await refused(t, value);
});

Deno.test("a link without an end stays", async () => {
  await using t = await testApp();
  const { value } = await issued(t, { purpose: "setup", subject: "instance", lifeMs: Infinity });
  t.clock.advance(100 * 365 * 86_400_000);
  assertEquals((await use(t, value, "setup")).subject, "instance");
});

Deno.test("a link of one purpose is no good for another", async () => {
  await using t = await testApp();
  const { id, value } = await issued(t);
  await refused(t, value, "sign_in");
  await refused(t, await tokenValue(t.app, "sign_in", id), "sign_in");
  await use(t, value); // and is not used up by trying
});

Deno.test("what was never made is refused in the same words", async () => {
  await using t = await testApp();
  const { id, value } = await issued(t);
  const other = crypto.getRandomValues(new Uint8Array(32));
  const forged = await tokenValue({ secret: other }, "activate", id);
  assertNotEquals(forged, value);
  const guesses = [
    "",
    id,
    "A".repeat(43),
    "A".repeat(100_000),
    value.slice(1),
    `${value}A`,
    forged,
  ];
  for (const guess of [...guesses, value.toUpperCase(), "__proto__", "\0"]) await refused(t, guess);
  await use(t, value);
});

Deno.test("a link that was taken back no longer works", async () => {
  await using t = await testApp();
  const { id, value } = await issued(t);
  await transact(t.app, (tx) => revokeToken(t.app, tx, { purpose: "activate", tokenId: id }));
  await refused(t, value);
});

Deno.test("the store holds neither the link's value nor what it is made from", async () => {
  await using t = await testApp();
  const { id, value } = await issued(t);
  const all = await Array.fromAsync(t.kv.list({ prefix: [] }));
  const text = Deno.inspect(all, { depth: 10 });
  assert(all.length > 0 && !text.includes(value) && !text.includes(id));
});
