import type { App } from "../../core/app.ts";
import { hmac } from "../accounts/digest.ts";

/** What Mailjet signs in with when it tells us of events. */
export const MAILJET_USER = "clockwork";

/** The password for it: made from the app's secret, so that there is nothing to set. */
export function mailjetPassword({ secret }: Pick<App, "secret">): Promise<string> {
  return hmac(secret, "mailjet_events");
}

/** The address to give Mailjet for its events. It holds the password: for those who run this alone. */
export async function mailjetEventsUrl(
  { secret, config }: { secret: Uint8Array; config: Pick<App["config"], "origin"> },
): Promise<string> {
  const url = new URL("/mailjet/events", config.origin);
  url.username = MAILJET_USER;
  url.password = await mailjetPassword({ secret });
  return url.href;
}
