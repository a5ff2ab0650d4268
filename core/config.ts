import { z } from "zod";
import type { LogLevel } from "./log.ts";

/** Every setting, parsed and defaulted. */
export interface Config {
  port: number;
  /** Scheme and host that people use, without a slash at the end. */
  origin: string;
  /** A path, `:memory:`, a `denokv` URL, or undefined where the platform brings its store. */
  kvPath?: string;
  appSecret?: string;
  admin?: { email: string; password: string };
  signup: "open" | "closed";
  mailFrom: string;
  mailjet?: { apiKey: string; apiSecret: string; apiUrl?: string };
  smtpUrl?: string;
  sending: boolean;
  recipientCheck: boolean;
  recipientDomains: string[];
  mailPerSecond: number;
  /** How long after a try without an answer the provider is asked about it. */
  mailSettleMs: number;
  trustedProxies: number;
  queues: "auto" | "off";
  logLevel: LogLevel;
}

/** The names of all settings: the only variables the process may read. */
export const SETTINGS = [
  "PORT",
  "ORIGIN",
  "KV_PATH",
  "APP_SECRET",
  "ADMIN_EMAIL",
  "ADMIN_PASSWORD",
  "SIGNUP",
  "MAIL_FROM",
  "MAILJET_API_KEY",
  "MAILJET_API_SECRET",
  "MAILJET_API_URL",
  "SMTP_URL",
  "SENDING",
  "RECIPIENT_CHECK",
  "RECIPIENT_DOMAINS",
  "MAIL_PER_SECOND",
  "MAIL_SETTLE_SECONDS",
  "TRUSTED_PROXIES",
  "QUEUES",
  "LOG_LEVEL",
  "DENO_DEPLOYMENT_ID",
  "DENO_TIMELINE",
] as const;

type Env = Partial<Record<string, string>>;

const onOff = (fallback: "on" | "off") =>
  z.enum(["on", "off"], `say "on" or "off"`).default(fallback).transform((v) => v === "on");
const whole = (fallback: number, low: number, high: number) =>
  z.string().default(String(fallback)).transform(Number).refine(
    (n) => Number.isInteger(n) && n >= low && n <= high,
    `say a whole number from ${low} to ${high}`,
  );

/** Whether this host name can only mean the machine itself. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

const httpUrl = (say: string) =>
  z.string().refine((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/.test(url.protocol);
  }, say);

const schema = z.object({
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
  KV_PATH: z.string().optional(),
  APP_SECRET: z.string().min(32, "use at least 32 random characters").optional(),
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
    (text) => {
      const url = URL.parse(text);
      return url === null || url.protocol !== "http:" || isLoopback(url.hostname);
    },
    "use https: the key goes there (http is for this machine only)",
  ).optional(),
  SMTP_URL: z.string().refine(
    (text) => /^smtps?:\/\/[^/]+\/?$/.test(text) && Boolean(URL.parse(text)?.hostname),
    "say smtp://user:password@host:587 or smtps://…:465",
  ).optional(),
  SENDING: onOff("on"),
  RECIPIENT_CHECK: onOff("on"),
  RECIPIENT_DOMAINS: z.string().default("").transform((text) =>
    text.toLowerCase().split(/[\s,]+/).filter((domain) => domain !== "")
  ).refine(
    (domains) => domains.every((domain) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(domain)),
    "list domains, as in example.org, example.net",
  ),
  MAIL_PER_SECOND: whole(10, 1, 10_000),
  MAIL_SETTLE_SECONDS: whole(60, 0, 3_600),
  TRUSTED_PROXIES: whole(0, 0, 5),
  QUEUES: z.enum(["auto", "off"], `say "auto" or "off"`).default("auto"),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error"], "say debug, info, warn or error").default(
    "info",
  ),
  DENO_DEPLOYMENT_ID: z.string().optional(),
  DENO_TIMELINE: z.string().optional(),
});
type Parsed = z.output<typeof schema>;

/** The start is refused: every wrong setting, and what would be right. */
export class ConfigError extends Error {
  override name = "ConfigError";
  constructor(readonly problems: string[]) {
    super(`Cannot start: ${problems.length} wrong in the settings\n  ${problems.join("\n  ")}`);
  }
}

/**
 * Reads all settings at once. An empty variable counts as not set.
 *
 * @throws {ConfigError} naming everything that is wrong.
 */
export function readConfig(env: Env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ""));
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`),
    );
  }
  const problems = contradictions(parsed.data);
  if (problems.length > 0) throw new ConfigError(problems);
  return toConfig(parsed.data);
}

/** Settings that are fine alone and wrong together. */
function contradictions(s: Parsed): string[] {
  const problems: string[] = [];
  const together = (a: keyof Parsed, b: keyof Parsed) => {
    if ((s[a] === undefined) !== (s[b] === undefined)) {
      problems.push(`${a} and ${b}: set both or neither`);
    }
  };
  together("ADMIN_EMAIL", "ADMIN_PASSWORD");
  together("MAILJET_API_KEY", "MAILJET_API_SECRET");
  if (s.MAILJET_API_KEY && s.SMTP_URL) {
    problems.push("SMTP_URL and MAILJET_API_KEY: set only one mailer");
  }
  if ((s.MAILJET_API_KEY || s.SMTP_URL) && !s.MAIL_FROM) {
    problems.push("MAIL_FROM: say from which address mail leaves");
  }
  if (!s.RECIPIENT_CHECK && s.SIGNUP === "open" && (s.MAILJET_API_KEY || s.SMTP_URL)) {
    problems.push(
      "RECIPIENT_CHECK: off beside SIGNUP open would let strangers mail anyone; close sign-up",
    );
  }
  if (s.DENO_DEPLOYMENT_ID && !s.ORIGIN) {
    problems.push("ORIGIN: say under which https address people come");
  }
  if (s.DENO_DEPLOYMENT_ID && s.KV_PATH) {
    problems.push("KV_PATH: leave it out, the platform brings its store");
  }
  return problems;
}

function toConfig(s: Parsed): Config {
  const onDeploy = s.DENO_DEPLOYMENT_ID !== undefined;
  const origin = new URL(s.ORIGIN ?? `http://localhost:${s.PORT}`).origin;
  return {
    port: s.PORT,
    origin,
    kvPath: onDeploy ? undefined : s.KV_PATH ?? "./data/clock_work.sqlite3",
    appSecret: s.APP_SECRET,
    admin: s.ADMIN_EMAIL && s.ADMIN_PASSWORD
      ? { email: s.ADMIN_EMAIL, password: s.ADMIN_PASSWORD }
      : undefined,
    signup: s.SIGNUP,
    mailFrom: s.MAIL_FROM ?? `clock-work@${new URL(origin).hostname}`,
    mailjet: s.MAILJET_API_KEY && s.MAILJET_API_SECRET
      ? { apiKey: s.MAILJET_API_KEY, apiSecret: s.MAILJET_API_SECRET, apiUrl: s.MAILJET_API_URL }
      : undefined,
    smtpUrl: s.SMTP_URL,
    // A branch or preview on Deploy has its own store and must not mail real people from it.
    sending: s.SENDING && (!onDeploy || s.DENO_TIMELINE === "production"),
    recipientCheck: s.RECIPIENT_CHECK,
    recipientDomains: s.RECIPIENT_DOMAINS,
    mailPerSecond: s.MAIL_PER_SECOND,
    mailSettleMs: s.MAIL_SETTLE_SECONDS * 1_000,
    trustedProxies: s.TRUSTED_PROXIES,
    queues: s.QUEUES,
    logLevel: s.LOG_LEVEL,
  };
}
