import { type ComponentType, h, hydrate } from "preact";
import { runDial } from "./dial.ts";
import { forgetSaved } from "./drafts.ts";
import { listen } from "./live.ts";
import type { IslandName } from "./registry.ts";
import { sources } from "./sources.ts";
import { closeMenus, keepTimesTrue } from "./still.ts";

/** The browser's entry: gives life to what the server rendered. */
const { saved } = document.body.dataset;
if (saved) forgetSaved(saved);

const late: Promise<void>[] = [];
for (const el of document.querySelectorAll<HTMLElement>("[data-island]")) {
  const wake = (component: unknown) =>
    hydrate(h(component as ComponentType<unknown>, JSON.parse(el.dataset.props ?? "{}")), el);
  const found = sources[el.dataset.island as IslandName]();
  if (found instanceof Promise) late.push(found.then(wake).catch(() => {})); // stays as rendered
  else wake(found);
}
void Promise.all(late).then(listen);
closeMenus();
keepTimesTrue();
runDial();
