/** Has Telegram send its updates to this instance, and says what was done. */

import { systemClock } from "../adapters/clock.ts";
import { createTelegram } from "../adapters/telegram.ts";
import { setCommands } from "../bot/commands.ts";
import type { Messenger } from "../core/chat.ts";
import { type Config, ConfigError, readConfig } from "../core/config.ts";
import { AppError } from "../core/errors.ts";
import { createLog, type Log } from "../core/log.ts";
import { webhookSecret } from "../domain/chats/chat_secret.ts";

/**
 * Sets the webhook of the bot, and its commands.
 *
 * @returns what was done, a sentence a line.
 * @throws {AppError} `invalid` when a setting is missing; `unavailable` when Telegram does not do it.
 */
export async function setWebhook(
  config: Config,
  { messengerOf, log }: {
    messengerOf(telegram: NonNullable<Config["telegram"]>): Messenger;
    log: Log;
  },
): Promise<string[]> {
  const { telegram, appSecret, origin } = config;
  if (!telegram) throw cannot("set TELEGRAM_BOT_TOKEN as BotFather wrote it");
  if (!origin.startsWith("https:")) {
    throw cannot("set ORIGIN to the https address under which Telegram can reach this instance");
  }
  if (telegram.mode === "polling") {
    throw cannot("TELEGRAM_MODE is polling; leave it out, or say webhook");
  }
  const secret = await webhookSecret({ config, secret: new TextEncoder().encode(appSecret) });
  const messenger = messengerOf(telegram);
  try {
    const { username } = await messenger.me();
    const url = `${origin}/telegram`;
    const answer = await messenger.setWebhook({ url, secret });
    if (answer.is !== "accepted") throw new AppError("unavailable", answer.reason);
    return [
      `Telegram now sends what happens in chats with @${username} to ${url}.`,
      `It proves itself by ${
        telegram.webhookSecret ? "TELEGRAM_WEBHOOK_SECRET" : "a secret made from APP_SECRET"
      }: the running instance needs the same one.`,
      await setCommands(messenger, log)
        ? "The bot's commands are set."
        : "The bot's commands could not be set; all else works. Run this again later.",
    ];
  } finally {
    await messenger.close();
  }
}

const cannot = (why: string) => new AppError("invalid", `Cannot set the webhook: ${why}`);

if (import.meta.main) {
  // deno-lint-ignore no-console -- for the person at the terminal
  const say = console.log;
  const log = createLog("error", say);
  const clock = systemClock;
  const messengerOf = (telegram: NonNullable<Config["telegram"]>) =>
    createTelegram({ ...telegram, clock, log });
  try {
    const lines = await setWebhook(readConfig(Deno.env.toObject()), { messengerOf, log });
    for (const line of lines) say(line);
  } catch (error) {
    if (!(error instanceof AppError || error instanceof ConfigError)) throw error;
    say(error.message);
    Deno.exitCode = 1;
  }
}
