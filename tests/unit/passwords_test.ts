import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { AppError } from "../../core/errors.ts";
import { isArgon2id, nativeArgon2id, portableArgon2id } from "../../domain/accounts/argon2id.ts";
import { sameBytes } from "../../domain/accounts/digest.ts";
import { Hashing } from "../../domain/accounts/passwords.ts";
import { parsePhc } from "../../domain/accounts/phc.ts";
import { Turns } from "../../domain/mail/turns.ts";
import { CHEAP } from "../support/hash.ts";

const text = (value: string) => new TextEncoder().encode(value);
const noArgon2id = () => Promise.reject(new Error("NotSupportedError"));
const native = () => new Hashing(CHEAP);
const fallback = () => new Hashing({ ...CHEAP, native: noArgon2id });

Deno.test("the platform's Argon2id gives the vector of RFC 9106", async () => {
  assert(await isArgon2id(nativeArgon2id));
});

Deno.test("an Argon2id that gives other bytes, or none, is not used", async () => {
  assertEquals(await isArgon2id(() => Promise.resolve(new Uint8Array(32))), false);
  assertEquals(await isArgon2id(noArgon2id), false);
  assertEquals(await fallback().kind(), "scrypt");
  assertEquals(await native().kind(), "argon2id");
});

Deno.test("new hashes cost what OWASP asks for, and are PHC strings", async () => {
  const [argon2id, scrypt] = await Promise.all([
    new Hashing().hash("a"),
    new Hashing({ native: noArgon2id }).hash("a"),
  ]);
  assertMatch(argon2id, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
  assertMatch(scrypt, /^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/);
});

Deno.test("a hash is checked wherever it was made", async () => {
  for (const maker of [native(), fallback()]) {
    const stored = await maker.hash("tired otters juggle nine lamps");
    for (const checker of [native(), fallback()]) {
      assert(await checker.verify("tired otters juggle nine lamps", stored));
      assertEquals(await checker.verify("tired otters juggle nine lamp", stored), false);
    }
  }
});

Deno.test("the portable Argon2id gives the same bytes as the platform's", async () => {
  const input = { password: text("a password"), salt: text("sixteen bytes :)"), length: 32 };
  const cost = { memoryKiB: 64, passes: 3, parallelism: 1 };
  const [one, other] = [await nativeArgon2id(input, cost), await portableArgon2id(input, cost)];
  assert(sameBytes(one, other));
});

Deno.test("known vectors of both kinds are right", async () => {
  // Made by the reference argon2 command, and from RFC 7914, section 12.
  const argon2 =
    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  const scrypt = `$scrypt$ln=10,r=8,p=16$${text("NaCl").toBase64({ omitPadding: true })}$${
    Uint8Array.fromHex(
      "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
    ).toBase64({ omitPadding: true })
  }`;
  assert(await native().verify("password", argon2));
  assert(await native().verify("password", scrypt));
  assertEquals(await native().verify("Password", scrypt), false);
});

Deno.test("a password is taken exactly as typed", async () => {
  const stored = await native().hash("  Ünïcode ﬁ 😀 ");
  assert(await native().verify("  Ünïcode ﬁ 😀 ", stored));
  for (const other of ["Ünïcode ﬁ 😀", "  Ünïcode fi 😀 ", "  ünïcode ﬁ 😀 "]) {
    assertEquals(await native().verify(other, stored), false, other);
  }
});

Deno.test("no hash, and what is none, is never the right one, but costs a hash", async () => {
  let hashed = 0;
  const counting = new Hashing({
    ...CHEAP,
    native: (input, cost) => {
      hashed++;
      return nativeArgon2id(input, cost);
    },
  });
  await counting.kind();
  const before = hashed;
  for (const stored of [null, "", "$argon2id$", "$scrypt$ln=40,r=8,p=1$c2FsdA$aGFzaA"]) {
    assertEquals(await counting.verify("whatever it is", stored), false);
  }
  assertEquals(hashed - before, 4);
});

Deno.test("a password over 1,024 bytes is not hashed at all", async () => {
  let hashed = 0;
  const counting = new Hashing({
    ...CHEAP,
    native: (input, cost) => {
      hashed++;
      return nativeArgon2id(input, cost);
    },
  });
  await counting.kind();
  const before = hashed;
  assertEquals(await counting.verify("a".repeat(1_025), await native().hash("a")), false);
  assertEquals(hashed - before, 0);
});

Deno.test("a weaker hash is to be made again, a stronger or equal one is not", async () => {
  const strong = new Hashing({
    argon2id: { memoryKiB: 16, passes: 2, parallelism: 1 },
    scrypt: { logN: 2, r: 2, p: 2 },
  });
  const strongScrypt = new Hashing({ scrypt: { logN: 2, r: 2, p: 2 }, native: noArgon2id });
  const [weakA, weakS] = [await native().hash("a"), await fallback().hash("a")];
  assertEquals(await strong.needsRehash(weakA), true);
  assertEquals(await strong.needsRehash(await strong.hash("a")), false);
  assertEquals(await native().needsRehash(await strong.hash("a")), false);
  assertEquals(await strongScrypt.needsRehash(weakS), true);
  assertEquals(await strongScrypt.needsRehash(await strongScrypt.hash("a")), false);
  assertEquals(await native().needsRehash(weakS), true, "scrypt where there is Argon2id");
  assertEquals(await fallback().needsRehash(weakA), false, "Argon2id is never given up");
  assertEquals(await native().needsRehash("nonsense"), true);
});

Deno.test("parsePhc() refuses what would cost more than any hash of ours", () => {
  const tail = "c29tZXNhbHRzb21lc2FsdA$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
  for (
    const head of [
      "$argon2id$v=19$m=9999999,t=2,p=1",
      "$argon2id$v=19$m=0,t=2,p=1",
      "$argon2id$v=18$m=8,t=2,p=1",
      "$argon2i$v=19$m=8,t=2,p=1",
      "$scrypt$ln=30,r=8,p=1",
      "$scrypt$ln=0,r=8,p=1",
      "$2b$12",
    ]
  ) assertEquals(parsePhc(`${head}$${tail}`), null, head);
  assertEquals(parsePhc("$scrypt$ln=1,r=1,p=1$c2FsdA$c2hvcnQ"), null, "a hash of five bytes");
  assertEquals(parsePhc("$scrypt$ln=1,r=1,p=1$c2FsdA$????"), null);
});

Deno.test("four work at once, 64 wait, and the next is sent away at once", async () => {
  let working = 0, most = 0, done = 0;
  const gate = Promise.withResolvers<void>();
  const slow: typeof nativeArgon2id = async (input, cost) => {
    most = Math.max(most, ++working);
    await gate.promise;
    working--;
    return await nativeArgon2id(input, cost);
  };
  const hashing = new Hashing({ ...CHEAP, native: slow });
  gate.resolve(); // the self-test goes through
  await hashing.kind();
  const closed = Promise.withResolvers<void>();
  gate.promise = closed.promise;
  const all = Array.from({ length: 68 }, () => hashing.hash("a").then(() => done++));
  await hashing.kind();
  await new Promise((resolve) => setTimeout(resolve));
  const refused = await assertRejects(() => hashing.hash("a"), AppError);
  assertEquals([refused.code, refused.retryAfterMs], ["unavailable", 2_000]);
  assertEquals(working, 4);
  closed.resolve();
  await Promise.all(all);
  assertEquals([most, done], [4, 68]);
});

Deno.test("Turns goes on after work that failed, in the order of asking", async () => {
  const turns = new Turns({ atOnce: 1, waiting: 5 });
  const order: number[] = [];
  const work = (n: number) =>
    turns.take(() => {
      order.push(n);
      return n % 2 === 0 ? Promise.resolve(n) : Promise.reject(new Error(`${n}`));
    }).catch(() => {});
  await Promise.all([1, 2, 3, 4, 5].map(work));
  await work(6);
  assertEquals(order, [1, 2, 3, 4, 5, 6]);
});
