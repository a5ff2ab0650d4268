import { assertEquals } from "@std/assert";
import { setPreferences } from "../../domain/accounts/preferences.ts";
import { cancelReminder } from "../../domain/reminders/reminder_end.ts";
import { updateReminder } from "../../domain/reminders/reminders.ts";
import { moveReminder } from "../../domain/reminders/move_reminders.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import type { TestApp } from "../support/app.ts";
import { confirmBroadcast, written } from "../support/broadcasts.ts";
import { days } from "../support/clock.ts";
import { member } from "../support/door.ts";
import { mailingApp, pathsTo } from "../support/letters.ts";
import type { TestMailer } from "../support/mailer.ts";
import { daily, remind } from "../support/reminders.ts";
import { visitor } from "../support/site.ts";

const [OLD, NEW, THIRD] = ["ada@example.org", "lovelace@example.org", "king@example.org"];
const BOB = "bob@example.net";

interface Scene {
  t: TestApp;
  mailer: TestMailer;
  account: Account;
}

async function scene(): Promise<Scene> {
  const { t, mailer } = await mailingApp({ env: { RECIPIENT_DOMAINS: "example.net" } });
  return { t, mailer, account: await member(t.app) };
}

const now = async ({ t, account }: Scene) => (await read(t.app, keys.account(account.id)))!;
const page = (mail: string[]) => ({ page: true, telegram: false, mail });
const mailsOf = async ({ t }: Scene, { id }: { id: string }) =>
  (await read(t.app, keys.reminder(id)))!.channels.mail;

/** Changes the address as its owner does. @returns the link that undoes it. */
async function change(s: Scene, to: string): Promise<string> {
  const { t, mailer } = s;
  const before = await now(s);
  const ada = await visitor(t, before);
  await ada.postForm("/account/email", { email: to });
  await t.drain();
  await ada.postForm(pathsTo(mailer, to, "/email/confirm/")[0]!, {});
  await t.drain();
  assertEquals((await now(s)).email, to);
  return pathsTo(mailer, before.email, "/email/undo/")[0]!;
}

Deno.test("what somebody mails to themselves follows the address of their account, and back when that is undone", async () => {
  const s = await scene();
  const { t, mailer, account } = s;
  await using _ = t;
  const own = await remind(t.app, account, { rule: daily, channels: page([OLD]) });
  const both = await remind(t.app, account, { rule: daily, channels: page([BOB, OLD]) });
  const others = await remind(t.app, account, { rule: daily, channels: page([BOB]) });
  const ended = await remind(t.app, account, { channels: page([OLD]) });
  await cancelReminder(t.app, { id: ended.id, ownerId: account.id }, "page");
  const all = [own, both, others, ended];
  const lists = () => Promise.all(all.map((one) => mailsOf(s, one)));
  const rung = async () => {
    mailer.accepted.length = 0;
    t.clock.advance(days(1));
    await t.drain();
    return mailer.recipients().toSorted();
  };

  const undo = await change(s, NEW);
  assertEquals(await lists(), [[NEW], [NEW, BOB], [BOB], [NEW]]);
  assertEquals(await rung(), [BOB, BOB, NEW, NEW]);

  await (await visitor(t)).postForm(undo, {});
  await t.drain();
  assertEquals(await lists(), [[OLD], [OLD, BOB], [BOB], [OLD]]);
  assertEquals(await rung(), [OLD, OLD, BOB, BOB]);
});

Deno.test("of two changes the reminders follow the last, whichever is seen to first", async () => {
  const s = await scene();
  const { t, account } = s;
  await using _ = t;
  const own = await remind(t.app, account, { channels: page([OLD]) });
  const undo = await change(s, NEW);
  await change(s, THIRD);
  assertEquals(await mailsOf(s, own), [THIRD]);
  await (await visitor(t)).postForm(undo, {});
  await t.drain();
  assertEquals(await mailsOf(s, own), [OLD]);
  for (const from of [OLD, NEW, THIRD]) await moveReminder(t.app, { id: own.id, from });
  assertEquals(await mailsOf(s, own), [OLD], "a straggler changes nothing");
});

Deno.test("a form that was open while a reminder moved does not bring the old address back", async () => {
  const s = await scene();
  const { t, account } = s;
  await using _ = t;
  const own = await remind(t.app, account, { channels: page([OLD]) });
  await change(s, NEW);
  const { id, title, text, schedule, missed, version } = own;
  const typed = { id, ownerId: account.id, version, title, text, schedule, missed };
  let refused = "";
  try {
    await updateReminder(t.app, { ...typed, channels: page([OLD]) });
  } catch (error) {
    refused = String(error);
  }
  assertEquals(refused.includes("changed elsewhere meanwhile"), true);
  assertEquals(await mailsOf(s, own), [NEW]);
});

Deno.test("announcements follow the address of the account, and back", async () => {
  const s = await scene();
  const { t, mailer, account } = s;
  await using _ = t;
  const root = await t.person("Root", { role: "admin", createdAt: 0 });
  const on = { mail: true, telegram: false };
  await setPreferences(t.app, account.id, { reminders: on, mailings: on, broadcasts: on });
  const announced = async () => {
    mailer.accepted.length = 0;
    const { id, version } = await written(t, root);
    await confirmBroadcast(t.app, { id, adminId: root.id, version, members: 2 });
    t.clock.advance(days(1));
    await t.drain();
    return mailer.recipients().filter((to) => to !== root.email);
  };
  const undo = await change(s, NEW);
  assertEquals(await announced(), [NEW]);
  await (await visitor(t)).postForm(undo, {});
  await t.drain();
  assertEquals(await announced(), [OLD]);
});
