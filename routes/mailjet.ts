import type { MiddlewareHandler } from "hono";
import { z } from "zod";
import type { App } from "../core/app.ts";
import { AppError } from "../core/errors.ts";
import { parseAddress } from "../domain/recipients/addresses.ts";
import { sameText } from "../domain/accounts/digest.ts";
import { hearMailEvent, type MailEvent } from "../domain/mail/mail_events.ts";
import { MAILJET_USER, mailjetPassword } from "../domain/mail/mailjet_secret.ts";
import { bodyText } from "./body_text.ts";
import { createRouter, type Env } from "./router.ts";

const PATH = "/mailjet/events";
const MOST_REASON = 150;

// Only what we use; of all else Mailjet may send what it likes.
const Event = z.object({
  event: z.string(),
  email: z.string().max(1_000),
  time: z.number().nonnegative().optional().catch(undefined),
  CustomID: z.string().max(100).catch(""),
  hard_bounce: z.union([z.boolean(), z.string()]).optional().catch(undefined),
  error: z.string().catch(""),
  comment: z.string().catch(""),
});
type Event = z.output<typeof Event>;

/** Refuses what does not prove that Mailjet sends it, before any of it is read or counted. */
export function mailjetProof(app: App): MiddlewareHandler<Env> {
  let own: Promise<string> | undefined;
  return async (c, next) => {
    if (c.req.path === PATH && c.req.method === "POST") {
      const given = /^basic +(\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
      own ??= mailjetPassword(app).then((password) => btoa(`${MAILJET_USER}:${password}`));
      if (!await sameText(app, given, await own)) {
        throw new AppError("unauthorized", "Cannot take these events: the password is not ours");
      }
      c.set("proven", "mailjet");
    }
    await next();
  };
}

/**
 * Where Mailjet tells what became of messages: one event, or a list of them. 200 says that all of it
 * counts from now on; all else makes Mailjet tell it again.
 */
export const mailjetRoutes = (app: App) =>
  createRouter().post(PATH, async (c) => {
    let ignored = 0;
    for (const one of eventsIn(await bodyText(c))) {
      const event = readEvent(app, one);
      if (event) await hearMailEvent(app, event);
      else ignored++;
    }
    if (ignored > 0) app.log.info("mailjet_events_ignored", { ignored });
    return c.json({ ok: true });
  });

function eventsIn(text: string): unknown[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AppError("invalid", "Cannot take these events: they are not JSON");
  }
  if (typeof value !== "object" || value === null) {
    throw new AppError("invalid", "Cannot take these events: they are neither one nor a list");
  }
  return Array.isArray(value) ? value : [value];
}

/** An event as we know it; null for those that are nothing to us, and for what is none. */
function readEvent({ clock }: Pick<App, "clock">, value: unknown): MailEvent | null {
  const { data } = Event.safeParse(value);
  const event = data && kindOf(data);
  if (!event) return null;
  try {
    const { address } = parseAddress(data.email);
    // Its seconds are whole: what happened within one is not before it. Nothing happens later than now.
    const now = clock.now();
    const at = data.time === undefined ? now : Math.min(data.time * 1_000, now) + 999;
    return { event, address, ref: data.CustomID, reason: reasonOf(data), at };
  } catch {
    return null; // no address that we could ever have mailed
  }
}

function kindOf({ event, hard_bounce }: Event): MailEvent["event"] | null {
  switch (event) {
    case "bounce":
      return String(hard_bounce) === "true" ? "bounce" : "soft_bounce";
    case "blocked":
      return "blocked";
    case "spam":
      return "complaint";
    case "unsub":
      return "unsubscribe";
    default:
      return null;
  }
}

function reasonOf({ error, comment }: Event): string {
  const all = [error, comment].filter((text) => text !== "").join(": ");
  return all.replace(/[\p{C}\s]+/gu, " ").trim().slice(0, MOST_REASON).toWellFormed();
}
