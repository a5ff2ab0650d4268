import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { closeAccount } from "../../domain/accounts/closing.ts";
import { addOwnAddress } from "../../domain/recipients/own_addresses.ts";
import { listNotifications } from "../../domain/notifications.ts";
import { pruneSome } from "../../domain/prune.ts";
import { askForProof } from "../../domain/accounts/sign_up.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import type { Account } from "../../kv/schema.ts";
import { type TestApp, testApp } from "../support/app.ts";
import { days, minutes } from "../support/clock.ts";
import { realMail } from "../support/consent.ts";
import { jsonOf } from "../support/http.ts";
import { TestMailer } from "../support/mailer.ts";
import { mailNote, OPEN_MAIL, suppressions } from "../support/mailing.ts";
import { pageOf, visitor } from "../support/site.ts";

const BOB = "bob@example.net";

async function world(env: Record<string, string> = OPEN_MAIL) {
  const mailer = new TestMailer();
  const t = await testApp({ env, mailer });
  const root = await t.person("Root", { role: "admin" });
  return { t, mailer, root, ada: await t.person("Ada") };
}

/** The path that reports the last letter to somebody. */
function reportPath(mailer: TestMailer, to: string): string {
  const letter = mailer.accepted.findLast((mail) => mail.to.address === to);
  const { pathname, search } = new URL(letter!.headers["X-Clock-Work-Report"]!);
  assertStringIncludes(
    letter!.text,
    `Report this mail:\nhttp://localhost:8000${pathname}${search}`,
  );
  return pathname + search;
}

/** Opens the page and presses its button, as somebody who is not signed in. @returns both pages. */
async function reports(t: TestApp, path: string): Promise<{ asks: string; says: string }> {
  const reader = await visitor(t);
  const asks = await pageOf(reader, path);
  const response = await reader.postForm(path, {});
  assertEquals(response.status, 200);
  const says = await response.text();
  await t.drain();
  return { asks, says };
}

const complaintsOf = async ({ app }: TestApp, { id }: Account) =>
  (await read(app, keys.sender(id)))?.complaints?.length ?? 0;

Deno.test("what was reported can be read by admins, on the sender's page alone, for ninety days", async () => {
  const { t, mailer, root, ada } = await world();
  await using _ = t;
  await mailNote(t, ada, [BOB, "carl@example.net"]);
  await t.drain();
  const admin = await visitor(t, root);
  const page = () => pageOf(admin, `/admin/members/${ada.id}`);
  assert(!/Buy milk/.test(await page()), "not before it is reported");
  const { asks } = await reports(t, reportPath(mailer, BOB));
  assertStringIncludes(asks, "and can read it", "its reader knows");
  const seen = await page();
  assertStringIncludes(seen, "Reported by readers");
  assertStringIncludes(seen, "Buy milk");
  assertStringIncludes(seen, "b…@example.net");
  const { reported } = await jsonOf<{ reported: unknown[] }>(
    await admin.get(`/api/admin/members/${ada.id}`),
  );
  const at = new Date(t.clock.now()).toISOString();
  assertEquals(reported, [{ at, shown: "b…@example.net", title: "Milk", text: "Buy milk" }]);
  const other = await pageOf(admin, `/admin/members/${root.id}`);
  assert(!/Buy milk/.test(other));
  t.clock.advance(days(90));
  await pruneSome(t.app);
  assertEquals(await list(t.app, ranges.reported), []);
});

Deno.test("what was reported of a member goes with their account", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  await mailNote(t, ada, [BOB]);
  await t.drain();
  await reports(t, reportPath(mailer, BOB));
  assertEquals((await list(t.app, ranges.reported)).length, 1);
  await closeAccount(t.app, { accountId: ada.id });
  for (let i = 0; i < 5; i++) {
    t.clock.advance(minutes(2));
    await t.drain();
  }
  assertEquals(await list(t.app, ranges.reported), []);
});

Deno.test("the link of one letter does not show another: its name counts only with its own reader", async () => {
  for (const whose of ["another's reader", "another's sender", "", "x", "%00", "nobody"]) {
    const { t, mailer, ada } = await world();
    await using _ = t;
    const eve = await t.person("Eve");
    await mailNote(t, ada, [BOB]);
    await t.drain();
    const path = reportPath(mailer, BOB).replace(/m=.*/, "m=");
    const other = whose === "another's sender"
      ? await mailNote(t, eve, [BOB])
      : await mailNote(t, ada, ["carl@example.net"]);
    await t.drain();
    const refs: Record<string, string> = {
      "another's reader": `${other}-0`,
      "another's sender": `${other}-0`,
      "nobody": `${"0".repeat(26)}-0`,
    };
    await reports(t, path + (refs[whose] ?? whose));
    assertEquals(await list(t.app, ranges.reported), [], whose);
    assertEquals(await complaintsOf(t, ada), 1, "a report all the same");
  }
});

Deno.test("a letter to an address that a member says is theirs counts against them when it is reported", async () => {
  const { t, mailer, root, ada } = await world(realMail);
  await using _ = t;
  await addOwnAddress(t.app, { accountId: ada.id, text: BOB });
  await t.drain();
  const { says } = await reports(t, reportPath(mailer, BOB));
  assertStringIncludes(says, "Everything except sign-in mails is stopped for you");
  assertEquals(await suppressions(t), ["never all"], "so that nobody is shut out of their account");
  assertEquals(await complaintsOf(t, ada), 1);
  const { items } = await listNotifications(t.app, { accountId: root.id });
  assertEquals(items.map(({ title, href }) => [title, href]), [
    ["A letter about an account was reported", `/admin/members/${ada.id}`],
  ]);
});

Deno.test("who reports a letter about their own account goes on getting those, and nobody is blamed", async () => {
  const { t, mailer, ada } = await world();
  await using _ = t;
  await askForProof(t.app, ada);
  await t.drain();
  const { asks, says } = await reports(t, reportPath(mailer, ada.email));
  assertStringIncludes(asks, "such letters go on");
  assertStringIncludes(says, "Those who run Clock Work have been told");
  assertEquals(await suppressions(t), []);
  assertEquals(await complaintsOf(t, ada), 0);
  await askForProof(t.app, ada);
  await t.drain();
  assertEquals(mailer.recipients(), [ada.email, ada.email]);
});

Deno.test("a sign-up with somebody else's address is reported by a link, and no letter follows", async () => {
  const { t, mailer } = await world(realMail);
  await using _ = t;
  const stranger = await visitor(t);
  const form = { email: BOB, name: "Bob", zone: "UTC", password: "tired otters juggle nine lamps" };
  await (await stranger.postForm("/sign-up", form)).body?.cancel();
  await t.drain();
  assertEquals(mailer.recipients(), [BOB]);
  await reports(t, reportPath(mailer, BOB));
  await (await stranger.postForm("/sign-up", form)).body?.cancel();
  await t.drain();
  assertEquals(mailer.recipients(), [BOB], "the second letter is kept from them");
  const senders = await Array.fromAsync(t.kv.list({ prefix: ["sender"] }));
  assertEquals(senders.length, 0, "an account that nobody has proven is nobody's");
});
