import type { MiddlewareHandler } from "hono";
import { z } from "zod";
import type { App } from "../core/app.ts";
import type { ChatUpdate } from "../core/chat.ts";
import { AppError } from "../core/errors.ts";
import { webhookSecret } from "../domain/chats/chat_secret.ts";
import { sameText } from "../domain/accounts/digest.ts";
import { bodyText } from "./body_text.ts";
import { createRouter, type Env } from "./router.ts";

const PATH = "/telegram";
const HEADER = "x-telegram-bot-api-secret-token";
/** How soon Telegram may come again with what went wrong, ms. */
const AGAIN_MS = 5_000;

const Update = z.looseObject({ update_id: z.int() });

/** Whether updates are sent to us; else there is no such door. */
export function takesUpdates({ config, messenger }: Pick<App, "config" | "messenger">): boolean {
  return messenger !== null && config.telegram?.mode === "webhook";
}

/** Refuses what does not prove that Telegram sends it, before any of it is read or counted. */
export function telegramProof(app: App): MiddlewareHandler<Env> {
  const taken = takesUpdates(app);
  let secret: Promise<string> | undefined;
  return async (c, next) => {
    if (taken && c.req.path === PATH && c.req.method === "POST") {
      secret ??= webhookSecret(app);
      if (!await sameText(app, c.req.header(HEADER) ?? "", await secret)) {
        throw new AppError("unauthorized", "Cannot take this update: its secret is not ours");
      }
      c.set("proven", "telegram");
    }
    await next();
  };
}

/**
 * Where Telegram sends what happens in chats. 200 says that all that it asks for is stored; all else
 * makes Telegram send it again.
 */
export const telegramRoutes = (app: App, take: (update: ChatUpdate) => Promise<void>) =>
  createRouter().post(PATH, async (c) => {
    const update = readUpdate(await bodyText(c));
    try {
      await take(update);
    } catch (error) {
      if (error instanceof AppError && error.code === "unavailable") throw error;
      app.log.error("update_failed", { updateId: update.update_id }, error);
      throw new AppError("unavailable", "Cannot take this update now: send it again", {
        retryAfterMs: AGAIN_MS,
      });
    }
    return c.json({ ok: true });
  });

function readUpdate(text: string): ChatUpdate {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AppError("invalid", "Cannot take this update: it is not JSON");
  }
  const parsed = Update.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError("invalid", "Cannot take this update: it has no update_id");
}
