import { assertEquals } from "@std/assert";
import { systemClock } from "../../adapters/clock.ts";
import { createTelegram } from "../../adapters/telegram.ts";
import { createLog } from "../../core/log.ts";
import { setUpToken } from "../../domain/accounts/set_up.ts";
import { botApi } from "../support/bot_api.ts";
import { launch, watched } from "../support/browser.ts";
import { PASSWORD } from "../support/door.ts";
import { liveApp } from "../support/live.ts";

const ANA = 501;

Deno.test("the account page follows the chat while it is linked, and spares what is being typed", async () => {
  await using api = botApi();
  api.chat(ANA, { name: "Ana", username: "ana" });
  const log = createLog("error", () => {});
  const { token, url: apiUrl } = api;
  const messenger = createTelegram({ token, apiUrl, clock: systemClock, log });
  await using live = await liveApp({ messenger });
  const press = async (button: string) => {
    const { id } = api.messagesIn(ANA).at(-1)!;
    await live.server.update(api.press(ANA, id, button));
  };
  const browser = await launch();
  try {
    const { context, page, complaints } = await watched(browser);
    await page.goto(`${live.origin}/setup/${await setUpToken(live.app)}`);
    await page.fill("[name=name]", "Ada Lovelace");
    await page.fill("[name=email]", "ada@example.org");
    await page.fill("[name=password]", PASSWORD);
    await page.click("main button[type=submit]");
    await page.waitForURL(`${live.origin}/`);

    await page.goto(`${live.origin}/account`);
    const card = page.locator("#telegram");
    await card.getByText("Link Telegram").click();
    await card.getByText("for 10 minutes more").waitFor();
    const link = await card.getByRole("link", { name: /^Open @/ }).getAttribute("href");
    const code = new URL(link!).searchParams.get("start");
    await live.server.update(api.say(ANA, `/start ${code}`));
    await card.getByText("Ana (@ana) wants to be linked.").waitFor();
    await card.getByRole("button", { name: "Link" }).click();
    await card.getByText("Now press Link in the chat").waitFor();
    await press("Link");
    await card.getByText("Unlink").waitFor();

    await page.fill("[name=name]", "Ada, Countess");
    await live.server.update(api.say(ANA, "/stop"));
    await press("Unlink");
    await card.getByText("Something has changed here.").waitFor();
    assertEquals(await page.inputValue("[name=name]"), "Ada, Countess");
    const socket = page.waitForEvent("websocket");
    await card.getByText("Show it").click();
    await card.getByText("Link Telegram").waitFor();
    // It leaves when nothing is under way: else the server's shutdown was seen to wait for ever.
    await (await socket).waitForEvent("framereceived");
    await page.waitForLoadState("networkidle");
    assertEquals(complaints, []);
    await context.close();
  } finally {
    await browser.close();
  }
});
