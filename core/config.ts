import type { LogLevel } from "./log.ts";
import { type Parsed, settings } from "./settings.ts";

export { isLoopback } from "./settings.ts";

/** Every setting, parsed and defaulted. */
export interface Config {
  port: number;
  /** On which of the machine's addresses requests are taken; undefined for all of them. */
  listen?: string;
  /** Scheme and host that people use, without a slash at the end. */
  origin: string;
  /** A path, `:memory:`, a `denokv` URL, or undefined where the platform brings its store. */
  kvPath?: string;
  /** What a `denokv` server is shown; Deno reads it itself. */
  kvToken?: string;
  appSecret?: string;
  admin?: { email: string; password: string };
  signup: "open" | "closed";
  mailFrom: string;
  mailjet?: { apiKey: string; apiSecret: string; apiUrl?: string };
  smtpUrl?: string;
  /** The bot, where there is one. */
  telegram?: {
    token: string;
    apiUrl?: string;
    /** How updates come: asked for, or sent to us. */
    mode: "polling" | "webhook";
    /** Proves that an update comes from Telegram; made from the app's secret where it is not set. */
    webhookSecret?: string;
  };
  sending: boolean;
  recipientCheck: boolean;
  recipientDomains: string[];
  mailPerSecond: number;
  /** Most messages a day of UTC, a tenth of them for letters about accounts; null for no limit of ours. */
  mailPerDay: number | null;
  /** How long after a try without an answer the provider is asked about it. */
  mailSettleMs: number;
  trustedProxies: number;
  queues: "auto" | "off";
  logLevel: LogLevel;
}

type Env = Partial<Record<string, string>>;

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
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const first = new Map<string, string>(); // what else is wrong with one is seen after that
    for (const { path, message } of parsed.error.issues) {
      const name = String(path[0]);
      if (!first.has(name)) first.set(name, `${name}: ${message}`);
    }
    throw new ConfigError([...first.values()]);
  }
  const problems = contradictions(parsed.data);
  if (problems.length > 0) throw new ConfigError(problems);
  return toConfig(parsed.data);
}

/** What must be said where strangers come by: under an https address. */
function missingInPublic(s: Parsed): string[] {
  const problems: string[] = [];
  if (!s.ORIGIN?.startsWith("https:")) return problems;
  // What is made for want of one lies in the store, and with it in every backup.
  if (s.APP_SECRET === undefined) {
    problems.push("APP_SECRET: set random characters, as from openssl rand -base64 32");
  }
  const mails = s.MAILJET_API_KEY !== undefined || s.SMTP_URL !== undefined;
  if (s.SIGNUP === "open" && mails && s.MAIL_PER_DAY === undefined) {
    problems.push(
      "MAIL_PER_DAY: say how many messages a day your mail service carries; with open sign-up strangers share them",
    );
  }
  return problems;
}

/** Settings that are fine alone and wrong together. */
function contradictions(s: Parsed): string[] {
  const problems = missingInPublic(s);
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
  if (s.TELEGRAM_MODE === "webhook" && !s.ORIGIN?.startsWith("https:")) {
    problems.push("TELEGRAM_MODE: webhook needs an https ORIGIN that Telegram can reach");
  }
  if (s.DENO_DEPLOYMENT_ID && s.TELEGRAM_MODE === "polling") {
    problems.push("TELEGRAM_MODE: say webhook, nothing runs all the time on Deploy to poll");
  }
  if (!s.TELEGRAM_BOT_TOKEN && (s.TELEGRAM_MODE || s.TELEGRAM_WEBHOOK_SECRET)) {
    problems.push("TELEGRAM_BOT_TOKEN: set it too, or none of TELEGRAM_…");
  }
  if (s.DENO_DEPLOYMENT_ID && !s.ORIGIN) {
    problems.push("ORIGIN: say under which https address people come");
  }
  // This process speaks no TLS: something else does, and all people would come from its one address.
  if (!s.DENO_DEPLOYMENT_ID && s.ORIGIN?.startsWith("https:") && s.TRUSTED_PROXIES === undefined) {
    problems.push(
      "TRUSTED_PROXIES: say how many proxies stand in front for https; 1 is usual, 0 if none adds X-Forwarded-For",
    );
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
    listen: onDeploy ? undefined : s.LISTEN,
    origin,
    kvPath: onDeploy ? undefined : s.KV_PATH ?? "./data/clock_work.sqlite3",
    kvToken: s.DENO_KV_ACCESS_TOKEN,
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
    telegram: s.TELEGRAM_BOT_TOKEN
      ? {
        token: s.TELEGRAM_BOT_TOKEN,
        apiUrl: s.TELEGRAM_API_URL,
        // A public https address can be called; a laptop cannot, and asks. On Deploy nothing runs
        // all the time that could ask.
        mode: s.TELEGRAM_MODE ??
          (onDeploy || origin.startsWith("https:") ? "webhook" : "polling"),
        webhookSecret: s.TELEGRAM_WEBHOOK_SECRET,
      }
      : undefined,
    // A branch or preview on Deploy has its own store and must not mail real people from it.
    sending: s.SENDING && (!onDeploy || s.DENO_TIMELINE === "production"),
    recipientCheck: s.RECIPIENT_CHECK,
    recipientDomains: s.RECIPIENT_DOMAINS,
    mailPerSecond: s.MAIL_PER_SECOND,
    mailPerDay: s.MAIL_PER_DAY ?? null,
    mailSettleMs: s.MAIL_SETTLE_SECONDS * 1_000,
    trustedProxies: s.TRUSTED_PROXIES ?? 0,
    queues: s.QUEUES,
    logLevel: s.LOG_LEVEL,
  };
}
