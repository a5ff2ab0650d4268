import { assertEquals } from "@std/assert";
import { newId } from "../../core/ids.ts";
import { startSession } from "../../domain/accounts/sessions.ts";
import { keys } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { launch, watched } from "../support/browser.ts";
import { confirmBroadcast, written } from "../support/broadcasts.ts";
import { type LiveApp, liveApp } from "../support/live.ts";

async function account(live: LiveApp, name: string, role: Account["role"]): Promise<Account> {
  const now = live.app.clock.now();
  const one: Account = {
    ...{ id: newId(), email: `${name.toLowerCase()}@example.org`, name, zone: "UTC", role },
    ...{ password: "", verified: { at: now, by: "operator" }, epoch: 0, createdAt: now },
    ...role === "admin" ? { factorAt: now } : {},
  };
  await transact(live.app, (tx) => {
    tx.set(keys.account(one.id), one);
    tx.set(keys.accountByEmail(one.email), one.id);
  });
  return one;
}

async function cookieOf({ app, origin }: LiveApp, { id: accountId, epoch }: Account) {
  const { value } = await startSession(app, { accountId, epoch, agent: "Test/1.0" });
  return [{ name: "cw_session_dev", value, url: origin }];
}

Deno.test("an announcement is told on a member's open page once, is read there, and the admin's page follows", async () => {
  await using live = await liveApp();
  const { app, origin } = live;
  const root = await account(live, "Root", "admin");
  const bob = await account(live, "Bob", "member");
  const browser = await launch();
  try {
    const member = await watched(browser);
    const admin = await watched(browser);
    await member.context.addCookies(await cookieOf(live, bob));
    await admin.context.addCookies(await cookieOf(live, root));
    const title = "<img src=x onerror=alert(1)>";
    const { id, version } = await written(live, root, { title });
    await member.page.goto(origin);
    const other = await member.context.newPage();
    await other.goto(`${origin}/inbox`);
    await admin.page.goto(`${origin}/admin/broadcasts/${id}`);
    for (const page of [member.page, other, admin.page]) {
      await page.locator("button.bell").waitFor();
    }
    await confirmBroadcast(app, { id, adminId: root.id, version, members: 2 });

    await admin.page.locator(".runs").getByText("Finished").waitFor();
    await admin.page.locator(".runs").getByText("2 people").waitFor();
    for (const page of [member.page, other]) {
      await page.getByLabel("Notifications, 1 unread").waitFor();
      // of more than one it would say how many
      await page.locator(".toast strong").getByText(title).waitFor();
    }
    await member.page.locator(".toast a").click();
    await member.page.waitForURL(/\/announcements\//);
    await member.page.getByText("Bring boxes.").waitFor();
    await other.getByLabel("Notifications, nothing unread").waitFor();
    assertEquals([...member.complaints, ...admin.complaints], []);
  } finally {
    await browser.close();
  }
});
