import { type ComponentType, h, hydrate } from "preact";
import { forgetSaved } from "./drafts.ts";
import { type IslandName, islands } from "./registry.ts";
import { closeMenus, keepTimesTrue } from "./still.ts";

/** The browser's entry: gives life to what the server rendered. */
const { saved } = document.body.dataset;
if (saved) forgetSaved(saved);

for (const el of document.querySelectorAll<HTMLElement>("[data-island]")) {
  const component = islands[el.dataset.island as IslandName] as ComponentType<unknown>;
  hydrate(h(component, JSON.parse(el.dataset.props ?? "{}")), el);
}
closeMenus();
keepTimesTrue();
