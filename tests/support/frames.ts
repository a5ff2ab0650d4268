import type { Browser } from "playwright-core";
import { marksIn, watchHits } from "./watch_hits.ts";

const AT = "http://shown.invalid";
/** How many are shown at once. */
const AT_ONCE = 40;

/** Shows HTML that came from us, each in a frame of its own and without any policy. */
export async function frames(
  browser: Browser,
  documents: readonly string[],
): Promise<{ ran: string[]; marks: string[] }> {
  const context = await browser.newContext({ locale: "en-GB" });
  const { ran } = await watchHits(context, AT);
  const page = await context.newPage();
  await context.route("**/*", async (route) => {
    if (!route.request().url().startsWith(`${AT}/`)) return await route.abort(); // it was counted
    const [kind, number = ""] = new URL(route.request().url()).pathname.slice(1).split("/");
    const from = Number(number);
    const part = documents.slice(from, from + AT_ONCE);
    const body = kind === "one"
      ? documents[from]!
      : kind === "many"
      ? "<!doctype html>" + part.map((_, i) => `<iframe src="/one/${from + i}"></iframe>`).join("")
      : "";
    await route.fulfill({ body, contentType: "text/html; charset=utf-8" });
  });
  const marks: string[] = [];
  for (let from = 0; from < documents.length; from += AT_ONCE) {
    await page.goto(`${AT}/many/${from}`);
    marks.push(...await marksIn(page));
  }
  await context.close();
  return { ran, marks };
}
