import { type TestApp, testApp, type TestAppOptions } from "./app.ts";
import { TestMailer } from "./mailer.ts";

/** An app whose letters leave. */
export async function mailingApp(
  { env, ...options }: TestAppOptions = {},
): Promise<{ t: TestApp; mailer: TestMailer }> {
  const mailer = new TestMailer();
  const all = { MAIL_FROM: "clock@example.org", ...env };
  return { t: await testApp({ ...options, env: all, mailer }), mailer };
}

/** The paths of ours in the letters to an address, the newest first; those that begin so. */
export function pathsTo(mailer: TestMailer, to: string, begin: string): string[] {
  const texts = mailer.accepted.filter(({ to: { address } }) => address === to).map((mail) =>
    mail.text
  );
  const paths = texts.flatMap((text) => text.match(/https?:\/\/[^\s/]+(\/\S*)/)?.slice(1) ?? []);
  return paths.filter((path) => path.startsWith(begin)).reverse();
}

/** Of whom letters are, and what they are called, oldest first. */
export function subjects(mailer: TestMailer): [string, string][] {
  return mailer.accepted.map(({ to, subject }) => [to.address, subject]);
}
