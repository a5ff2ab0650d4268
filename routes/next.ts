const MAX_CHARS = 1_000;

/**
 * Where to go after sign-in: a path of ours, or `fallback`. A browser reads much as the address of
 * another host ("//host", "/\host", "/./ /host"): what it would make of it is checked, not the text.
 */
export function ownPath(text: string | undefined, fallback = "/"): string {
  if (text === undefined || text.length > MAX_CHARS || !/^\/(?!\/)[\x21-\x7e]*$/.test(text)) {
    return fallback;
  }
  const base = "http://own.invalid";
  const url = URL.parse(text, base);
  if (url === null || url.origin !== base || url.pathname.startsWith("//")) return fallback;
  return url.pathname + url.search + url.hash;
}
