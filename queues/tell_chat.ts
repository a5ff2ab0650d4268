import { escapeHtml } from "../core/telegram_html.ts";
import { chatOf } from "../domain/chats.ts";
import { newDelivery, setDeliveries } from "../domain/deliveries.ts";
import { deliveriesOf } from "../domain/mailings.ts";
import { openButton } from "../domain/open_button.ts";
import { cancel, type Handler } from "../jobs/handler.ts";
import { deliver } from "./deliver.ts";

/** Tells one person in their chat what the inbox says too. Rather not at all than twice. */
export const tellChat: Handler<"tell_chat"> = async (app, job) => {
  const { accountId, title, text, href } = job.payload;
  if ((await deliveriesOf(app, job.id)).length === 0) {
    const chat = await chatOf(app, accountId);
    if (chat?.state !== "on") return cancel("no chat takes messages");
    const { chatId, name } = chat;
    const to = { jobId: job.id, number: 0, channel: "telegram", to: name, chatId } as const;
    await job.commit((tx) => setDeliveries(tx, [newDelivery(to, app.clock.now())]));
  }
  return await deliver(app, job, {
    chat: ({ chatId }) => ({
      chatId: chatId!,
      html: `<b>${escapeHtml(title)}</b>\n${escapeHtml(text)}`,
      buttons: [openButton(app, href)],
    }),
  });
};
