import { Composer } from "grammy";
import { escapeHtml } from "../core/telegram_html.ts";
import { requireProofElsewhere } from "../domain/accounts/proof.ts";
import { cancelBroadcast, confirmBroadcast } from "../domain/broadcasts/broadcast_acts.ts";
import { broadcastCounts } from "../domain/broadcasts/broadcast_members.ts";
import { broadcastInChat } from "../domain/broadcasts/broadcast_message.ts";
import { createBroadcast, getBroadcast, updateBroadcast } from "../domain/broadcasts/broadcasts.ts";
import { MAX_BROADCAST_TITLE_CHARS } from "../domain/broadcasts/broadcast_words.ts";
import { openButton } from "../domain/open_button.ts";
import type { Broadcast } from "../kv/schema.ts";
import { button, onPress } from "./buttons.ts";
import type { BotContext, Buttons } from "./context.ts";
import { sayUnknown } from "./unknown.ts";
import { boldTitle, people } from "./words.ts";

/** Announcements by admins: looked at and counted, then confirmed. To others there is no such thing. */
export function broadcastsFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();

  feature.command("broadcast", async (ctx) => {
    if (ctx.owner.role !== "admin") return await sayUnknown(ctx);
    const text = ctx.match.trim();
    if (text === "") {
      return await ctx.say(
        "Write behind the command what everybody should know; the first line is the title.",
      );
    }
    const broadcast = await createBroadcast(ctx.app, {
      authorId: ctx.owner.id,
      ...wordsOf(text),
      channels: { mail: true, telegram: true },
      when: { is: "now" },
      via: "telegram",
      key: ctx.key,
    });
    const { html, buttons } = await previewOf(ctx, broadcast);
    await ctx.say(html, buttons);
  });

  onPress(feature, "announce_way", async (ctx, id = "", version = "", way = "") => {
    const { broadcast } = await getBroadcast(ctx.app, { id, adminId: ctx.owner.id });
    const { title, text, when, channels } = broadcast;
    const turned = way === "mail"
      ? { ...channels, mail: !channels.mail }
      : { ...channels, telegram: !channels.telegram };
    const words = { title, text, when, channels: turned };
    const of = { id, adminId: ctx.owner.id, version: Number(version) };
    const changed = await updateBroadcast(ctx.app, { ...of, ...words });
    await ctx.done();
    const { html, buttons } = await previewOf(ctx, changed);
    await ctx.change(html, buttons);
  });

  onPress(feature, "announce", async (ctx, id = "", version = "", members = "") => {
    const of = { id, adminId: ctx.owner.id };
    const { broadcast: { state, version: current } } = await getBroadcast(ctx.app, of);
    // A press that comes twice finds it on its way, or there already.
    const again = state !== "draft" && state !== "cancelled" && current === Number(version);
    if (!again) {
      await requireProofElsewhere(ctx.app, ctx.owner);
      const looked = { version: Number(version), members: Number(members) };
      await confirmBroadcast(ctx.app, { ...of, ...looked });
    }
    const { broadcast } = await getBroadcast(ctx.app, of);
    const leftMs = broadcast.state === "scheduled" ? broadcast.nextAt! - ctx.app.clock.now() : 0;
    const says = leftMs > 0 ? `Sends in ${Math.ceil(leftMs / 1_000)} s` : "On its way";
    await ctx.done(says);
    await ctx.change(`📣 ${boldTitle(broadcast)}\n${says} to ${people(Number(members))}.`, [
      ...leftMs > 0 ? [[button("Undo", "announce_no", id)]] : [],
      openButton(ctx.app, `/admin/broadcasts/${id}`),
    ]);
  });

  onPress(feature, "announce_no", async (ctx, id = "") => {
    const of = { id, adminId: ctx.owner.id };
    const { broadcast } = await getBroadcast(ctx.app, of);
    if (broadcast.state !== "cancelled") await cancelBroadcast(ctx.app, of);
    await ctx.done("Cancelled");
    await ctx.change(`Cancelled: ${boldTitle(broadcast)}`);
  });

  return feature;
}

/** The first line is the title; what does not fit there stands in the text as well. */
function wordsOf(text: string): { title: string; text: string } {
  const [first = "", ...rest] = text.split("\n");
  const line = [...first.replace(/[\s\p{Cc}]+/gu, " ").trim()];
  const title = line.length > MAX_BROADCAST_TITLE_CHARS
    ? `${line.slice(0, MAX_BROADCAST_TITLE_CHARS - 1).join("")}…`
    : line.join("");
  const body = rest.join("\n").trim();
  return { title, text: line.length > MAX_BROADCAST_TITLE_CHARS ? text : body };
}

/** What everybody will see in their chats, whom it reaches, and by which ways. */
async function previewOf(
  { app, owner }: Pick<BotContext, "app" | "owner">,
  broadcast: Broadcast,
): Promise<{ html: string; buttons: Buttons }> {
  const { id, version, title, text, channels } = broadcast;
  const { members, mail, telegram } = await broadcastCounts(app, broadcast);
  const said = broadcastInChat({ from: owner.name, title, text, origin: app.config.origin });
  const ways = [
    "all in the inbox",
    ...channels.mail ? [`${mail} by mail`] : [],
    ...channels.telegram ? [`${telegram} in Telegram`] : [],
  ].join(", ");
  const way = (on: boolean, name: string, data: "mail" | "telegram") =>
    button(`${on ? "☑" : "☐"} ${name}`, "announce_way", id, String(version), data);
  return {
    html: `${said.html}\n\n<i>This is for ${escapeHtml(people(members))}: ${ways}.</i>`,
    buttons: [
      [way(channels.mail, "Mail", "mail"), way(channels.telegram, "Telegram", "telegram")],
      [
        button(`Send to ${members}`, "announce", id, String(version), String(members)),
        button("Cancel", "announce_no", id),
      ],
    ],
  };
}
