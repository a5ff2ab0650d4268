export type LogLevel = "debug" | "info" | "warn" | "error";
export type Facts = Record<string, string | number | boolean | null | undefined>;

/** Writes one fact at a time. Never a secret, an address, a body: callers pass ids and counts. */
export interface Log {
  debug(event: string, facts?: Facts): void;
  info(event: string, facts?: Facts): void;
  warn(event: string, facts?: Facts): void;
  error(event: string, facts?: Facts, cause?: unknown): void;
}

const LEVELS: LogLevel[] = ["debug", "info", "warn", "error"];

/** One JSON line per fact, in UTC, through `write`; lines below `level` are dropped. */
export function createLog(level: LogLevel, write: (line: string) => void): Log {
  const at = (own: LogLevel) => (event: string, facts: Facts = {}, cause?: unknown) => {
    if (LEVELS.indexOf(own) < LEVELS.indexOf(level)) return;
    const error = cause === undefined ? undefined : describe(cause);
    write(JSON.stringify({ at: new Date().toISOString(), level: own, event, ...facts, error }));
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Name, message and place of an error, and nothing else it carries: clients hang secrets on theirs. */
export function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return "a value was thrown that is no error";
  const place = cause.stack?.split("\n").slice(1, 4).map((line) => line.trim()).join(" ") ?? "";
  return redact(`${cause.name}: ${cause.message} ${place}`.trim());
}

/** Hides what looks like a Telegram bot token or the password part of a URL. */
export function redact(text: string): string {
  return text
    .replace(/bot\d+:[\w-]{20,}/g, "bot…")
    .replace(/:\/\/[^\s/@]+@/g, "://…@");
}
