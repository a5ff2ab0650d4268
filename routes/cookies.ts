import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { App } from "../core/app.ts";
import { TICKET_MS } from "../domain/factors/ticket.ts";
import { SESSION_LIFE } from "../domain/accounts/sessions.ts";
import type { Account, Session } from "../kv/schema.ts";
import { isSecure } from "./headers.ts";
import type { Ctx } from "./router.ts";

type Site = Pick<App, "config">;

/**
 * The name of the session's cookie. "__Host-" ties it to our very host and https (RFC 6265bis, 4.1.3);
 * browsers do not take that over http, which is for localhost only.
 */
export function cookieName({ config }: Site): string {
  return isSecure(config.origin) ? "__Host-cw_session" : "cw_session_dev";
}

// Lax, not Strict: people come from links in mail, and nothing is changed by following one.
const options = ({ config }: Site) => ({
  secure: isSecure(config.origin),
  httpOnly: true,
  sameSite: "Lax",
  path: "/",
} as const);

export function sessionCookie(app: Site, c: Ctx): string | null {
  return getCookie(c, cookieName(app)) ?? null;
}

/** Gives the browser a session's value, for as long as the session can last. */
export function setSessionCookie(
  app: Pick<App, "config" | "clock">,
  c: Ctx,
  { value, session, account }: { value: string; session: Session; account: Account },
): void {
  const endsAt = session.createdAt + SESSION_LIFE[account.role].mostMs;
  const maxAge = Math.max(0, Math.floor((endsAt - app.clock.now()) / 1_000));
  setCookie(c, cookieName(app), value, { ...options(app), maxAge });
}

/** Takes the session's value from the browser, and has it forget what it kept of us. */
export function clearSessionCookie(app: Site, c: Ctx): void {
  deleteCookie(c, cookieName(app), options(app));
  c.header("Clear-Site-Data", `"cache", "storage"`); // ASVS 5.0, 14.3.1
}

/** The name of the cookie of who has shown the first of two factors; as that of the session. */
function ticketName({ config }: Site): string {
  return isSecure(config.origin) ? "__Host-cw_ticket" : "cw_ticket_dev";
}

export function ticketCookie(app: Site, c: Ctx): string | null {
  return getCookie(c, ticketName(app)) ?? null;
}

/** Gives the browser half of a sign-in, for as long as the other half may take. */
export function setTicketCookie(app: Site, c: Ctx, ticket: string): void {
  setCookie(c, ticketName(app), ticket, { ...options(app), maxAge: TICKET_MS / 1_000 });
}

export function clearTicketCookie(app: Site, c: Ctx): void {
  if (ticketCookie(app, c) !== null) deleteCookie(c, ticketName(app), options(app));
}

/** Whether the answer says anything about the session's cookie already. */
export function saysSessionCookie(app: Site, { headers }: Response): boolean {
  return headers.getSetCookie().some((cookie) => cookie.startsWith(`${cookieName(app)}=`));
}
