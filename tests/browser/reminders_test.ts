import { assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import type { Page } from "playwright-core";
import { createReminder } from "../../domain/reminders/reminders.ts";
import { scheduleAtInstant } from "../../domain/when/repeat.ts";
import { setUpToken } from "../../domain/accounts/set_up.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import { launch, watched } from "../support/browser.ts";
import { PASSWORD } from "../support/door.ts";
import { type LiveApp, liveApp } from "../support/live.ts";

async function setUp(page: Page, { app, origin }: LiveApp): Promise<void> {
  await page.goto(`${origin}/setup/${await setUpToken(app)}`);
  await page.fill("[name=name]", "Ada Lovelace");
  await page.fill("[name=email]", "ada@example.org");
  await page.fill("[name=password]", PASSWORD);
  await page.click("main button[type=submit]");
  await page.waitForURL(`${origin}/`);
  await page.goto(`${origin}/reminders`);
}

Deno.test("words are understood while they are typed, saved by one press, and seen by every open page", async () => {
  await using live = await liveApp();
  const browser = await launch();
  try {
    const { context, page, complaints } = await watched(browser, { timezoneId: "Europe/Berlin" });
    await setUp(page, live);
    const words = page.locator("#words");
    // On every day of the year this may mean two others.
    await words.pressSequentially("standup 3/4 at 9:00");
    await page.locator(".sentence", { hasText: /^Once, .* at 09:00, Berlin time$/ }).waitFor();
    const far = await page.locator(".sentence").innerText();
    await page.locator(".alternatives button").first().click();
    await page.locator(".sentence", { hasNotText: far }).waitFor();
    await page.locator("button[value=save]").first().click();
    await page.getByText("Reminder set.").waitFor();

    await words.fill("pay the rent every 31st 9:00");
    await words.press("Enter");
    await page.locator(".warnings").waitFor();
    assertEquals(await page.locator(".reminder-row").count(), 1, "a warning is to be seen first");
    await words.press("Enter");
    await page.locator(".reminder-row", { hasText: "pay the rent" }).waitFor();

    await words.fill("tea yesterday 9:00");
    await page.getByRole("button", { name: /^Use “/ }).click();
    await page.locator(".sentence", { hasText: "Once" }).waitFor();
    assertStringIncludes(await words.inputValue(), "tea to");
    await page.locator("summary", { hasText: "More" }).click();
    await page.selectOption("#repeat", "weekdays");
    await page.locator(".sentence", { hasText: "Every weekday" }).waitFor();

    const other = await context.newPage();
    await other.goto(`${live.origin}/reminders`);
    const row = page.locator(".reminder-row", { hasText: "standup" });
    await row.getByRole("button", { name: "Done standup" }).click();
    await page.getByText("Done.").waitFor();
    await other.locator(".reminder-row", { hasText: "standup" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await other.locator(".reminder-row", { hasText: "standup" }).waitFor();
    assertEquals(complaints, []);
    await context.close();
  } finally {
    await browser.close();
  }
});

/** One that comes in four seconds: nobody can set one so near, but a minute ago somebody could. */
async function setAMinuteAgo({ app }: LiveApp): Promise<string> {
  const ownerId = await read(app, keys.accountByEmail("ada@example.org"));
  const now = app.clock.now();
  const clock = { ...app.clock, now: () => now - 60_000 };
  const { id } = await createReminder({ ...app, clock }, {
    ownerId: ownerId!,
    title: "Tea",
    schedule: scheduleAtInstant("Europe/Berlin", now + 4_000),
    channels: { page: true, telegram: false, mail: [] },
  });
  return id;
}

Deno.test("a reminder that rings while its page is open changes that page and the list", async () => {
  await using live = await liveApp();
  const browser = await launch();
  try {
    const { context, page, complaints } = await watched(browser, { timezoneId: "Europe/Berlin" });
    await setUp(page, live);
    const id = await setAMinuteAgo(live);
    await page.locator(".shelf.today .reminder-row").waitFor();
    const one = await context.newPage();
    await one.goto(`${live.origin}/reminders/${id}`);
    await page.locator(".shelf.overdue .reminder-row").waitFor();
    await one.locator(".reminder-row.overdue").waitFor();
    await page.getByLabel(/Notifications, 1 unread/).waitFor();
    await page.locator("details.snooze summary").click();
    await page.locator(".snooze button", { hasText: "1 hour" }).click();
    await page.getByText("Snoozed.").waitFor();
    await one.locator(".reminder-row.snoozed").waitFor();
    assertEquals(complaints, []);
    await context.close();
  } finally {
    await browser.close();
  }
});

Deno.test("the dial of a page that stays open goes on", async () => {
  await using live = await liveApp();
  const browser = await launch();
  try {
    const { context, page, complaints } = await watched(browser);
    await setUp(page, live);
    await page.clock.install();
    await page.reload();
    const dial = page.locator("svg.dial");
    const shown = async () => [
      await dial.locator(".time").textContent(),
      await dial.locator(".hand").getAttribute("d"),
      await dial.getAttribute("aria-label"),
    ];
    const [time, hand, label] = await shown();
    assertStringIncludes(label!, time!);
    await page.clock.fastForward("01:00:00");
    await page.clock.runFor(6_000);
    const later = await shown();
    assertNotEquals(later[0], time);
    assertNotEquals(later[1], hand);
    assertStringIncludes(later[2]!, later[0]!);
    assertEquals(complaints, []);
    await context.close();
  } finally {
    await browser.close();
  }
});

Deno.test("at midnight what was tomorrow's is looked up anew", async () => {
  await using live = await liveApp();
  const browser = await launch();
  try {
    const { context, page, complaints } = await watched(browser, { timezoneId: "Europe/Berlin" });
    await setUp(page, live);
    await setAMinuteAgo(live);
    await page.locator(".shelf.overdue .reminder-row").waitFor();
    await page.clock.install();
    await page.goto(`${live.origin}/reminders`);
    await page.locator(".shelf.overdue .reminder-row").waitFor();
    await page.waitForLoadState("networkidle");
    let asked = 0;
    await page.route("**/api/reminders", async (route) => {
      asked++;
      await route.fulfill({ json: NO_SHELVES });
    });
    await page.clock.fastForward("00:01:00");
    await page.clock.runFor(1_000);
    assertEquals(asked, 0, "nothing has happened");
    await page.clock.fastForward("24:00:00");
    await page.clock.runFor(1_000);
    await page.getByText("Nothing is waiting.").waitFor();
    assertEquals(complaints, []);
    await context.close();
  } finally {
    await browser.close();
  }
});

const NO_SHELVES = { overdue: [], today: [], tomorrow: [], week: [], later: [], snoozed: [] };
