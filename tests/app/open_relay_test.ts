import { assertEquals } from "@std/assert";
import { DEFAULT_PREFERENCES, setPreferences } from "../../domain/preferences.ts";
import { mailboxOf } from "../../domain/mailbox.ts";
import { type AbuseDoor, abuseDoors } from "../support/abuse.ts";
import { type BotScene, botScene } from "../support/bot_scene.ts";
import { days, hours, seconds } from "../support/clock.ts";
import { realMail } from "../support/consent.ts";
import { TestMailer } from "../support/mailer.ts";
import { visitor } from "../support/site.ts";

const PEOPLE = 30;
const DOORS = [
  "page",
  "API",
  "reminder",
  "form of recipients",
  "API of recipients",
  "chat",
  "import",
];

/** Thirty people, each written in many ways: with tags, capitals and both. */
function spelled(i: number): string {
  const person = `p${i % PEOPLE}`;
  const way = Math.floor(i / PEOPLE);
  const tag = way === 0 ? "" : `+t${way}`;
  const address = `${person}${tag}@example.net`;
  return way % 2 === 0 ? address : address.toUpperCase();
}

/** A new account that tries to mail strangers at every door, a hundred at once. */
async function abuse(
  s: BotScene,
  doors: readonly AbuseDoor[],
  { from, count }: { from: number; count: number },
) {
  const numbers = Array.from({ length: count }, (_, i) => from + i);
  for (let i = 0; i < count; i += 100) {
    const many = numbers.slice(i, i + 100);
    const shares = doors.map(({ all }, d) =>
      all(many.filter((n) => n % doors.length === d).map(spelled))
    );
    await Promise.all(shares);
    s.t.clock.advance(seconds(25)); // as fast as requests are let in
    await s.t.drain();
  }
}

async function newcomer(env: Record<string, string> = {}) {
  const mailer = new TestMailer();
  const s = await botScene({
    mailer,
    env: { ...realMail, ...env },
    refusals: "some", // so much news at once is too much for Telegram
  });
  const quiet = { ...DEFAULT_PREFERENCES, mailings: { mail: false, telegram: false } };
  await setPreferences(s.t.app, s.ada.id, quiet); // Telegram would find so much news too much
  const browser = await visitor(s.t, s.ada);
  return { s, mailer, browser, doors: await abuseDoors(s, browser) };
}

function assertOnlyInvitations({ accepted }: TestMailer): void {
  const others = accepted.filter(({ subject }) => subject !== "Ada would like to send you notes");
  assertEquals(others.map(({ subject }) => subject), []);
  const pairs = accepted.map(({ to }) => mailboxOf(to.address));
  assertEquals(new Set(pairs).size, pairs.length, "one invitation a pair");
}

Deno.test("a thousand mails to strangers at every door: an invitation a pair leaves, twenty a day, nothing else", async () => {
  const { s, mailer, doors } = await newcomer();
  await using _ = s;
  const web = doors.filter(({ name }) => name !== "chat" && name !== "import");
  const inTurn = doors.filter((door) => !web.includes(door)); // a chat has one conversation
  for (let day = 1; day <= 2; day++) {
    await abuse(s, web, { from: 0, count: 800 });
    for (const door of inTurn) await abuse(s, [door], { from: 0, count: 100 });
    s.t.clock.advance(days(1));
    await s.t.drain();
    const letters = mailer.accepted;
    assertOnlyInvitations(mailer);
    assertEquals(letters.length, Math.min(PEOPLE, day * 20), `day ${day}`);
  }
  s.t.clock.advance(days(8));
  await s.t.drain();
  assertEquals(mailer.accepted.length, PEOPLE, "and what waited was given up");
});

for (const name of DOORS) {
  Deno.test(`a hundred strangers at once at the door "${name}": twenty are asked at most, and once`, async () => {
    const { s, mailer, doors } = await newcomer();
    await using _ = s;
    const door = doors.find((one) => one.name === name)!;
    const strangers = Array.from({ length: 100 }, (_, i) => `s${i}@example.net`);
    await door.all(strangers);
    await s.t.drain();
    assertOnlyInvitations(mailer);
    assertEquals(mailer.accepted.length, name === "import" ? 0 : 20);
    s.t.clock.advance(days(8));
    await s.t.drain();
    assertEquals(mailer.accepted.length, name === "import" ? 0 : 20);
  });
}

Deno.test("every door at which one can give addresses of others is tried", async () => {
  const { s, doors } = await newcomer();
  await using _ = s;
  assertEquals(doors.map(({ name }) => name), DOORS);
});

Deno.test("seen to fail: with the check off the same tries reach strangers", async () => {
  const { s, mailer, doors } = await newcomer({ RECIPIENT_CHECK: "off", SIGNUP: "closed" });
  await using _ = s;
  for (const { name, all } of doors) {
    const before = mailer.accepted.length;
    await all(["stranger@example.net"]);
    await s.t.drain();
    s.t.clock.advance(hours(3));
    await s.t.drain();
    const asks = name.includes("recipients");
    const reached = mailer.accepted.slice(before).some(({ subject }) => /^buy now$/i.test(subject));
    assertEquals(reached, !asks, name); // there one only asks
  }
});

Deno.test("many accounts ask one person at most three times a day, under all their spellings", async () => {
  const { s, mailer } = await newcomer();
  await using _ = s;
  for (let i = 0; i < 10; i++) {
    const member = await s.t.person(`M${i}`);
    const browser = await visitor(s.t, member);
    const to = i % 2 === 0 ? `b.ob+${i}@gmail.com` : "BOB@googlemail.com";
    const { status } = await browser.post("/api/recipients", { to });
    assertEquals(status, i < 3 ? 200 : 429, `account ${i}`);
  }
  await s.t.drain();
  assertEquals(mailer.accepted.length, 3);
});

Deno.test("what cannot be asked is refused whole: nobody of a list is asked when it is too long", async () => {
  const { s, mailer, browser } = await newcomer();
  await using _ = s;
  const to = Array.from({ length: 21 }, (_, i) => `x${i}@example.net`);
  assertEquals((await browser.post("/api/recipients", { to })).status, 429);
  assertEquals((await browser.post("/api/recipients", { to: to.slice(0, 20) })).status, 200);
  await s.t.drain();
  assertEquals(mailer.accepted.length, 20);
});
