/** Where the stylesheet and the islands are, each with the hash of what is in it. */
export interface Assets {
  css: string;
  /** Null before they were built: pages work without. */
  js: string | null;
}

/** Looks at the built files once; they do not change while the process lives. */
export async function readAssets(): Promise<Assets> {
  return {
    css: await hashed("static/app.css") ?? "/static/app.css",
    js: await hashed("static/islands/hydrate.js"),
  };
}

async function hashed(path: string): Promise<string | null> {
  const bytes = await Deno.readFile(path).catch(() => null);
  if (bytes === null) return null;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 12);
  return `/${path}?v=${hash}`;
}
