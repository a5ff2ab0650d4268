/** Takes the README's pictures anew, from the gallery and of a race: `deno task pictures`. */
import { setUpToken } from "../../domain/accounts/set_up.ts";
import { renderPage } from "../../views/render.ts";
import { launch } from "../support/browser.ts";
import { PASSWORD } from "../support/door.ts";
import { liveApp } from "../support/live.ts";
import { gallery } from "./gallery.tsx";

const AT = "http://gallery.invalid";
const wide = { colorScheme: "light", viewport: { width: 1120, height: 860 } } as const;
const tall = { ...wide, viewport: { width: 1120, height: 1_000 } } as const;
const dark = { colorScheme: "dark", viewport: { width: 1120, height: 660 } } as const;
const phone = { colorScheme: "dark", viewport: { width: 390, height: 844 } } as const;

/** File, the page of the gallery, how it is looked at, and where it is scrolled to. */
const pictures = [
  ["notes", "notes", wide, ""],
  ["phone", "notes", phone, ""],
  ["mailing", "mailing_running", wide, ""],
  ["reminders", "reminders_a_series_to_be_checked", wide, ""],
  ["reminder", "reminder", wide, ""],
  ["telegram", "chat_asked", tall, "#telegram"],
  ["broadcast", "broadcast_draft", wide, ""],
  ["jobs", "admin_jobs", wide, ""],
] as const;

const browser = await launch();
for (const [file, name, look, to] of pictures) {
  const context = await browser.newContext(look);
  const page = await context.newPage();
  await page.route(`${AT}/**`, async (route) => {
    const { pathname } = new URL(route.request().url());
    const contentType = pathname.endsWith(".css") ? "text/css" : "text/html; charset=utf-8";
    const body = pathname.startsWith("/static/")
      ? await Deno.readTextFile(`.${pathname}`)
      : renderPage(gallery[name]!);
    await route.fulfill({ body, contentType });
  });
  await page.goto(`${AT}/${to}`);
  await page.screenshot({ path: `docs/pictures/${file}.png` });
  await context.close();
}

// Only a race that is run shows what it is about.
await using live = await liveApp();
const context = await browser.newContext({ ...dark, locale: "en-GB" });
const page = await context.newPage();
await page.goto(`${live.origin}/setup/${await setUpToken(live.app)}`);
await page.fill("[name=name]", "Ada Lovelace");
await page.fill("[name=email]", "ada@example.org");
await page.fill("[name=password]", PASSWORD);
await page.click("main button[type=submit]");
await page.waitForURL(`${live.origin}/`);
await page.goto(`${live.origin}/progress`);
await page.click("main button[type=submit]");
await page.waitForTimeout(4_300);
await page.screenshot({ path: "docs/pictures/race.png" });
await context.close();
await browser.close();
