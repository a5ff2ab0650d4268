import type { Config } from "./config.ts";

/** Longer than this no text is looked through; the rest of it is dropped. */
const MAX_CHARS = 2_000;
/** A secret of three letters would be found in half of all words. */
const MIN_SECRET_CHARS = 6;

/**
 * A text as it may be written down: without `secrets`, and without what looks like one of ours or like
 * somebody's address, however it came there. Callers pass no such thing; what others throw may have it.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let hidden = text.slice(0, MAX_CHARS);
  for (const secret of secrets) hidden = hidden.replaceAll(secret, "…");
  return hidden
    .replace(/:\/\/[^\s/@]{1,300}@/g, "://…@") // name and password of a URL
    .replace(/(?<!\d)\d{5,20}(?::|%3A)[\w-]{20,80}/gi, "…") // a bot's token
    .replace(/[\w-]{43,}/g, "…") // 256 bits: sessions, links, hashes
    .replace(/(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{22,}/g, "…") // 128 bits: codes; ids have no capitals
    .replace(/[\p{L}\p{N}._%+'-]{1,64}@(?=(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L})/gu, "…@");
}

/** Every secret of the settings, as it is and as addresses write it. */
export function secretsOf(
  { appSecret, kvToken, admin, mailjet, smtpUrl, telegram }: Config,
): string[] {
  const smtp = smtpUrl === undefined ? null : URL.parse(smtpUrl);
  const token = telegram?.token;
  const secrets = [
    ...[appSecret, kvToken, admin?.password, mailjet?.apiKey, mailjet?.apiSecret, smtp?.password],
    ...[token, token?.slice(token.indexOf(":") + 1), telegram?.webhookSecret],
  ].filter((secret) => secret !== undefined);
  const written = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), plain(secret)]);
  return [...new Set(written)].filter((secret) => secret.length >= MIN_SECRET_CHARS)
    .toSorted((a, b) => b.length - a.length); // one may be part of another
}

/** What a log with these settings hides. */
export function hideIn(config: Config): (text: string) => string {
  const secrets = secretsOf(config);
  return (text) => redact(text, secrets);
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
