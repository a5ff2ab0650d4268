import type { Clock } from "../core/app.ts";
import type { Messenger } from "../core/chat.ts";
import type { Config } from "../core/config.ts";
import type { Log } from "../core/log.ts";
import { createTelegram } from "./telegram.ts";

/** The messenger that the settings ask for; null where there is none or nothing may leave. */
export function createMessenger(
  { sending, telegram }: Config,
  app: { clock: Clock; log: Log },
): Messenger | null {
  return sending && telegram ? createTelegram({ ...telegram, ...app }) : null;
}
