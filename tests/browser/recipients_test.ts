import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { addressHash } from "../../domain/recipients/address_hash.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { setUpToken } from "../../domain/accounts/set_up.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { transact } from "../../kv/transact.ts";
import { launch, watched } from "../support/browser.ts";
import { linkTo, realMail } from "../support/consent.ts";
import { PASSWORD } from "../support/door.ts";
import { type LiveApp, liveApp } from "../support/live.ts";
import { TestMailer } from "../support/mailer.ts";
import { until } from "../support/until.ts";

/** Signs Ada in, whose address counts. @returns the path of a note of hers. */
async function signedIn(page: Page, { app, origin }: LiveApp): Promise<string> {
  await page.goto(`${origin}/setup/${await setUpToken(app)}`);
  await page.fill("[name=name]", "Ada Lovelace");
  await page.fill("[name=email]", "ada@example.org");
  await page.fill("[name=password]", PASSWORD);
  await page.click("main button[type=submit]");
  await page.waitForURL(`${origin}/`);
  const ownerId = (await read(app, keys.accountByEmail("ada@example.org")))!;
  const scope = `sender:${ownerId}` as const;
  const [no, gone] = [
    await addressHash(app, "no@example.net"),
    await addressHash(app, "x@gone.org"),
  ];
  await transact(app, (tx) => {
    const entry = { shown: "…", at: 0, until: null };
    tx.set(keys.suppression(no, scope), { ...entry, scope, cause: "refused" });
    tx.set(keys.suppression(gone, "all"), { ...entry, scope: "all", cause: "bounce" });
  });
  return `/notes/${(await createNote(app, { ownerId, title: "Plan", text: "Words" })).id}`;
}

Deno.test("pills show how one stands with each, the mail waits, and goes when the link says yes", async () => {
  const mailer = new TestMailer();
  await using live = await liveApp({ env: realMail, mailer });
  const browser = await launch();
  try {
    const { context, page, complaints } = await watched(browser);
    const note = await signedIn(page, live);
    await page.goto(`${live.origin}${note}/mail`);
    const field = page.locator("#to-more");
    const pill = (text: string) => page.locator(".pill", { hasText: text });
    for (const address of ["ada@example.org", "bob@example.net", "no@example.net", "x@gone.org"]) {
      await field.pressSequentially(`${address} `);
    }
    await pill("ada@example.org").getByText("Allowed").waitFor({ state: "attached" });
    await pill("bob@example.net").getByText("Will be asked").waitFor();
    await pill("no@example.net").getByText("Blocked").waitFor();
    await pill("x@gone.org").getByText("Came back").waitFor();
    await page.getByText("x@gone.org mail to this address came back").waitFor();
    await page.getByText("bob@example.net is asked first").waitFor();
    for (const address of ["ada@example.org", "no@example.net", "x@gone.org"]) {
      await page.getByRole("button", { name: `Remove ${address}` }).click();
    }
    await page.getByRole("button", { name: "Check the mail" }).click();
    await page.getByText("bob@example.net is asked first").waitFor();
    await page.getByRole("button", { name: "Mail 1 person" }).click();
    await page.getByText("waits for the answer here").waitFor();
    await page.getByText("was asked and has not answered yet").first().waitFor();

    await until("the invitation left", () => mailer.accepted.length === 1);
    const stranger = await watched(browser);
    await stranger.page.goto(live.origin + linkTo(mailer, "bob@example.net"));
    await stranger.page.getByRole("button", { name: "Accept" }).click();
    await stranger.page.getByText("You have accepted").waitFor();
    await page.getByText("Mailed “Plan” to 1 person").first().waitFor();
    assertEquals(mailer.accepted.map(({ subject }) => subject), [
      "Ada Lovelace would like to send you notes",
      "Plan",
    ]);
    assertEquals([...complaints, ...stranger.complaints], []);
    await stranger.context.close();
    await context.close();
  } finally {
    await browser.close();
  }
});
