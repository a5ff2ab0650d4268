import { Composer } from "grammy";
import { COMMANDS } from "./commands.ts";
import type { BotContext } from "./context.ts";
import { quoted } from "./words.ts";

/** The answer to a command that there is not. Comes behind all commands. */
export function unknownCommandFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.on("message:entities:bot_command").filter(startsWithCommand, (ctx) => sayUnknown(ctx));
  return feature;
}

/** The answer to a button that means nothing any more. Comes last. */
export function unknownButtonFeature(): Composer<BotContext> {
  const feature = new Composer<BotContext>();
  feature.on("callback_query", (ctx) => ctx.done("This button is too old."));
  return feature;
}

/** Whether a message is a command: one further on in a text is just a word. */
export function startsWithCommand({ msg }: Pick<BotContext, "msg">): boolean {
  return msg?.entities?.some(({ type, offset }) => type === "bot_command" && offset === 0) ?? false;
}

/** Also what those are told who may not use a command. */
export async function sayUnknown(ctx: BotContext): Promise<void> {
  const typed = /^\/(\w*)/.exec(ctx.msg?.text ?? "")?.[1] ?? "";
  const close = closest(typed.toLowerCase());
  const meant = close ? ` Did you mean /${close}?` : "";
  await ctx.say(`I do not know ${quoted(`/${typed}`)}.${meant} /help says what I can do.`);
}

/** The command that was most likely meant: begun like it, or at most two letters off. */
function closest(typed: string): string | null {
  const names = COMMANDS.map(({ command }) => command);
  const begun = names.find((name) => typed.length >= 2 && name.startsWith(typed));
  if (begun) return begun;
  const [best] = names
    .map((name) => ({ name, off: distance(typed, name) }))
    .filter(({ name, off }) => off <= Math.min(2, name.length / 2))
    .sort((a, b) => a.off - b.off);
  return best?.name ?? null;
}

/** Letters to add, drop or change until `a` is `b` (Levenshtein); a command has at most 64. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const changed = row[j]! + (letter === other ? 0 : 1);
      next.push(Math.min(changed, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
