import { AssertionError } from "@std/assert";
import type { App } from "../../core/app.ts";
import { secretsOf } from "../../core/redact.ts";

/** What must never be told of an app: the secrets of its settings, and the bytes that sign. */
export function secretsOfApp({ config, secret }: Pick<App, "config" | "secret">): string[] {
  const written = [
    secret.toBase64(),
    secret.toBase64({ alphabet: "base64url", omitPadding: true }),
    secret.toHex(),
  ];
  return [...secretsOf(config), ...written];
}

/** What no line of a log has: 256 bits of a session or a link, and a whole address. */
const NEVER = [/[\w-]{43,}/, /[\w.+-]+@[\w-]+\.[a-z]{2,}/i];

/** Looks through all that a test's app has logged. @throws {AssertionError} naming the line. */
export function assertNothingTold(
  app: Pick<App, "config" | "secret">,
  lines: readonly string[],
): void {
  const secrets = secretsOfApp(app);
  for (const line of lines) {
    const told = secrets.some((secret) => line.includes(secret)) ||
      NEVER.some((never) => never.test(line));
    if (told) throw new AssertionError({ message: `something secret was logged: ${line}` });
  }
}
