import { AssertionError } from "@std/assert";
import type { App } from "../../core/app.ts";
import { secretsOf } from "../../core/redact.ts";
import type { AuditLine, JobRecord } from "../../kv/schema.ts";

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

/** What the store keeps to be shown: why jobs failed, and what was audited. */
export async function toldInStore(kv: Deno.Kv): Promise<string[]> {
  const jobs = await Array.fromAsync(kv.list<JobRecord>({ prefix: ["job"] }));
  const audit = await Array.fromAsync(kv.list<AuditLine>({ prefix: ["audit"] }));
  return [
    ...jobs.map(({ value: { errors, reason } }) => JSON.stringify([errors, reason])),
    ...audit.map(({ value: { act, by, about, facts } }) => JSON.stringify([act, by, about, facts])),
  ];
}

/** Settings that nobody may read. */
const SECRET = /SECRET|PASSWORD|TOKEN|KEY|SMTP_URL/;
/** The one link that is printed to be used: whoever reads it runs the machine. */
const SET_UP = /\/setup\/[\w-]{43}/g;

/** Looks through what a program with these settings has printed. @throws {AssertionError} naming it. */
export function assertNothingPrinted(env: Record<string, string>, printed: string): void {
  const secrets = Object.entries(env).filter(([name]) => SECRET.test(name)).flatMap(([, value]) => {
    const password = URL.parse(value)?.password;
    return password ? [password, decodeURIComponent(password)] : [value];
  }).filter((secret) => secret.length > 5);
  const line = printed.replace(SET_UP, "").split("\n").find((line) =>
    secrets.some((secret) => line.includes(secret)) || /[\w-]{43,}/.test(line)
  );
  if (line) throw new AssertionError({ message: `something secret was printed: ${line}` });
}

/** Looks through an answer that tells of an error. @throws {AssertionError} naming the secret's place. */
export async function assertAnswerHides(
  app: Pick<App, "config" | "secret">,
  response: Response,
): Promise<void> {
  if (response.status < 400 || response.body === null) return;
  const text = await response.clone().text();
  const secret = secretsOfApp(app).find((one) => text.includes(one));
  if (secret === undefined) return;
  const at = text.indexOf(secret);
  const message = `something secret was answered: ${text.slice(Math.max(0, at - 200), at + 100)}`;
  throw new AssertionError({ message });
}

/** Looks through all that a test's app has told. @throws {AssertionError} naming the line. */
export function assertNothingTold(
  app: Pick<App, "config" | "secret">,
  lines: readonly string[],
): void {
  const secrets = secretsOfApp(app);
  for (const line of lines) {
    const told = secrets.some((secret) => line.includes(secret)) ||
      NEVER.some((never) => never.test(line));
    if (told) throw new AssertionError({ message: `something secret was told: ${line}` });
  }
}
