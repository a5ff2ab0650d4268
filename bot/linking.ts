import { Composer } from "grammy";
import { escapeHtml } from "../core/telegram_html.ts";
import { confirmInChat, declineLink, showCode } from "../domain/chats/chat_links.ts";
import { accountOfChat, unlink } from "../domain/chats/chat_owner.ts";
import { openButton } from "../domain/open_button.ts";
import { button, onPress } from "./buttons.ts";
import type { BotContext } from "./context.ts";
import { helpFor } from "./help.ts";
import { masked } from "./words.ts";

/** Linking a chat to an account and ending that; works for everybody. */
export function linkingFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();

  feature.command("start", async (ctx) => {
    const code = ctx.match.trim();
    if (code !== "") return await offer(ctx, code);
    if (ctx.account === null) return await sayHowToLink(ctx);
    await ctx.say(
      `Hello! This chat belongs to ${masked(ctx.account.email)}.\n\n${helpFor(ctx.account)}`,
    );
  });

  onPress(feature, "link", async (ctx, linkId = "") => {
    const state = await confirmInChat(ctx.app, { chatId: ctx.place, linkId });
    await ctx.done();
    const owner = state === "linked" ? await accountOfChat(ctx.app, ctx.place) : null;
    if (owner !== null) return await ctx.change(`✅ Linked.\n\n${helpFor(owner.account)}`);
    await ctx.change(`Now say yes on the page too: ${page(ctx)}`, [
      openButton(ctx.app, "/account", "Open the page"),
    ]);
  });

  onPress(feature, "link_no", async (ctx, linkId = "") => {
    await declineLink(ctx.app, { chatId: ctx.place, linkId });
    await ctx.change("Not linked. That code is worth nothing any more.");
  });

  return feature;
}

/** Ending the link; for those who have one. */
export function unlinkingFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();

  feature.command("stop", async (ctx) => {
    await ctx.say(
      `Unlink this chat from ${masked(ctx.owner.email)}? Nothing of yours is deleted: notes and ` +
        "reminders stay on the page, and nothing more comes here.",
      [[button("Unlink", "unlink"), button("Keep it", "close")]],
    );
  });

  onPress(feature, "unlink", async (ctx) => {
    await unlink(ctx.app, { chatId: ctx.place });
    await ctx.change(`Unlinked. To come back, link it again on your account page: ${page(ctx)}`, [
      openButton(ctx.app, "/account", "Open the page"),
    ]);
  });

  return feature;
}

async function offer(ctx: BotContext, code: string): Promise<void> {
  const { first_name: first = "", last_name: last = "", username = null } = ctx.from ?? {};
  const chat = { chatId: ctx.place, name: `${first} ${last}`.trim(), username };
  const { email, linkId, moves } = await showCode(ctx.app, { code, chat });
  const leaves = moves ? "\nIt is linked to another account, and would no longer be." : "";
  await ctx.say(`Link this chat to ${masked(email)}?${leaves}`, [
    [button("Link", "link", linkId), button("Not me", "link_no", linkId)],
  ]);
}

/** The one answer to those who have no link. */
export async function sayHowToLink(ctx: BotContext): Promise<void> {
  await ctx.done("Link this chat on your account page first.", { alert: true });
  if (ctx.callbackQuery) return;
  await ctx.say(
    `This chat is not linked yet. Sign in at ${page(ctx)} and press “Link Telegram” there.`,
    [openButton(ctx.app, "/account", "Open the page")],
  );
}

const page = ({ app }: BotContext) => escapeHtml(`${app.config.origin}/account`);
