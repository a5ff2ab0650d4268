import { Composer } from "grammy";
import { escapeHtml } from "../core/telegram_html.ts";
import { forgetAsked } from "../domain/chats/chat_cards.ts";
import { updateProfile } from "../domain/accounts/profile.ts";
import { onPress } from "./buttons.ts";
import type { BotContext } from "./context.ts";
import { helpFor } from "./help.ts";

/** `/zone`, `/help`, and the Cancel of every question. */
export function settingsFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();

  feature.command("help", (ctx) => ctx.say(helpFor(ctx.owner)));

  feature.command("zone", async (ctx) => {
    const wanted = ctx.match.trim().replaceAll(/\s+/g, "_");
    const accountId = ctx.owner.id;
    const { zone } = wanted === ""
      ? ctx.owner
      : await updateProfile(ctx.app, { accountId, zone: wanted });
    const now = Temporal.Instant.fromEpochMilliseconds(ctx.app.clock.now());
    const time = now.toZonedDateTimeISO(zone).toPlainTime().toString({ smallestUnit: "minute" });
    const how = wanted === ""
      ? "To change it: <code>/zone Europe/Lisbon</code>"
      : "New reminders go by it; those you have keep the zone they were made in.";
    await ctx.say(`Your time zone is <b>${escapeHtml(zone)}</b>, where it is ${time}. ${how}`);
  });

  onPress(feature, "close", async (ctx) => {
    await forgetAsked(ctx.app, ctx.place);
    await ctx.change("All right, nothing was done.");
  });

  return feature;
}
