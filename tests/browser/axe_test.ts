import { AxeBuilder } from "@axe-core/playwright";
import { assertEquals } from "@std/assert";
import { renderPage } from "../../views/render.ts";
import { launch } from "../support/browser.ts";
import { gallery } from "./gallery.tsx";

const AT = "http://gallery.invalid";
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const looks = [
  { colorScheme: "light", viewport: { width: 1120, height: 860 } },
  { colorScheme: "dark", viewport: { width: 390, height: 844 } },
] as const;

/** So many pages to a test: a busy machine is to get through them in the time of one. */
const PART = 40;
const names = Object.keys(gallery);
const parts = Array.from(
  { length: Math.ceil(names.length / PART) },
  (_, i) => names.slice(i * PART, (i + 1) * PART),
);

const typeOf = (path: string) => path.endsWith(".css") ? "text/css" : "image/svg+xml";

for (const [look, part] of looks.flatMap((look) => parts.map((part) => [look, part] as const))) {
  const how = `${look.colorScheme}, ${look.viewport.width} px wide, from ${part[0]} on`;
  Deno.test(`every page in every state passes axe: ${how}`, async () => {
    const browser = await launch();
    try {
      const context = await browser.newContext(look);
      const page = await context.newPage();
      await page.route(`${AT}/**`, async (route) => {
        const { pathname } = new URL(route.request().url());
        if (pathname.startsWith("/static/")) {
          const body = await Deno.readTextFile(`.${pathname}`);
          return await route.fulfill({ body, contentType: typeOf(pathname) });
        }
        const shown = gallery[decodeURIComponent(pathname.slice(1))];
        const body = shown ? renderPage(shown) : "<!doctype html><title>-</title>";
        await route.fulfill({ body, contentType: "text/html; charset=utf-8" });
      });
      const wrong: string[] = [];
      for (const name of part) {
        await page.goto(`${AT}/${encodeURIComponent(name)}`);
        const { violations } = await new AxeBuilder({ page }).withTags(STANDARDS)
          .exclude("iframe").analyze(); // letters are written for mail programs, not for our page
        for (const { id, nodes } of violations) {
          wrong.push(`${name}: ${id} at ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
        }
      }
      assertEquals(wrong, []);
    } finally {
      await browser.close();
    }
  });
}
