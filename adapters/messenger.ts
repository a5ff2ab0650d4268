import type { Clock } from "../core/app.ts";
import type { Messenger } from "../core/chat.ts";
import type { Config } from "../core/config.ts";
import type { Log } from "../core/log.ts";

/**
 * The messenger that the settings ask for; null where there is none or nothing may leave, and then its
 * library is not loaded either.
 */
export async function createMessenger(
  { sending, telegram }: Config,
  app: { clock: Clock; log: Log },
): Promise<Messenger | null> {
  if (!sending || !telegram) return null;
  const { createTelegram } = await import("./telegram.ts");
  return createTelegram({ ...telegram, ...app });
}
