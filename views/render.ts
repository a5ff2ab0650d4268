import type { VNode } from "preact";
import { render } from "preact-render-to-string";

/** A page as it goes over the wire. */
export function renderPage(page: VNode): string {
  return `<!doctype html>${render(page)}`;
}
