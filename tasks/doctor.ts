/**
 * Looks at everything that the server needs and says what to do about what is wrong:
 * `deno task doctor`, or with `--send-test ADDRESS` to send one message too. Ends with 1 when something
 * is wrong. Prints no secret.
 */
import { z } from "zod";
import { type Config, ConfigError, readConfig } from "../core/config.ts";
import { lookAtClock } from "./doctor/clock.ts";
import { lookAtDomain } from "./doctor/domain.ts";
import { type Finding, ill, lineOf, well } from "./doctor/finding.ts";
import { lookAtMail, sendTest } from "./doctor/mail.ts";
import { lookAtStore } from "./doctor/store.ts";
import { lookAtTelegram } from "./doctor/telegram.ts";

const findings: Finding[] = [];

function say(finding: Finding): void {
  findings.push(finding);
  // deno-lint-ignore no-console -- for the person at the terminal
  console.log(lineOf(finding));
}

/** To whom a test goes, null for no test, or undefined when that was not said as it should be. */
function testAddress([flag, address, ...more]: readonly string[]): string | null | undefined {
  if (flag === undefined) return null;
  const fine = flag === "--send-test" && more.length === 0;
  return fine && z.email().safeParse(address).success ? address : undefined;
}

function settings(): Config | null {
  try {
    const config = readConfig(Deno.env.toObject());
    say(well("settings", `good, for ${config.origin}`));
    return config;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    say(ill("settings", error.problems.join("\n            "), "set them as it says there"));
    return null;
  }
}

async function examine(config: Config, to: string | null): Promise<void> {
  const { finding, store, close } = await lookAtStore(config);
  say(finding);
  const others = [
    lookAtClock(config),
    lookAtMail(config),
    lookAtDomain(config),
    lookAtTelegram(config),
  ];
  for (const found of await Promise.all(others)) say(found);
  if (to !== null) say(await sendTest(config, { to, store }));
  close();
}

const to = testAddress(Deno.args);
if (to === undefined) {
  say(ill("doctor", "cannot read this", "say deno task doctor, or … --send-test you@example.org"));
} else {
  const config = settings();
  if (config !== null) await examine(config, to);
}
Deno.exit(findings.every(({ ok }) => ok) ? 0 : 1);
