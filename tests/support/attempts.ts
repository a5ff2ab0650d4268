import { AppError } from "../../core/errors.ts";
import { Hashing, useHashing } from "../../domain/accounts/passwords.ts";
import { signIn } from "../../domain/accounts/sign_in.ts";
import type { Found, Started } from "../../domain/accounts/sessions.ts";
import type { Admitted } from "../../domain/factors/second_step.ts";
import type { TestApp } from "./app.ts";
import { OTHER_PASSWORD, PASSWORD } from "./door.ts";
import { CHEAP } from "./hash.ts";

/** What is typed, and from where; by default what is right for Ada. */
export interface Attempt {
  email?: string;
  password?: string;
  address?: string;
}

/** Of who has no second factor: the session that signing in came to. */
export async function letIn(admitted: Promise<Admitted>): Promise<Started & Found> {
  const came = await admitted;
  if ("ticket" in came) throw new Error("A second factor is asked for");
  return came;
}

/** Tries to sign in. */
export const attempt = (t: TestApp, { email, password, address }: Attempt = {}) =>
  letIn(signIn(t.app, {
    email: email ?? "ada@example.org",
    password: password ?? PASSWORD,
    address: address ?? "203.0.113.7",
    agent: "Test/1.0",
  }));

/** How an attempt ends: its code, and after how many seconds to come back. */
export function outcome(t: TestApp, how: Attempt = {}): Promise<string> {
  return outcomeOf("in", () => attempt(t, how));
}

/** As `outcome` of anything else; `well` where it succeeds. */
export async function outcomeOf(well: string, how: () => Promise<unknown>): Promise<string> {
  try {
    await how();
    return well;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { code, retryAfterMs } = error;
    return retryAfterMs === undefined ? code : `${code} ${retryAfterMs / 1_000}`;
  }
}

/** Hashes in another way until the end of the block. */
export function hashingWith(other: Hashing): Disposable {
  useHashing(other);
  return { [Symbol.dispose]: () => useHashing(new Hashing(CHEAP)) };
}

/** A good password, but not Ada's. */
export const wrong = { password: OTHER_PASSWORD };
