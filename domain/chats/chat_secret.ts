import type { App } from "../../core/app.ts";
import { hmac } from "../accounts/digest.ts";

/** What proves that an update comes from Telegram: as set, else made from the app's secret. */
export function webhookSecret(
  { config, secret }: { config: Pick<App["config"], "telegram">; secret: Uint8Array },
): Promise<string> {
  const own = config.telegram?.webhookSecret;
  return own === undefined ? hmac(secret, "telegram_webhook") : Promise.resolve(own);
}
