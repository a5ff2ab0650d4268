import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** Where systems keep the browser. */
const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** No sandbox, for CI runs as root; nothing that talks to the network by itself. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser that is here, else the one that an npm package carries; none is a failure. */
export async function launch(): Promise<Browser> {
  const given = Deno.env.get("CHROMIUM_PATH");
  for (const path of given ? [given] : USUAL_PLACES) {
    if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) {
      return await chromium.launch({ executablePath: path, args: ARGS });
    }
  }
  const { default: carried } = await import("@sparticuz/chromium");
  const executablePath = await carried.executablePath();
  return await chromium.launch({ executablePath, args: [...carried.args, ...ARGS] });
}

export interface Watched {
  context: BrowserContext;
  page: Page;
  /** What the page complained of: script errors, refused resources, violated policies. */
  complaints: string[];
}

/** A page that remembers everything it complained of. */
export async function watched(
  browser: Browser,
  options: Parameters<Browser["newContext"]>[0] = {},
): Promise<Watched> {
  const context = await browser.newContext({ locale: "en-GB", ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()}`);
  });
  return { context, page, complaints };
}
