import type { Understood } from "../domain/when/asked_time.ts";
import { todaysName } from "./zones.ts";

/** Offers all zones at the form's zone field: a list that the browser has and the page need not carry. */
export function listZones(form: HTMLFormElement | null): void {
  const field = form?.elements.namedItem("zone");
  if (!(field instanceof HTMLInputElement) || field.list) return;
  const list = document.createElement("datalist");
  list.id = "zones";
  for (const zone of Intl.supportedValuesOf("timeZone").map(todaysName)) {
    list.append(new Option(zone, zone));
  }
  field.after(list);
  field.setAttribute("list", list.id);
}

/** Says the choices of the repeat menu for the day that is meant now. */
export function nameRepeats(form: HTMLFormElement | null, understood: Understood | null): void {
  const menu = form?.elements.namedItem("repeat");
  if (!(menu instanceof HTMLSelectElement) || understood === null) return;
  for (const { value, label } of understood.repeats) {
    const option = [...menu.options].find((one) => one.value === value);
    if (option && option.text !== label) option.text = label;
  }
}
