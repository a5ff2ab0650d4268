import type { App } from "../core/app.ts";
import type { ChatButton } from "../core/chat.ts";
import { isLoopback } from "../core/config.ts";

/**
 * A button that opens a page of ours, as a list to be spread into a row; none where this instance is
 * only to be had on this machine, for Telegram refuses such an address with the whole message.
 */
export function openButton(
  { config: { origin } }: { config: Pick<App["config"], "origin"> },
  path: string,
  text = "Open",
): ChatButton[] {
  return isLoopback(new URL(origin).hostname) ? [] : [{ text, url: origin + path }];
}
