import type { BrowserContext, Page } from "playwright-core";

/** What ran in a browser that should not have, as far as could be seen. */
export interface Hits {
  /** Calls of `hit()` and of what scripts of strangers like to call; requests to elsewhere. */
  ran: string[];
  /** What a policy has refused. */
  violations: string[];
}

/** In every frame, before anything else: what tells of itself when it runs. */
function tell(): void {
  const { name: frame } = globalThis as { name?: string };
  // deno-lint-ignore no-console -- the page tells the test so
  const say = (what: string) => console.log(`hit! ${what} ${frame || location.pathname}`);
  for (const name of ["hit", "alert", "confirm", "prompt", "print"]) {
    Object.defineProperty(globalThis, name, { value: () => say(name), writable: false });
  }
  document.addEventListener("securitypolicyviolation", (event) => {
    // deno-lint-ignore no-console -- the page tells the test so
    console.log(`violation! ${event.violatedDirective} ${event.blockedURI} ${location.pathname}`);
  });
}

/** Watches all pages of a browser; only `origin` may be asked for anything. */
export async function watchHits(context: BrowserContext, origin: string): Promise<Hits> {
  const hits: Hits = { ran: [], violations: [] };
  await context.addInitScript(tell);
  context.on("console", (message) => {
    const text = message.text();
    if (text.startsWith("hit! ")) hits.ran.push(text.slice(5));
    if (text.startsWith("violation! ")) hits.violations.push(text.slice(11));
  });
  context.on("dialog", (dialog) => {
    hits.ran.push(`dialog ${dialog.type()}`);
    dialog.dismiss().catch(() => {}); // its page may be gone
  });
  // Only listened to: to hold each request up would take longer than all the rest. There is no such host.
  context.on("request", (request) => {
    const url = request.url();
    if (/^https?:/.test(url) && !url.startsWith(`${origin}/`)) hits.ran.push(`request ${url}`);
  });
  return hits;
}

/** What stands in a page and would run, if only somebody touched it. */
export async function marksIn(page: Page): Promise<string[]> {
  const all = await Promise.all(
    page.frames().map((frame) =>
      frame.evaluate(() => {
        const isScript = (text: string) =>
          /^[\s\0-\x20]*(javascript|vbscript|data:text)/i.test(text);
        return [...document.querySelectorAll("*")].flatMap((element) => {
          const wrong = [...element.attributes].filter(({ name, value }) =>
            /^on/i.test(name) || name === "srcdoc" ||
            (/^(href|src|action|formaction|data|xlink:href)$/i.test(name) && isScript(value))
          ).map(({ name }) => name);
          const { protocol = "" } = element as Partial<HTMLAnchorElement>;
          if (isScript(protocol)) wrong.push(protocol);
          if (element.localName === "script" && /hit\(/.test(element.textContent ?? "")) {
            wrong.push("script");
          }
          return wrong.map((what) => `${what} in ${element.outerHTML.slice(0, 200)}`);
        });
      }).catch((): string[] => []) // a frame that has just gone away
    ),
  );
  return all.flat();
}
