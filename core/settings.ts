import { z } from "zod";

const onOff = (fallback: "on" | "off") =>
  z.enum(["on", "off"], `say "on" or "off"`).default(fallback).transform((v) => v === "on");
const within = (low: number, high: number) =>
  z.string().transform(Number).refine(
    (n) => Number.isInteger(n) && n >= low && n <= high,
    `say a whole number from ${low} to ${high}`,
  );
const whole = (fallback: number, low: number, high: number) =>
  z.string().default(String(fallback)).pipe(within(low, high));

/** Whether this host name can only mean the machine itself. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

const httpUrl = (say: string) =>
  z.string().refine((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol);
  }, say);

/** Where keys go only over TLS, or not over a network at all. */
function httpsOrLoopback(text: string): boolean {
  const url = URL.parse(text);
  return url === null || url.protocol !== "http:" || isLoopback(url.hostname);
}

/**
 * Whether a text could have come out of a generator: not a few characters over and over, and not what
 * stands in an example to be replaced.
 */
function looksRandom(text: string): boolean {
  return new Set(text).size >= 8 && !/(.)\1{5}|(.{2,40})\2{2}/.test(text) &&
    !/change.?(me|this)|example|placeholder|your.?secret/i.test(text);
}
const MADE_UP = "use random characters, as from openssl rand -base64 32";

/** Where a store's token may go without TLS: this machine, or a network that is not public. */
function isNear(hostname: string): boolean {
  const privateV4 = /^(10|192\.168|172\.(1[6-9]|2\d|3[01]))\.[\d.]+$/; // RFC 1918
  return isLoopback(hostname) || !hostname.includes(".") && !hostname.startsWith("[") ||
    privateV4.test(hostname) || /^\[f[cd]/i.test(hostname); // RFC 4193
}

/** Every setting as it is written; what is wrong is said as what would be right. */
export const settings = z.object({
  PORT: whole(8000, 1, 65535),
  ORIGIN: httpUrl("say scheme and host, as in https://notes.example.org").refine(
    (text) => {
      const url = URL.parse(text);
      if (url === null || !/^https?:$/.test(url.protocol)) return true; // that has been said
      return url.pathname === "/" && !url.search &&
        (url.protocol === "https:" || isLoopback(url.hostname));
    },
    "use https (http is for localhost only) and no path: cookies and links depend on it",
  ).optional(),
  LISTEN: z.union([z.ipv4(), z.ipv6()], "say an address of this machine, as in 127.0.0.1")
    .optional(),
  KV_PATH: z.string().refine((text) => {
    const url = URL.parse(text);
    return url?.protocol !== "http:" || isNear(url.hostname);
  }, "use https: its token and all that is stored go there (http is for private networks)")
    .optional(),
  APP_SECRET: z.string().min(32, "use at least 32 random characters").refine(looksRandom, MADE_UP)
    .optional(),
  ADMIN_EMAIL: z.email("say one e-mail address").optional(),
  ADMIN_PASSWORD: z.string().min(15, "use at least 15 characters").max(
    128,
    "use at most 128 characters",
  )
    .optional(),
  SIGNUP: z.enum(["open", "closed"], `say "open" or "closed"`).default("open"),
  MAIL_FROM: z.email("say one e-mail address").optional(),
  MAILJET_API_KEY: z.string().optional(),
  MAILJET_API_SECRET: z.string().optional(),
  MAILJET_API_URL: httpUrl("say the address of the API, as in https://api.mailjet.com").refine(
    httpsOrLoopback,
    "use https: the key goes there (http is for this machine only)",
  ).optional(),
  SMTP_URL: z.string().refine(
    (text) => /^smtps?:\/\/[^/]+\/?$/.test(text) && Boolean(URL.parse(text)?.hostname),
    "say smtp://user:password@host:587 or smtps://…:465",
  ).optional(),
  TELEGRAM_BOT_TOKEN: z.string().regex(/^\d{1,20}:[\w-]{30,60}$/, "say it as BotFather wrote it")
    .optional(),
  TELEGRAM_API_URL: httpUrl("say the address of the API, as in https://api.telegram.org").refine(
    httpsOrLoopback,
    "use https: the token goes there (http is for this machine only)",
  ).optional(),
  TELEGRAM_MODE: z.enum(["polling", "webhook"], `say "polling" or "webhook"`).optional(),
  TELEGRAM_WEBHOOK_SECRET: z.string().regex(
    /^[\w-]{32,256}$/,
    "use 32 to 256 letters, digits, _ and -",
  ).refine(looksRandom, MADE_UP).optional(),
  SENDING: onOff("on"),
  RECIPIENT_CHECK: onOff("on"),
  RECIPIENT_DOMAINS: z.string().default("").transform((text) =>
    text.toLowerCase().split(/[\s,]+/).filter((domain) => domain !== "")
  ).refine(
    (domains) => domains.every((domain) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain)),
    "list domains, as in example.org, example.net",
  ),
  MAIL_PER_DAY: within(1, 10_000_000).optional(),
  MAIL_PER_SECOND: whole(10, 1, 10_000),
  MAIL_SETTLE_SECONDS: whole(60, 0, 3_600),
  TRUSTED_PROXIES: within(0, 5).optional(),
  QUEUES: z.enum(["auto", "off"], `say "auto" or "off"`).default("auto"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"], "say debug, info, warn or error").default(
    "info",
  ),
  DENO_KV_ACCESS_TOKEN: z.string().min(32, "use at least 32 random characters").optional(),
  DENO_DEPLOYMENT_ID: z.string().optional(),
  DENO_TIMELINE: z.string().optional(),
});
export type Parsed = z.output<typeof settings>;

/** The names of all settings: the only variables that the process may read. */
export const SETTINGS = Object.keys(settings.shape) as (keyof typeof settings.shape)[];
