import { Hashing, hashPassword, useHashing } from "../domain/accounts/passwords.ts";
import type { Account } from "../kv/schema.ts";
import type { TestApp } from "../tests/support/app.ts";
import { hours } from "../tests/support/clock.ts";
import { member, OTHER_PASSWORD as password } from "../tests/support/door.ts";
import type { Client } from "../tests/support/http.ts";
import { mailingApp } from "../tests/support/letters.ts";
import { visitor } from "../tests/support/site.ts";

/** How often each is asked. */
export const SAMPLES = 200;

const doors: Record<string, (who: Client, email: string) => Promise<Response>> = {
  "sign in": (who, email) => who.post("/api/session", { email, password }),
  "sign up": (who, email) => who.post("/api/accounts", { email, password, name: "Ada" }),
  "new password": (who, email) => who.post("/api/accounts/reset", { email }),
  "mailed link": (who, email) => who.post("/api/session/mail", { email }),
};

const whose: Record<string, Partial<Account> | null> = {
  known: {},
  unknown: null,
  suspended: { suspended: { at: 1, by: "root" } },
};

export interface Enumeration {
  door: string;
  /** How long an answer takes, ms. */
  medians: Record<string, number>;
  /** Between the quickest and the slowest of them. */
  apartMs: number;
}

/** How long each door takes for addresses that have an account and others, with the real hash. */
export async function enumeration(): Promise<Enumeration[]> {
  useHashing(new Hashing());
  const stored = await hashPassword(password + " and more");
  const found: Enumeration[] = [];
  for (const [door, ask] of Object.entries(doors)) {
    const { t } = await mailingApp();
    await using _ = t;
    Object.assign(t.app.waker, { wake: () => {} }); // letters would be written beside the next
    const took = await timed(t, ask, stored);
    const medians = Object.fromEntries(
      Object.entries(took).map(([who, times]) => [who, times.sort((a, b) => a - b)[SAMPLES / 2]!]),
    );
    const all = Object.values(medians);
    found.push({ door, medians, apartMs: Math.max(...all) - Math.min(...all) });
  }
  return found;
}

/** Asked before, for the machine to get warm. */
const WARM = 10;

/** One of each in turn, so that what else the machine does falls on all of them. */
async function timed(t: TestApp, ask: typeof doors[string], stored: string) {
  const took: Record<string, number[]> = {};
  const emailOf = (who: string, i: number) => `${who}${i}@example.org`;
  for (const [who, change] of Object.entries(whose)) {
    for (let i = 0; change !== null && i < WARM + SAMPLES; i++) {
      await member(t.app, { email: emailOf(who, i), password: stored, ...change });
    }
  }
  for (let i = 0; i < WARM + SAMPLES; i++) {
    for (const who of Object.keys(whose)) {
      const client = await visitor(t);
      const start = performance.now();
      await (await ask(client, emailOf(who, i))).body?.cancel();
      if (i >= WARM) (took[who] ??= []).push(performance.now() - start);
      t.clock.advance(hours(6)); // nobody is too fast
    }
  }
  return took;
}
