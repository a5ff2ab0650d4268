import { z } from "zod";
import type { App } from "../core/app.ts";
import { AppError, notFound } from "../core/errors.ts";
import {
  confirmOnPage,
  declineLink,
  linkOf,
  startLink,
  unlink,
} from "../domain/chats/chat_links.ts";
import { allowKinds } from "../domain/recipients/own_suppressions.ts";
import { preferencesOf, setPreferences } from "../domain/accounts/preferences.ts";
import type { Preferences } from "../kv/schema.ts";
import type { TelegramProps } from "../views/account_telegram.tsx";
import { flash, type FlashRef } from "./flash.ts";
import { proved } from "./proof.ts";
import { createRouter, type Ctx, form, me, signedIn } from "./router.ts";
import type { Site } from "./site.ts";

/** How long the page waits for Telegram to say what the bot is called, ms. */
const BOT_MS = 2_000;

const Confirm = z.object({ link: z.string().max(64) });
const box = z.literal("on").optional().transform((on) => on === "on");
const News = z.object({
  reminders_mail: box,
  reminders_telegram: box,
  mailings_telegram: box,
  broadcasts_mail: box,
  broadcasts_telegram: box,
});

/** Linking a chat from the account page, and of what to hear where. */
export const chatPages = (site: Site) => {
  const { app } = site;
  return createRouter()
    // A chat reads and writes as its account does, also when the session is long over.
    .post("/account/telegram", signedIn, proved(app, "/account#telegram"), async (c) => {
      needTelegram(app);
      await startLink(app, whoIn(c));
      return back(c, "telegram");
    })
    .post("/account/telegram/confirm", signedIn, form(Confirm), async (c) => {
      const filled = c.req.valid("form");
      const linkId = filled.ok ? filled.data.link : "";
      try {
        const state = await confirmOnPage(app, { ...whoIn(c), linkId });
        return back(c, "telegram", state === "linked" ? "chat_linked" : "chat_waits");
      } catch (error) {
        if (!(error instanceof AppError && error.code === "not_found")) throw error;
        return back(c, "telegram", "chat_over");
      }
    })
    .post("/account/telegram/decline", signedIn, async (c) => {
      await declineLink(app, { accountId: me(c).id });
      return back(c, "telegram", "chat_declined");
    })
    .post("/account/telegram/unlink", signedIn, proved(app, "/account#telegram"), async (c) => {
      await unlink(app, { accountId: me(c).id });
      return back(c, "telegram", "chat_unlinked");
    })
    .post("/account/news", signedIn, form(News), async (c) => {
      const filled = c.req.valid("form");
      if (!filled.ok) throw new AppError("invalid", "Cannot save this: a box is on or off");
      const before = await preferencesOf(app, me(c).id);
      const wanted = preferencesFrom(app, before, filled.data);
      await setPreferences(app, me(c).id, wanted);
      await allowKinds(app, me(c), wanted);
      return back(c, "news", "news");
    });
};

/** What the account page shows of Telegram. */
export async function telegramOf(app: App, c: Ctx): Promise<TelegramProps> {
  if (app.messenger === null) return { link: null, bot: null };
  const [link, bot] = await Promise.all([linkOf(app, whoIn(c)), botName(app)]);
  return { link, bot };
}

/** What the bot is called; null when Telegram takes long to say so, or does not. */
async function botName({ messenger, clock }: App): Promise<string | null> {
  const done = new AbortController();
  const asked = messenger?.me().then(({ username }) => username, () => null) ?? null;
  const late = clock.sleep(BOT_MS, done.signal).then(() => null);
  try {
    return await Promise.race([asked, late]);
  } finally {
    done.abort();
  }
}

/** The boxes that the page shows; without Telegram it shows none for it, and they stay as they are. */
function preferencesFrom(
  { messenger }: App,
  before: Preferences,
  boxes: z.output<typeof News>,
): Preferences {
  const shown = messenger !== null;
  const telegram = (kind: keyof Preferences) =>
    shown ? boxes[`${kind}_telegram`] : before[kind].telegram;
  return {
    reminders: { mail: boxes.reminders_mail, telegram: telegram("reminders") },
    mailings: { mail: false, telegram: telegram("mailings") },
    broadcasts: { mail: boxes.broadcasts_mail, telegram: telegram("broadcasts") },
  };
}

/** The account and the session that ask. */
function whoIn(c: Ctx): { accountId: string; sessionId: string } {
  return { accountId: me(c).id, sessionId: c.var.session?.id ?? "" };
}

/** Where Telegram is not set up, nothing of it is there. */
function needTelegram({ messenger }: App): void {
  if (messenger === null) throw notFound("page");
}

/** Back to where it was asked for, by a request that can be repeated. */
function back(c: Ctx, card: "telegram" | "news", says?: FlashRef["name"]): Response {
  if (says) flash(c, { name: says });
  return c.redirect(`/account#${card}`, 303);
}
