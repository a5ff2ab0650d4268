import { isLoopback } from "../core/config.ts";

/**
 * The root of the Bot API without a slash at its end.
 *
 * @throws {Error} when it is no URL that a token may be sent to; the words do not repeat it.
 */
export function readApiRoot(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username) {
    throw new Error("Cannot use TELEGRAM_API_URL: say https:// and a host");
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new Error("Cannot use TELEGRAM_API_URL: http is for this machine only");
  }
  return url.origin + url.pathname.replace(/\/$/, "");
}
