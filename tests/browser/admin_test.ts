import { assert, assertEquals, assertGreater } from "@std/assert";
import type { Page } from "playwright-core";
import { startSession } from "../../domain/accounts/sessions.ts";
import { startDemo } from "../../domain/demo.ts";
import { launch, watched } from "../support/browser.ts";
import { member } from "../support/door.ts";
import { type LiveApp, liveApp } from "../support/live.ts";

/** Runs with a page of somebody who is signed in. */
async function signedIn(
  live: LiveApp,
  options: { role?: "admin"; javaScriptEnabled?: boolean },
  act: (page: Page) => Promise<void>,
): Promise<void> {
  const { role = "member", javaScriptEnabled = true } = options;
  const { id: accountId, epoch } = await member(live.app, { role });
  const browser = await launch();
  try {
    const { context, page, complaints } = await watched(browser, { javaScriptEnabled });
    const { value } = await startSession(live.app, { accountId, epoch, agent: "Test/1.0" });
    await context.addCookies([{ name: "cw_session_dev", value, url: live.origin }]);
    await act(page);
    assertEquals(complaints, []);
  } finally {
    await browser.close();
  }
}

Deno.test("in the race both ways reach the end, the socket with more news and sooner", async () => {
  await using live = await liveApp();
  await signedIn(live, {}, async (page) => {
    await page.goto(`${live.origin}/progress`);
    await page.getByText("Run 100 steps").click();
    const lane = (name: string) => page.getByRole("article", { name });
    await lane("Polling").getByText("Done", { exact: true }).waitFor({ timeout: 25_000 });
    await lane("WebSocket").getByText("Done", { exact: true }).waitFor();
    const figure = async (name: string, what: string) => {
      const text = await lane(name).locator(`dt:text-is("${what}") + dd`).textContent();
      return Number.parseFloat((text ?? "").replaceAll(",", ""));
    };
    for (const name of ["WebSocket", "Polling"]) {
      assertEquals(await lane(name).getByRole("progressbar").getAttribute("aria-valuenow"), "100");
      for (const what of ["Requests", "Received", "With news"]) {
        assertGreater(await figure(name, what), 0, `${name}: ${what}`);
      }
    }
    const [pushed, polled] = await Promise.all([
      figure("WebSocket", "With news"),
      figure("Polling", "With news"),
    ]);
    assertGreater(pushed, polled);
    const late = await Promise.all([
      figure("WebSocket", "On average"),
      figure("Polling", "On average"),
    ]);
    assertGreater(late[1]!, late[0]!);
  });
});

Deno.test("one that fails says so in both lanes", async () => {
  await using live = await liveApp();
  await signedIn(live, {}, async (page) => {
    await page.goto(`${live.origin}/progress`);
    await page.getByText("Run one that fails half way").click();
    const reason = page.getByText("It was stopped: step 51 fails, as was asked for.");
    await reason.nth(1).waitFor({ timeout: 25_000 });
    assertEquals(await reason.count(), 2);
  });
});

Deno.test("where no socket gets through, its lane says so, and polling reaches the end alone", async () => {
  await using live = await liveApp();
  await signedIn(live, {}, async (page) => {
    await page.routeWebSocket(/.*/, (socket) => void socket.close());
    await page.goto(`${live.origin}/progress`);
    await page.getByText("Run 100 steps").click();
    const lane = (name: string) => page.getByRole("article", { name });
    await lane("WebSocket").getByText("No connection").waitFor();
    await lane("Polling").getByText("Done", { exact: true }).waitFor({ timeout: 25_000 });
    await lane("WebSocket").getByText("No connection").waitFor();
    assertEquals(await lane("Polling").getByText("No connection").count(), 0);
  });
});

Deno.test("without JavaScript the race is a state, and a link that looks again", async () => {
  await using live = await liveApp();
  await signedIn(live, { javaScriptEnabled: false }, async (page) => {
    await page.goto(`${live.origin}/progress`);
    await page.getByText("Run one that fails half way").click();
    await page.waitForURL(/job=/);
    const failed = page.getByText("Failed", { exact: true });
    const last = Date.now() + 25_000;
    while (await failed.count() === 0 && Date.now() < last) {
      await page.waitForTimeout(500);
      await page.getByText("Look again").click();
    }
    assertEquals(await failed.count(), 2);
  });
});

Deno.test("an admin sees jobs come and end without a reload, and nothing moves under the pointer", async () => {
  await using live = await liveApp();
  await signedIn(live, { role: "admin" }, async (page) => {
    const bob = await member(live.app, { email: "bob@example.org" });
    await startDemo(live.app, { ownerId: bob.id, fails: true });
    await page.goto(`${live.origin}/admin/jobs?kind=demo`);
    await page.getByText("Live, looked at every 2 s.").waitFor();
    const rows = page.locator("table.jobs tbody tr");
    await rows.first().getByText("Running").waitFor();

    await page.locator("table.jobs").hover();
    await startDemo(live.app, { ownerId: bob.id, fails: false });
    await rows.first().getByText("Failed", { exact: true }).waitFor({ timeout: 15_000 });
    assertEquals(await rows.count(), 1, "what has come meanwhile waits");
    await page.mouse.move(5, 5);
    await rows.nth(1).waitFor({ timeout: 10_000 });

    await startDemo(live.app, { ownerId: bob.id, fails: false }); // those before may be over by now
    await rows.nth(2).waitFor({ timeout: 10_000 });
    await rows.first().getByRole("button", { name: /^Cancel/ }).click();
    await page.getByText("The job is cancelled, or stops in a moment.").waitFor();
    assert(page.url().includes("kind=demo"), "the filter stays");
    await page.getByText("cancelled by an admin").waitFor({ timeout: 10_000 });
  });
});
