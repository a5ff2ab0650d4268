const ISLANDS = "static/islands";

/** Where the stylesheet and the islands are, each with the hash of what is in it. */
export interface Assets {
  css: string;
  /** Null before they were built: pages work without. */
  js: string | null;
  /** What that script cannot start without; a page asks for it at once, not when the script says so. */
  parts: string[];
}

/** Looks at the built files once; they do not change while the process lives. */
export async function readAssets(): Promise<Assets> {
  const [css, js, parts] = await Promise.all([
    hashed("static/app.css"),
    hashed(`${ISLANDS}/hydrate.js`),
    partsOf("hydrate.js"),
  ]);
  return { css: css ?? "/static/app.css", js, parts: parts.map((name) => `/${ISLANDS}/${name}`) };
}

async function hashed(path: string): Promise<string | null> {
  const bytes = await Deno.readFile(path).catch(() => null);
  if (bytes === null) return null;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 12);
  return `/${path}?v=${hash}`;
}

/** The files that a built script imports at its start, and those that these import. */
async function partsOf(name: string): Promise<string[]> {
  const found = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const text = await Deno.readTextFile(`${ISLANDS}/${next}`).catch(() => "");
    for (const [, part] of text.matchAll(/(?:from|import)\s?"\.\/([\w-]+\.js)"/g)) {
      if (!found.has(part!)) open.push(part!);
      found.add(part!);
    }
  }
  return [...found];
}
