import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { attempt, outcome, wrong } from "../support/attempts.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { days, hours, minutes } from "../support/clock.ts";
import { countingHashes } from "../support/counting.ts";
import { member, OTHER_PASSWORD } from "../support/door.ts";
import { mailingApp, pathsTo } from "../support/letters.ts";
import { visitor } from "../support/site.ts";

const GUESSES = 10_000;
const ADA = "ada@example.org";
const HOUR = hours(1);

for (const networks of [1, 500]) {
  Deno.test(`of ${GUESSES} guesses a day from ${networks} networks at most 20 are looked at, and the owner gets in by a letter`, async () => {
    const { t, mailer } = await mailingApp();
    await using _ = t;
    await member(t.app);
    using hashes = await countingHashes();
    const from = (i: number) => `10.${i % networks >> 8}.${i % networks & 255}.1`;
    let letIn = 0;
    for (let i = 0; i < GUESSES; i++) {
      const said = await outcome(t, { ...wrong, address: from(i) });
      if (said === "in") letIn++;
      t.clock.advance(Math.floor(days(1) / GUESSES) - 1);
    }
    assertEquals(letIn, 0);
    assert(hashes.count > 0 && hashes.count <= 20, `${hashes.count} hashes`);
    assertMatch(await outcome(t), /^rate_limited/, "also for the right password");

    const ada = await visitor(t);
    const refused = await ada.postForm("/sign-in", { email: ADA, password: OTHER_PASSWORD });
    assertEquals(refused.status, 429);
    assertStringIncludes(await refused.text(), "sign in by a mailed link");
    assertEquals((await ada.postForm("/sign-in/mail", { email: ADA })).status, 200);
    await t.drain();
    const [link = ""] = pathsTo(mailer, ADA, "/sign-in/mail/");
    assertEquals((await ada.postForm(link, {})).status, 303);
    assertEquals((await ada.get("/api/me")).status, 200);
    assertMatch(await outcome(t, wrong), /^rate_limited/, "and the guesser has won nothing");
  });
}

Deno.test("of guesses over a thousand accounts from one network 20 an hour are looked at", async () => {
  const { t } = await mailingApp();
  await using _ = t;
  using hashes = await countingHashes();
  for (let i = 0; i < GUESSES; i++) {
    await outcome(t, { ...wrong, email: `p${i % 1_000}@example.org`, address: "203.0.113.7" });
    t.clock.advance(minutes(60) / GUESSES - 0.01);
  }
  assert(hashes.count > 0 && hashes.count <= 20, `${hashes.count} hashes`);
});

Deno.test("no session that a stranger put there is the one that is signed in", async () => {
  const { t, mailer } = await mailingApp();
  await using _ = t;
  await member(t.app);
  await member(t.app, { email: "eve@example.org", name: "Eve" });
  const plant = async () => (await attempt(t, { email: "eve@example.org" })).value;
  const ways: ((who: Awaited<ReturnType<typeof visitor>>) => Promise<Response>)[] = [
    (who) => who.post("/api/session", { email: ADA, password: "tired otters juggle nine lamps" }),
    async (who) => {
      await who.postForm("/sign-in/mail", { email: ADA });
      await t.drain();
      return await who.postForm(pathsTo(mailer, ADA, "/sign-in/mail/")[0]!, {});
    },
  ];
  for (const planted of [plant, () => Promise.resolve("A".repeat(43))]) {
    for (const way of ways) {
      const value = await planted();
      const victim = await visitor(t);
      victim.cookies.set("cw_session_dev", value);
      assert((await way(victim)).status < 400);
      const now = victim.cookies.get("cw_session_dev");
      assert(now !== value);
      assertEquals((await (await victim.get("/api/me")).json()).email, ADA);
      const eve = await visitor(t);
      eve.cookies.set("cw_session_dev", value);
      assertEquals((await eve.get("/api/me")).status, 401, "the old value is dead");
      eve.cookies.clear();
      const inUrl = await eve.get(`/api/me?cw_session_dev=${now}&session=${now}`);
      assertEquals(inUrl.status, 401, "and no value counts in an address");
    }
  }
});

Deno.test("ten times as many failed sign-ins as in the usual hour are told to admins, once an hour", async () => {
  const { t } = await mailingApp();
  await using _ = t;
  const root = await t.person("Root", { role: "admin" });
  await member(t.app);
  const told = async () => {
    await t.drain();
    const { items } = await listNotifications(t.app, { accountId: root.id });
    return items.filter(({ title }) => title === "Many sign-ins fail").length;
  };
  let made = 0;
  const fail = async (times: number) => {
    for (let i = 0; i < times; i++) {
      const from = ++made;
      const address = `10.${from >> 8 & 255}.${from & 255}.1`;
      await outcome(t, { ...wrong, email: `p${from}@example.org`, address });
    }
  };
  t.clock.advance(HOUR - t.clock.now() % HOUR);
  await fail(99);
  assertEquals(await told(), 0);
  await fail(40);
  assertEquals(await told(), 1, "where hardly any is usual, from a hundred on, and once");
  for (let hour = 0; hour < 13; hour++) {
    t.clock.advance(HOUR);
    await fail(15); // is the usual hour from now on
  }
  assertEquals(await told(), 1);
  t.clock.advance(HOUR);
  await fail(149);
  assertEquals(await told(), 1);
  await fail(20);
  assertEquals(await told(), 2);
});
