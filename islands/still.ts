import { relative } from "./times.ts";

const EVERY_MS = 30_000;

/** Keeps "2 min ago" true in the parts of a page that are no islands. */
export function keepTimesTrue(): void {
  const times = document.querySelectorAll<HTMLTimeElement>("time[data-relative]");
  if (times.length === 0) return;
  setInterval(() => {
    for (const el of times) el.textContent = relative(Date.parse(el.dateTime), Date.now());
  }, EVERY_MS);
}

/** A details menu closes by Escape and by a click elsewhere. */
export function closeMenus(): void {
  const menus = () => document.querySelectorAll<HTMLDetailsElement>("details.menu[open]");
  const close = (menu: HTMLDetailsElement) => {
    if (menu.open && menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
    menu.open = false;
  };
  document.addEventListener("keydown", ({ key }) => key === "Escape" && menus().forEach(close));
  document.addEventListener("pointerdown", ({ target }) => {
    for (const menu of menus()) if (!menu.contains(target as Node)) menu.open = false;
  });
}
