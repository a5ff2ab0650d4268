import { z } from "zod";
import type { ChatButton, ChatMessage } from "../core/chat.ts";

const Message = z.object({ message_id: z.number().int() });

/** The number of a message in its chat. @throws {z.ZodError} when it is no message. */
export function messageId(message: unknown): string {
  return String(Message.parse(message).message_id);
}

/** What goes with the text of a message, as the Bot API writes it. */
export function toOptions({ buttons = [], silent }: ChatMessage) {
  const rows = buttons.filter((row) => row.length > 0);
  return {
    parse_mode: "HTML" as const,
    link_preview_options: { is_disabled: true },
    ...(silent && { disable_notification: true }),
    ...(rows.length > 0 && { reply_markup: { inline_keyboard: rows.map(toRow) } }),
  };
}

function toRow(row: readonly ChatButton[]) {
  return row.map((button) =>
    "url" in button
      ? { text: button.text, url: button.url }
      : { text: button.text, callback_data: button.data }
  );
}
