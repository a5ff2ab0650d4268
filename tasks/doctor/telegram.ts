import { systemClock } from "../../adapters/clock.ts";
import { webhookInfo } from "../../adapters/telegram_check.ts";
import type { Config } from "../../core/config.ts";
import { AppError } from "../../core/errors.ts";
import { createLog } from "../../core/log.ts";
import { type Finding, ill, well } from "./finding.ts";

const NAME = "telegram";

/** Whether the bot's token is good and updates come the way that the settings say. */
export async function lookAtTelegram({ telegram, origin }: Config): Promise<Finding> {
  if (telegram === undefined) return well(NAME, "not set up");
  // Only now: its library says at once what it thinks of Node.
  const { createTelegram } = await import("../../adapters/telegram.ts");
  const log = createLog("error", () => {});
  const messenger = createTelegram({ ...telegram, clock: systemClock, log });
  try {
    const { username } = await messenger.me();
    const info = await webhookInfo(telegram);
    if (info === null) return ill(NAME, "it does not say where updates go", "try again later");
    const { url, pending, lastError } = info;
    if (telegram.mode === "polling") {
      if (url === "") return well(NAME, `@${username} answers; updates are asked for`);
      return ill(
        NAME,
        `@${username} answers, but its updates are sent to ${new URL(url).host}`,
        "stop what runs there, or give this instance a bot of its own",
      );
    }
    if (!url.startsWith(`${origin}/`)) {
      const where = url === "" ? "nowhere" : `to ${new URL(url).host}`;
      return ill(
        NAME,
        `@${username} answers, but its updates are sent ${where}`,
        "run deno task set-webhook",
      );
    }
    if (lastError !== null && pending > 0) {
      return ill(
        NAME,
        `${pending} updates wait, for Telegram could not deliver them: ${lastError}`,
        "see to it that ORIGIN can be reached from outside, by https",
      );
    }
    return well(NAME, `@${username} answers; updates are sent to ${origin}`);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return ill(
      NAME,
      error.message,
      "look at TELEGRAM_BOT_TOKEN, and whether this machine may go out",
    );
  } finally {
    await messenger.close();
  }
}
