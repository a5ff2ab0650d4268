import { assert, assertEquals } from "@std/assert";
import type { BrowserContext, Page } from "playwright-core";
import { setUpToken } from "../../domain/accounts/set_up.ts";
import { launch, watched } from "../support/browser.ts";
import { PASSWORD } from "../support/door.ts";
import { codeAt } from "../support/factor.ts";
import { type LiveApp, liveApp } from "../support/live.ts";

/** A device of the browser's own that makes passkeys and always knows its owner. */
async function addDevice(context: BrowserContext, page: Page): Promise<void> {
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** The first admin comes in by the setup link. */
async function setUpRoot(page: Page, { app, origin }: LiveApp): Promise<void> {
  await page.goto(`${origin}/setup/${await setUpToken(app)}`);
  await page.fill("[name=name]", "Root");
  await page.fill("[name=email]", "root@example.org");
  await page.fill("[name=password]", PASSWORD);
  await page.click("main button[type=submit]");
  await page.waitForURL(`${origin}/`);
}

async function signOut(page: Page, { origin }: LiveApp): Promise<void> {
  await page.goto(`${origin}/account`);
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.waitForURL(/\/sign-in/);
}

async function password(page: Page): Promise<void> {
  await page.fill("[name=email]", "root@example.org");
  await page.fill("[name=password]", PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "One more step" }).waitFor();
}

Deno.test("an admin adds a passkey where they are led to, and signs in with it alone or after the password", async () => {
  await using live = await liveApp();
  const browser = await launch();
  try {
    const { context, page, complaints } = await watched(browser);
    await addDevice(context, page);
    await setUpRoot(page, live);
    await page.goto(`${live.origin}/admin`);
    await page.getByText("Admins need a second factor. Add one first.").waitFor();
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("heading", { name: "Recovery codes" }).waitFor();
    assertEquals(await page.locator(".codes li").count(), 10);
    await page.getByRole("link", { name: "I have kept them" }).click();
    await page.getByText("10 of 10 left").waitFor();
    await page.goto(`${live.origin}/admin/members`);
    await page.getByRole("heading", { name: "Admin" }).waitFor();

    await signOut(page, live);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.waitForURL(`${live.origin}/`);

    await signOut(page, live);
    await page.goto(`${live.origin}/sign-in?next=%2Fmailings`);
    await password(page);
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await page.waitForURL(`${live.origin}/mailings`);
    assertEquals(complaints, []);
  } finally {
    await browser.close();
  }
});

Deno.test("an app takes the key that the page shows, without scripts too, and its codes let in", async () => {
  await using live = await liveApp();
  const browser = await launch();
  try {
    const { page } = await watched(browser, { javaScriptEnabled: false });
    await setUpRoot(page, live);
    await page.goto(`${live.origin}/account/totp`);
    const key = (await page.locator(".secret").innerText()).replaceAll(" ", "");
    await page.fill("[name=code]", "000000");
    await page.getByRole("button", { name: "Use this app" }).click();
    await page.getByText("it is not the one that the app shows now").waitFor();
    const fresh = (await page.locator(".secret").innerText()).replaceAll(" ", "");
    assert(fresh !== key, "a key that was shown in vain is not used");
    await page.fill("[name=code]", codeAt(fresh, Date.now()));
    await page.getByRole("button", { name: "Use this app" }).click();
    const codes = await page.locator(".codes li").allInnerTexts();
    assertEquals(codes.length, 10);
    await signOut(page, live);
    await password(page);
    await page.fill("[name=code]", codes[0]!);
    await page.getByRole("button", { name: "Go on" }).click();
    await page.waitForURL(`${live.origin}/`);
    await page.goto(`${live.origin}/account`);
    await page.getByText("9 of 10 left").waitFor();
  } finally {
    await browser.close();
  }
});

Deno.test("a passkey that is not given is said, and nothing else happens", async () => {
  await using live = await liveApp();
  const browser = await launch();
  try {
    const { context, page } = await watched(browser);
    await addDevice(context, page); // which has none of ours
    await page.goto(`${live.origin}/sign-in`);
    await page.getByRole("button", { name: "Sign in with a passkey" }).click();
    await page.getByText("No passkey was used").waitFor({ timeout: 20_000 });
    assertEquals(page.url(), `${live.origin}/sign-in`);
  } finally {
    await browser.close();
  }
});
