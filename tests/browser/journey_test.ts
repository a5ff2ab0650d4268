import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { setUpToken } from "../../domain/accounts/set_up.ts";
import { launch, watched } from "../support/browser.ts";
import { PASSWORD } from "../support/door.ts";
import { type LiveApp, liveApp } from "../support/live.ts";

const people = (n: number) =>
  Array.from({ length: n }, (_, i) => `person${i}@example.org`).join(", ");

/** Makes the first account as the person who has just started the server does. */
async function setUp(page: Page, { app, origin }: LiveApp): Promise<void> {
  await page.goto(`${origin}/setup/${await setUpToken(app)}`);
  await page.fill("[name=name]", "Ada Lovelace");
  await page.fill("[name=email]", "ada@example.org");
  await page.fill("[name=password]", PASSWORD);
  await page.click("main button[type=submit]");
  await page.waitForURL(`${origin}/`);
}

/** From the notes page to a mailing that has just begun. */
async function mail(page: Page, to: string): Promise<void> {
  await page.fill("[name=title]", "Standup notes");
  await page.fill("[name=text]", "Release on **Thursday**. #team");
  await page.click("button[value=mail]");
  await page.waitForURL(/\/mail$/);
  await page.locator("[data-island=Recipients] input").fill(to);
  await page.click("button[value=preview]");
  await page.click("button[value=send]");
  await page.waitForURL(/\/mailings\//);
}

/** Runs with a browser that is closed whatever happens. */
async function inBrowser(act: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await launch();
  try {
    await act(browser);
  } finally {
    await browser.close();
  }
}

Deno.test("a new person writes a note, mails it to thirty, and watches the bar until it is done", async () => {
  await using live = await liveApp({ env: { MAIL_PER_SECOND: "10" } });
  await inBrowser(async (browser) => {
    const { context, page, complaints } = await watched(browser);
    await setUp(page, live);
    await mail(page, people(30));
    const bar = page.getByRole("progressbar");
    await bar.waitFor();
    await page.getByText("live · WebSocket").waitFor();
    const seen = new Set<string>();
    const deadline = Date.now() + 20_000;
    while (await page.getByText(/Mailed .* to 30 people/).count() === 0 && Date.now() < deadline) {
      seen.add(
        await bar.getAttribute("aria-valuenow", { timeout: 1_000 }).catch(() => null) ?? "",
      );
      await page.waitForTimeout(100);
    }
    assert(seen.size >= 4, `the bar was seen at ${[...seen].join()}`);
    await page.waitForFunction(() =>
      document.querySelectorAll("[data-island=Deliveries] tr.sent").length >= 30
    );

    await page.reload();
    await page.getByText("30 of 30").waitFor();
    const bell = page.getByLabel(/Notifications, 1 unread/);
    await bell.waitFor();
    assertStringIncludes(await page.title(), "(1)");
    await page.goto(`${live.origin}/inbox`);
    await page.getByText("Mailed to 30 people").first().click();
    await page.waitForURL(/\/mailings\//);
    assertEquals(complaints, []);
    await context.close();
  });
});

Deno.test("two open pages of one person both hear that a mailing is done; nobody else's does", async () => {
  await using live = await liveApp({ env: { MAIL_PER_SECOND: "20" } });
  await inBrowser(async (browser) => {
    const { context, page } = await watched(browser);
    await setUp(page, live);
    const other = await context.newPage();
    await other.goto(`${live.origin}/inbox`);
    await mail(page, people(12));
    await other.getByLabel(/Notifications, 1 unread/).waitFor();
    await page.getByLabel(/Notifications, 1 unread/).waitFor();
    await context.close();
  });
});

Deno.test("where WebSockets are blocked the page polls, says so, and ends with the same numbers", async () => {
  await using live = await liveApp({ env: { MAIL_PER_SECOND: "5" } });
  await inBrowser(async (browser) => {
    const { context, page } = await watched(browser);
    await page.addInitScript(() => {
      // What a network that blocks WebSockets looks like to a page.
      const blocked = class extends EventTarget {
        onclose?: (event: CloseEvent) => void;
        constructor() {
          super();
          setTimeout(() => this.onclose?.(new CloseEvent("close", { code: 1006 })));
        }
        send() {}
        close() {}
      };
      Object.assign(globalThis, { WebSocket: blocked });
    });
    await setUp(page, live);
    await mail(page, people(25));
    await page.getByText(/polling/).waitFor();
    await page.getByText(/Mailed .* to 25 people/).first().waitFor({ timeout: 20_000 });
    await context.close();
  });
});

Deno.test("a mailing is cancelled from the page and says what was sent and what was not", async () => {
  await using live = await liveApp({ env: { MAIL_PER_SECOND: "2" } });
  await inBrowser(async (browser) => {
    const { context, page, complaints } = await watched(browser);
    await setUp(page, live);
    await mail(page, people(40));
    await page.getByText("live · WebSocket").waitFor();
    await page.getByRole("button", { name: "Cancel mailing" }).click();
    await page.getByText(/Cancelled/).first().waitFor();
    assertMatch(await page.locator("main").innerText(), /of 40/);
    assertEquals(complaints, []);
    await context.close();
  });
});

Deno.test("what is typed survives a closed tab, and is gone once it is saved", async () => {
  await using live = await liveApp();
  await inBrowser(async (browser) => {
    const { context, page } = await watched(browser);
    await setUp(page, live);
    await page.fill("[name=title]", "Half a thought");
    await page.fill("[name=text]", "and the rest of it");
    await page.close();
    const later = await context.newPage();
    await later.goto(live.origin);
    await later.waitForFunction(() =>
      document.querySelector<HTMLInputElement>("[name=title]")?.value === "Half a thought"
    );
    await later.keyboard.press("Tab");
    await later.focus("[name=text]");
    await later.keyboard.press("Control+Enter");
    await later.getByText("Saved.").waitFor();
    await later.goto(live.origin);
    await later.waitForTimeout(300);
    assertEquals(await later.inputValue("[name=title]"), "");
    await context.close();
  });
});

Deno.test("the whole way works in a browser without JavaScript", async () => {
  await using live = await liveApp({ env: { MAIL_PER_SECOND: "1000" } });
  await inBrowser(async (browser) => {
    const { context, page, complaints } = await watched(browser, { javaScriptEnabled: false });
    await setUp(page, live);
    await page.fill("[name=title]", "Plain");
    await page.fill("[name=text]", "words");
    await page.click("button[value=mail]");
    await page.fill("textarea[name=to]", "ana@example.org, bob@example.org");
    await page.click("button[value=preview]");
    await page.click("button[value=send]");
    await page.waitForURL(/\/mailings\//);
    for (let i = 0; i < 20 && await page.getByText("2 of 2").count() === 0; i++) {
      await page.reload();
    }
    await page.getByText("2 of 2").waitFor();
    assertEquals(complaints, []);
    await context.close();
  });
});
