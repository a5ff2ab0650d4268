import { assertEquals, assertStringIncludes } from "@std/assert";
import { createNote } from "../../domain/notes/notes.ts";
import type { RecipientStanding } from "../../domain/recipients/recipients.ts";
import { hours } from "../support/clock.ts";
import { linkTo, sender } from "../support/consent.ts";
import { errorOf, jsonOf } from "../support/http.ts";
import { pageOf, visitor } from "../support/site.ts";

interface Standings {
  items: RecipientStanding[];
  wrong: { text: string; why: string }[];
}

Deno.test("a program asks how one stands with addresses, asks people, and lists them", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  const api = await visitor(t, ada);
  const stands = async (to: string) => {
    const path = `/api/recipients?${new URLSearchParams({ to })}`;
    return await jsonOf<Standings>(await api.get(path));
  };
  const { items, wrong } = await stands("ada@example.org bob@example.net, nobody@");
  assertEquals(items.map(({ address, standing }) => [address, standing]), [
    ["ada@example.org", "allowed"],
    ["bob@example.net", "new"],
  ]);
  assertEquals(wrong.map(({ text }) => text), ["nobody@"]);

  const asked = await api.post("/api/recipients", { to: ["bob@example.net"] });
  assertEquals((await jsonOf<Standings>(asked)).items[0]!.standing, "pending");
  await t.drain();
  await (await visitor(t)).postForm(linkTo(mailer, "bob@example.net"), { answer: "accept" });
  const list = await jsonOf<{ items: Record<string, unknown>[]; next: null }>(
    await api.get("/api/recipients"),
  );
  const { id: _id, ...bob } = list.items[0]!;
  const at = new Date(t.clock.now()).toISOString();
  assertEquals(bob, {
    address: "bob@example.net",
    standing: "allowed",
    why: null,
    invitedAt: at,
    decidedAt: at,
  });
  assertEquals(list.next, null);
});

Deno.test("a list that cannot be asked says which address and why", async () => {
  const { t, ada } = await sender();
  await using _ = t;
  const api = await visitor(t, ada);
  for (
    const [to, field] of [["", "to"], ["nobody@", "to"], [["a@x.org", "a+1@x.org"], "to"], [
      7,
      "to",
    ]]
  ) {
    const response = await api.post("/api/recipients", { to });
    assertEquals([response.status, (await errorOf(response)).field], [400, field], String(to));
  }
});

Deno.test("the page that checks a mail says who is asked first, and the next that the note waits", async () => {
  const { t, ada } = await sender();
  await using _ = t;
  const browser = await visitor(t, ada);
  const { id } = await createNote(t.app, { ownerId: ada.id, title: "T", text: "x" });
  const to = "bob@example.net";
  const check = await browser.postForm(`/notes/${id}/mail`, { to, step: "preview", key: "k" });
  const page = await check.text();
  assertStringIncludes(page, "bob@example.net is asked first whether mail from you is wanted.");
  assertStringIncludes(page, "Will be asked");
  const sent = await browser.postForm(`/notes/${id}/mail`, { to, step: "send", key: "k" });
  assertEquals(sent.status, 303);
  assertStringIncludes(
    await pageOf(browser, sent.headers.get("location")!),
    "waits for the answer here, up to 7 days",
  );
});

Deno.test("a reminder asks who is new, and passes over who has not agreed when it rings", async () => {
  const { t, mailer, ada } = await sender();
  await using _ = t;
  const api = await visitor(t, ada);
  const channels = { page: true, mail: ["bob@example.net", "eve@example.net"] };
  const made = await api.post("/api/reminders", { when: "tea in 2 hours", channels });
  assertEquals(made.status, 201);
  const page = await pageOf(api, `/reminders/${(await made.json()).id}`);
  assertEquals(page.match(/<\/svg>Asked</g)?.length, 2, "and says so");
  assertStringIncludes(page, "is passed over when it rings");
  await t.drain();
  assertEquals(mailer.accepted.length, 2);
  await (await visitor(t)).postForm(linkTo(mailer, "eve@example.net"), { answer: "accept" });
  t.clock.advance(hours(2));
  await t.drain();
  assertEquals(mailer.accepted.slice(2).map(({ to, subject }) => [to.address, subject]), [
    ["eve@example.net", "tea"],
  ]);
});
