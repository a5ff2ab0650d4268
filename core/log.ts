import { redact } from "./redact.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";
export type Facts = Record<string, string | number | boolean | null | undefined>;

/** Writes one fact at a time. Never a secret, an address, a body: callers pass ids and counts. */
export interface Log {
  debug(event: string, facts?: Facts): void;
  info(event: string, facts?: Facts): void;
  warn(event: string, facts?: Facts): void;
  error(event: string, facts?: Facts, cause?: unknown): void;
  /** A text of others as it may be written down anywhere. */
  hide(text: string): string;
}

const LEVELS: LogLevel[] = ["debug", "info", "warn", "error"];

/**
 * One JSON line per fact, in UTC, through `write`; lines below `level` are dropped. Every text passes
 * through `hide`, because what others throw may carry what must not be written down.
 */
export function createLog(
  level: LogLevel,
  write: (line: string) => void,
  hide: (text: string) => string = (text) => redact(text),
): Log {
  const at = (own: LogLevel) => (event: string, facts: Facts = {}, cause?: unknown) => {
    if (LEVELS.indexOf(own) < LEVELS.indexOf(level)) return;
    const error = cause === undefined ? undefined : describe(cause, hide);
    const shown = Object.entries(facts).map(([name, value]) =>
      [name, typeof value === "string" ? hide(value) : value] as const
    );
    const said = { event, ...Object.fromEntries(shown), error };
    write(JSON.stringify({ at: new Date().toISOString(), level: own, ...said }));
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), hide };
}

/** Name, message and place of an error, and nothing else it carries: clients hang secrets on theirs. */
export function describe(cause: unknown, hide: (text: string) => string = redact): string {
  if (!(cause instanceof Error)) return "a value was thrown that is no error";
  const place = cause.stack?.split("\n").filter((line) => /^\s+at /.test(line)).slice(0, 3)
    .map((line) => line.trim()).join(" ") ?? "";
  return hide(`${cause.name}: ${cause.message} ${place}`.trim());
}
