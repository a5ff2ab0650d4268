import { assertEquals } from "@std/assert";
import { createNote } from "../../domain/notes/notes.ts";
import { setUpToken } from "../../domain/accounts/set_up.ts";
import { keys, ranges } from "../../kv/keys.ts";
import { list, read } from "../../kv/read.ts";
import { launch, watched } from "../support/browser.ts";
import { PASSWORD } from "../support/door.ts";
import { liveApp } from "../support/live.ts";

Deno.test("somebody takes their data along, brings it back, plans to leave and stays", async () => {
  await using live = await liveApp();
  const browser = await launch();
  try {
    const { context, page, complaints } = await watched(browser, { acceptDownloads: true });
    await page.goto(`${live.origin}/setup/${await setUpToken(live.app)}`);
    await page.fill("[name=name]", "Ada Lovelace");
    await page.fill("[name=email]", "ada@example.org");
    await page.fill("[name=password]", PASSWORD);
    await page.click("main button[type=submit]");
    await page.waitForURL(`${live.origin}/`);
    const [ada] = await list(live.app, ranges.accounts);
    const ownerId = ada!.id;
    for (let i = 0; i < 300; i++) {
      await createNote(live.app, { ownerId, title: `Note ${i}`, text: "words ".repeat(200) });
    }

    await page.goto(`${live.origin}/account/data`);
    await page.getByRole("button", { name: "Make the file" }).click();
    const link = page.getByRole("link", { name: /^Download/ }); // the page follows the job
    await link.waitFor();
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    const path = await download.path();
    await page.setInputFiles("[name=file]", path);
    await page.getByRole("button", { name: "Take in the file" }).click();
    await page.getByText("300 were here already").waitFor();

    // Another admin, or this one could not leave.
    await live.app.store.commit({
      checks: [],
      mutations: [{ key: keys.account("other"), value: { ...ada!, id: "other" }, bytes: 1_000 }],
    });
    await page.goto(`${live.origin}/account/close`);
    await page.fill("[name=confirm]", "ada@example.org");
    await page.getByRole("button", { name: "Close the account" }).click();
    await page.getByText("Your account will be closed").waitFor();
    await page.getByRole("button", { name: "Keep it" }).click();
    await page.getByText("You keep your account").waitFor();
    assertEquals((await read(live.app, keys.account(ownerId)))?.closesAt, undefined);
    await page.waitForLoadState("networkidle");
    assertEquals(complaints, []);
    await context.close();
  } finally {
    await browser.close();
  }
});
