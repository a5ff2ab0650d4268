import type { VNode } from "preact";
import type { App } from "../core/app.ts";
import { unreadCount } from "../domain/notifications.ts";
import { sendingNow } from "../domain/mail/sending.ts";
import type { Account } from "../kv/schema.ts";
import { lastSeq, type Topic } from "../realtime/events.ts";
import { type Chrome, localeOf, type Viewer } from "../views/chrome.ts";
import { renderPage } from "../views/render.ts";
import { takeFlash } from "./flash.ts";
import type { Ctx } from "./router.ts";

/** What all pages need: the app, and where the built files are. */
export interface Site {
  app: App;
  assets: Chrome["assets"];
  /** When this process began. */
  startedAt: number;
}

/** Everything around a page, as of now: also the numbers from which its socket goes on. */
export async function chromeOf({ app, assets }: Site, c: Ctx): Promise<Chrome> {
  const { account } = c.var;
  const [viewer, live] = account
    ? await Promise.all([viewerOf(app, account), liveOf(app, account)])
    : [null, null];
  const { flash, savedDraft } = takeFlash(c);
  return {
    nonce: c.var.nonce,
    assets,
    now: app.clock.now(),
    reader: { zone: account?.zone ?? "UTC", locale: localeOf(c.req.header("accept-language")) },
    viewer,
    live,
    flash,
    savedDraft,
    signUp: app.config.signup === "open",
    outbox: app.mailer.name === "outbox",
    sending: account?.role === "admin" && /^\/admin(\/|$)/.test(c.req.path)
      ? await sendingNow(app)
      : null,
  };
}

async function viewerOf(app: App, account: Account): Promise<Viewer> {
  const { id, name, email, role, closesAt } = account;
  return { id, name, email, role, closesAt, unread: await unreadCount(app, id) };
}

async function liveOf(app: App, { id }: Account): Promise<Record<string, number>> {
  const topics: Topic[] = [`account:${id}`, "everyone"];
  const numbers = await Promise.all(topics.map((topic) => lastSeq(app, topic)));
  return Object.fromEntries(topics.map((topic, i) => [topic, numbers[i] ?? 0]));
}

/** Answers with a page. */
export function show(
  c: Ctx,
  page: VNode,
  status: 200 | 400 | 404 | 409 | 413 | 429 | 503 = 200,
): Response {
  return c.html(renderPage(page), status);
}
