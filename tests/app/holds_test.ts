import { assertEquals, assertStringIncludes } from "@std/assert";
import { broadcastCounts } from "../../domain/broadcasts/broadcast_members.ts";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { addOwnAddress } from "../../domain/recipients/own_addresses.ts";
import { OPEN, resumeSending, sendingNow, stopSending } from "../../domain/mail/sending.ts";
import { askForProof } from "../../domain/accounts/sign_up.ts";
import { keys } from "../../kv/keys.ts";
import { transact } from "../../kv/transact.ts";
import { testApp } from "../support/app.ts";
import { confirmBroadcast, written } from "../support/broadcasts.ts";
import { hours, minutes } from "../support/clock.ts";
import { realMail } from "../support/consent.ts";
import { TestMailer } from "../support/mailer.ts";
import { workOf } from "../support/mailing.ts";
import { TestMessenger } from "../support/messenger.ts";
import { linkChat, remind } from "../support/reminders.ts";

/** One of everything that can leave, asked for and due. */
async function everything() {
  const [mailer, messenger] = [new TestMailer(), new TestMessenger()];
  const env = { ...realMail, RECIPIENT_DOMAINS: "example.com" };
  const t = await testApp({ env, mailer, messenger });
  const root = await t.person("Root", { role: "admin" });
  const ada = await t.person("Ada");
  await linkChat(t.app, ada);
  const channels = { page: true, telegram: true, mail: [ada.email] };
  await remind(t.app, ada, { channels, start: "2026-11-23T12:00" });
  const ask = async () => {
    const mail = async (to: string) => {
      const note = await createNote(t.app, { ownerId: ada.id, title: "A note", text: "words" });
      return await requestMailing(t.app, { noteId: note.id, ownerId: ada.id, to: [to] });
    };
    const jobId = await mail("bob@example.com");
    await mail("stranger@example.net");
    await addOwnAddress(t.app, { accountId: ada.id, text: "second@example.net" });
    await askForProof(t.app, ada);
    const { id, version, channels } = await written(t, root);
    const { members } = await broadcastCounts(t.app, { channels });
    await confirmBroadcast(t.app, { id, adminId: root.id, version, members });
    t.clock.advance(hours(1) + minutes(5));
    await t.drain();
    return jobId;
  };
  /** What has left so far, by what it is. */
  const left = () =>
    [
      ...mailer.accepted.map(({ subject, to }) => `${subject} → ${to.address}`),
      ...messenger.sent.map(({ html }) => `chat: ${html.replace(/<[^>]+>/g, "").split("\n")[0]}`),
    ].sort();
  return { t, root, ada, ask, left };
}

/** Letters about accounts, and what one has said to oneself. */
const ABOUT_ONESELF = [
  "Call the bank → ada@example.org",
  "Confirm your address → ada@example.org",
  "Is this address yours? → second@example.net",
  "chat: ⏰ Call the bank",
];
const ALL = [
  ...ABOUT_ONESELF,
  "A note → bob@example.com",
  "Ada would like to send you notes → stranger@example.net",
  "[Clock Work] Moving on Friday → ada@example.org",
  "[Clock Work] Moving on Friday → root@example.org",
  "chat: A note",
  "chat: Moving on Friday",
].sort();

Deno.test("while an admin has stopped all sending nothing leaves of whatever kind, and then all of it does", async () => {
  const { t, root, ada, ask, left } = await everything();
  await using _ = t;
  await stopSending(t.app, { by: root });
  const jobId = await ask();
  assertEquals(left(), []);
  const { progress } = await workOf(t, ada, jobId);
  assertStringIncludes(progress.label, "an admin has stopped all sending");
  await resumeSending(t.app, { by: root });
  t.clock.advance(minutes(1));
  await t.drain();
  assertEquals(left(), ALL);
});

Deno.test("the breaker lets letters about accounts and reminders leave, and nothing else", async () => {
  const { t, root, ask, left } = await everything();
  await using _ = t;
  const breaker = { at: t.clock.now(), why: "complaints" };
  await transact(t.app, (tx) => tx.set(keys.sending, { ...OPEN, breaker }));
  await ask();
  assertEquals(left(), ABOUT_ONESELF);
  await resumeSending(t.app, { by: root });
  assertEquals((await sendingNow(t.app)).breaker, null);
  t.clock.advance(minutes(1));
  await t.drain();
  assertEquals(left(), ALL);
});
