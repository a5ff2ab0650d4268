import { assert, assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import { askRecipients } from "../../domain/recipients/recipient_list.ts";
import { standingsOf } from "../../domain/recipients/recipients.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list } from "../../kv/read.ts";
import { addressHash } from "../../domain/recipients/address_hash.ts";
import { transact } from "../../kv/transact.ts";
import type { TestApp } from "../support/app.ts";
import { days } from "../support/clock.ts";
import { linkTo, mailNote, sender } from "../support/consent.ts";
import type { Client } from "../support/http.ts";
import type { TestMailer } from "../support/mailer.ts";
import { pageOf, visitor } from "../support/site.ts";

const BOB = "bob@example.net";
/** The address, and as much of it as people see who need not know it. */
const [WHOLE, IN_PART] = [/bob@/i, /b…@/];

/** The path of the link that the newest letter to somebody carries. */
function stopPath(mailer: TestMailer, address: string): string {
  const letter = mailer.accepted.findLast(({ to }) => to.address === address)!;
  return new URL(letter.headers["List-Unsubscribe"]!.slice(1, -1)).pathname;
}

/** Bob, who has no account: asked by Ada, whom he let and then reported, and by Eve, not answered. */
async function bobsScene() {
  const { t, mailer, ada } = await sender();
  const eve = await t.person("Eve");
  const bob = await visitor(t);
  await mailNote(t, ada, [BOB]);
  await t.drain();
  await (await bob.postForm(linkTo(mailer, BOB), { answer: "accept" })).body?.cancel();
  await t.drain();
  const path = stopPath(mailer, BOB);
  const report = new URL(mailer.accepted.at(-1)!.headers["X-Clock-Work-Report"]!);
  await (await bob.postForm(report.pathname + report.search, {})).body?.cancel();
  await askRecipients(t.app, { ownerId: eve.id, to: [BOB] });
  await t.drain();
  return { t, mailer, ada, eve, bob, path };
}

/** The sorts of records whose values say the address. */
async function saying({ kv }: TestApp, address: RegExp): Promise<string[]> {
  const found = new Set<string>();
  for await (const { key, value } of kv.list({ prefix: [] })) {
    const text = value instanceof Uint8Array ? "" : JSON.stringify(value);
    if (address.test(text)) found.add(String(key[0]));
  }
  return [...found].sort();
}

async function json(bob: Client, path: string) {
  const response = await bob.get(`${path}/kept.json`);
  assertEquals(response.status, 200);
  assertStringIncludes(response.headers.get("content-disposition")!, "attachment");
  return await response.json();
}

Deno.test("who has no account sees by a letter's link who asked, what is stopped and what they reported", async () => {
  const { t, bob, path } = await bobsScene();
  await using _ = t;
  assertStringIncludes(await pageOf(bob, path), `href="${path}/kept"`);
  const page = await pageOf(bob, `${path}/kept`);
  for (
    const words of [
      ...["Ada</strong> · asked ", "you agreed", "Eve</strong> · asked ", "no answer yet"],
      ...[`Kept as ${BOB}`, "Mail from Ada</strong> · reported by you", "Plan</strong> · from Ada"],
    ]
  ) {
    assertStringIncludes(page, words);
  }
  const { asked, stopped, reported, address } = await json(bob, path);
  assertEquals(address, "b…@example.net");
  assertEquals(
    asked.map(({ from, address, state }: Record<string, string>) => [from, address, state]).sort(),
    [["Ada", BOB, "accepted"], ["Eve", BOB, "invited"]],
  );
  assertEquals(stopped.map(({ what, cause }: Record<string, string>) => [what, cause]), [
    ["sender", "complaint"],
  ]);
  assertEquals(reported[0].text, "Words of Ada.");
  assert(!JSON.stringify([asked, stopped]).includes("ownerId"));
});

Deno.test("another's link shows nothing of it, and an altered one is none", async () => {
  const { t, mailer, ada, bob, path } = await bobsScene();
  await using _ = t;
  const cy = "cy@example.net";
  await mailNote(t, ada, [cy]);
  await t.drain();
  const theirs = await json(bob, stopPath(mailer, cy));
  assertEquals(theirs.asked.map(({ address }: { address: string }) => address), [cy]);
  assertEquals([theirs.stopped, theirs.reported], [[], []]);
  const altered = path.slice(0, -1) + (path.endsWith("A") ? "B" : "A");
  for (const end of ["/kept", "/kept.json", "/erase"]) {
    assertEquals((await bob.get(altered + end)).status, 404);
  }
  assertEquals((await bob.postForm(`${altered}/erase`, {})).status, 404);
});

Deno.test("erasing takes one press behind a question, and a look at it changes nothing", async () => {
  const { t, bob, path } = await bobsScene();
  await using _ = t;
  const stored = async () =>
    (await Array.fromAsync(t.kv.list({ prefix: [] }))).map((one) => one.versionstamp).join();
  const before = await stored();
  const question = await pageOf(bob, `${path}/erase`);
  assertStringIncludes(question, "b…@example.net");
  assertStringIncludes(question, "Erase it");
  for (const end of ["/kept", "/kept.json"]) await (await bob.get(path + end)).body?.cancel();
  assertEquals(await stored(), before);
  const answer = await bob.postForm(`${path}/erase`, {});
  assertEquals(answer.status, 200);
  assertStringIncludes(await answer.text(), "Erased: nothing here says your address any more");
});

Deno.test("after erasing, the address stands only in what members wrote and were told, and in part in the audit log and in admins' news", async () => {
  const { t, bob, path } = await bobsScene();
  await using _ = t;
  assert((await saying(t, WHOLE)).includes("consent"));
  const partly = await saying(t, IN_PART);
  for (const kind of ["suppression", "reported"]) assert(partly.includes(kind), kind);
  await (await bob.postForm(`${path}/erase`, {})).body?.cancel();
  // A mailing's ledger and the inbox are their member's; the audit log is a chain, and news are told.
  assertEquals(await saying(t, WHOLE), ["delivery", "event", "notification"]);
  assertEquals(await saying(t, IN_PART), ["audit", "job"]);
  const deliveries = await list(t.app, ranges.deliveries);
  const [mine, invitations] = [BOB, ""].map((to) => deliveries.filter((one) => one.to === to));
  assertEquals([mine!.length, invitations!.length], [1, 2], "the note's stays, our letters' go");
  const page = await pageOf(bob, `${path}/kept`);
  assertStringIncludes(page, "The address is not kept");
  assertNotMatch(page, /bob@example/);
});

Deno.test("what was stopped and answered holds after erasing: nothing comes and nobody asks again", async () => {
  const { t, mailer, ada, eve, bob, path } = await bobsScene();
  await using _ = t;
  for (let i = 0; i < 2; i++) {
    await (await bob.postForm(`${path}/erase`, {})).body?.cancel();
    t.clock.advance(days(1));
  }
  const acts = (await list(t.app, ranges.audit)).map(({ act }) => act);
  assertEquals(acts.filter((act) => act === "address_erased").length, 1, "again it is no news");
  const sent = mailer.accepted.length;
  const standing = async (ownerId: string) =>
    (await standingsOf(t.app, { ownerId, to: [BOB] }))[0]!.standing;
  assertEquals([await standing(ada.id), await standing(eve.id)], ["blocked", "pending"]);
  await askRecipients(t.app, { ownerId: eve.id, to: [BOB] });
  t.clock.advance(days(1));
  await t.drain();
  assertEquals(mailer.accepted.length, sent);
  const admin = await visitor(t, await t.person("Root", { role: "admin" }));
  const suppressed = await pageOf(admin, "/admin/suppressions");
  assertStringIncludes(suppressed, '<th scope="row">erased</th>');
  assertStringIncludes(await pageOf(admin, `/admin/members/${ada.id}`), "By somebody, ");
});

Deno.test("an invitation that has not left yet does not leave after erasing", async () => {
  const { t, mailer, bob, path } = await bobsScene();
  await using _ = t;
  const cy = await t.person("Cy");
  await mailNote(t, cy, [BOB]);
  const sent = mailer.accepted.length;
  await (await bob.postForm(`${path}/erase`, {})).body?.cancel();
  await t.drain();
  assertEquals(mailer.accepted.length, sent);
});

Deno.test("consents from before invitations were named are erased too", async () => {
  const { t, ada, bob, path } = await bobsScene();
  await using _ = t;
  const key = keys.consent(ada.id, await addressHash(t.app, BOB));
  await transact(t.app, async (tx) => {
    const { jobId: _, ...old } = (await tx.get(key))!;
    tx.set(key, old);
  });
  await (await bob.postForm(`${path}/erase`, {})).body?.cancel();
  const { asked } = await json(bob, path);
  assertEquals(asked.map(({ address }: { address: string }) => address), ["", ""]);
});
