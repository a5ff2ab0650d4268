import { assert, assertEquals } from "@std/assert";
import { h, type VNode } from "preact";
import { launch } from "../support/browser.ts";
import { carelessly } from "../support/careless.ts";
import { frames } from "../support/frames.ts";
import { spoilProps } from "../support/spoil_props.ts";
import { renderPage } from "../../views/render.ts";
import { gallery } from "./gallery.tsx";

Deno.test("hostile text runs on no page in any of its states, those included that are hard to bring about", async () => {
  const spoil = spoilProps();
  const pages = Object.values(gallery).map(({ type, props }: VNode) =>
    renderPage(h(type as string, spoil(props)))
  );
  const browser = await launch();
  try {
    const { ran, marks } = await frames(browser, pages);
    assertEquals([ran, marks], [[], []]);
    const careless = await frames(browser, pages.slice(0, 40).map(carelessly));
    assert(careless.ran.length > 100, `without escaping: ${careless.ran.length}`);
  } finally {
    await browser.close();
  }
});
