import { assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { requestMailing } from "../../domain/mail/mailings.ts";
import { createNote } from "../../domain/notes/notes.ts";
import { accountByAddress } from "../../domain/accounts/accounts.ts";
import { setUpToken } from "../../domain/accounts/set_up.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { launch, watched } from "../support/browser.ts";
import { addPerson } from "../support/app.ts";
import { PASSWORD } from "../support/door.ts";
import { phoneOf } from "../support/factor.ts";
import { type LiveApp, liveApp } from "../support/live.ts";
import { TestMailer } from "../support/mailer.ts";
import { OPEN_MAIL } from "../support/mailing.ts";
import { until } from "../support/until.ts";

const ROOT = "root@example.org";

/** The first admin, signed in; her address counts. */
async function signedIn(page: Page, { app, origin }: LiveApp): Promise<void> {
  await page.goto(`${origin}/setup/${await setUpToken(app)}`);
  await page.fill("[name=name]", "Root");
  await page.fill("[name=email]", ROOT);
  await page.fill("[name=password]", PASSWORD);
  await page.click("main button[type=submit]");
  await page.waitForURL(`${origin}/`);
}

/** A note of Bob's to her. @returns how its headers say it is stopped and reported. */
async function mailFromBob({ app }: LiveApp, mailer: TestMailer, ownerId: string) {
  const before = mailer.accepted.length;
  const note = await createNote(app, { ownerId, title: "Offer", text: "Buy three, get one." });
  await requestMailing(app, { noteId: note.id, ownerId, to: [ROOT] });
  await until("the note left", () => mailer.accepted.length > before);
  const { headers } = mailer.accepted.at(-1)!;
  return {
    stop: headers["List-Unsubscribe"]!.slice(1, -1),
    report: headers["X-Clock-Work-Report"]!,
  };
}

Deno.test("who stops a member's mail by a letter's link sees it in their account and lets it come again", async () => {
  const mailer = new TestMailer();
  await using live = await liveApp({ env: OPEN_MAIL, mailer });
  const browser = await launch();
  try {
    const { context, page, complaints } = await watched(browser);
    await signedIn(page, live);
    const bob = await addPerson(live.app, "Bob");
    const { stop } = await mailFromBob(live, mailer, bob.id);
    const reader = await watched(browser, { javaScriptEnabled: false });
    await reader.page.goto(stop);
    await reader.page.getByRole("button", { name: "Stop mails from Bob" }).click();
    await reader.page.getByText("Stopped: mails from Bob").waitFor();

    await page.goto(`${live.origin}/account`);
    const card = page.locator("#stopped");
    await card.getByText("Mail from Bob").waitFor();
    await card.getByText(`to ${ROOT} · stopped by you`).waitFor();
    await card.getByRole("button", { name: "Allow again: Mail from Bob" }).press("Enter");
    await page.getByText("It comes again from now on").waitFor();
    await card.getByText("Nothing is: all mail reaches you").waitFor();
    await mailFromBob(live, mailer, bob.id);
    assertEquals([...complaints, ...reader.complaints], []);
    await reader.context.close();
    await context.close();
  } finally {
    await browser.close();
  }
});

Deno.test("an admin hears of a reported mail, reads it, and suspends its sender", async () => {
  const mailer = new TestMailer();
  await using live = await liveApp({ env: OPEN_MAIL, mailer });
  const browser = await launch();
  try {
    const { context, page, complaints } = await watched(browser);
    await signedIn(page, live);
    await phoneOf(live, (await accountByAddress(live.app, ROOT))!);
    const bob = await addPerson(live.app, "Bob");
    const { report } = await mailFromBob(live, mailer, bob.id);
    const reader = await watched(browser);
    await reader.page.goto(report);
    await reader.page.getByRole("button", { name: "Report it" }).click();
    await reader.page.getByText("Mail from Bob is stopped for you").waitFor();

    await page.goto(`${live.origin}/inbox`);
    await page.getByRole("link", { name: "Mail from Bob was reported" }).click();
    await page.waitForURL(`${live.origin}/admin/members/${bob.id}`);
    await page.getByText("Offer").click();
    await page.getByText("Buy three, get one.").waitFor();
    await page.getByRole("button", { name: "Suspend Bob" }).click();
    await page.getByText("nothing of theirs leaves").first().waitFor();
    assertEquals((await read(live.app, keys.account(bob.id)))?.suspended === undefined, false);
    assertEquals([...complaints, ...reader.complaints], []);
    await reader.context.close();
    await context.close();
  } finally {
    await browser.close();
  }
});
