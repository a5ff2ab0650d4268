import { z } from "zod";

const TIMEOUT_MS = 10_000;
const Info = z.object({
  result: z.object({
    url: z.string(),
    pending_update_count: z.number(),
    last_error_message: z.string().optional(),
  }),
});

export interface WebhookInfo {
  /** Empty where there is none. */
  url: string;
  /** Updates that wait to be taken. */
  pending: number;
  /** Why Telegram could not deliver the last one that failed. */
  lastError: string | null;
}

/** Where Telegram sends updates, or null when it does not say. Errors are not passed on: they have the token. */
export async function webhookInfo(
  { token, apiUrl = "https://api.telegram.org" }: { token: string; apiUrl?: string },
): Promise<WebhookInfo | null> {
  const answer = await fetch(`${apiUrl.replace(/\/$/, "")}/bot${token}/getWebhookInfo`, {
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => null);
  const info = Info.safeParse(await answer?.json().catch(() => null));
  if (!info.success) return null;
  const { url, pending_update_count: pending, last_error_message } = info.data.result;
  return { url, pending, lastError: last_error_message ?? null };
}
