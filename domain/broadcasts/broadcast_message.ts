import type { ChatMessage } from "../../core/chat.ts";
import { escapeHtml } from "../../core/telegram_html.ts";
import { openButton } from "../open_button.ts";

/** What is said, by whom, and where this instance lives. */
export interface Said {
  from: string;
  title: string;
  text: string;
  origin: string;
}

/**
 * What a broadcast says in a chat; title and text together fit into one message (4,096 characters).
 * The preview shows the same.
 */
export function broadcastInChat(
  { title, text, origin }: Said,
): Pick<ChatMessage, "html" | "buttons"> {
  return {
    html: `<b>${escapeHtml(title)}</b>\n\n${escapeHtml(text)}`.trimEnd(),
    buttons: [openButton({ config: { origin } }, "/inbox")],
  };
}

/** What stands around a broadcast in a mail; the preview shows the same. */
export function broadcastInMail({ from, title, origin }: Said): {
  subject: string;
  why: string;
  stop: string;
} {
  return {
    subject: `[Clock Work] ${title}`,
    why: `${from} sent this to everybody with an account at ${origin}`,
    stop: `${origin}/account`,
  };
}
