import type { ChatButton } from "./chat.ts";

/**
 * A button that opens one of our pages; none where Telegram would refuse the whole message for it:
 * it takes no address whose host has no dot (`localhost`), as the Bot API answers "Wrong HTTP URL".
 */
export function linkButtons(origin: string, path: string, text = "Open"): ChatButton[] {
  const url = new URL(path, origin);
  return url.hostname.includes(".") ? [{ text, url: url.href }] : [];
}
