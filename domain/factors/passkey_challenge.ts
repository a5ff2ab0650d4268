import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { transact } from "../../kv/transact.ts";
import { issueToken, tokenValue, useToken } from "../accounts/tokens.ts";

/** How long somebody may look for their key, ms. */
export const CHALLENGE_MS = 300_000;

/** What a device is to sign: to make a key for an account, or to show that it has one. */
export type ChallengeFor = { register: string } | "check";

const subjectOf = (what: ChallengeFor) => what === "check" ? what : `register ${what.register}`;

/** 256 bits to be signed once within five minutes. */
export async function newChallenge(
  app: App,
  what: ChallengeFor,
): Promise<Uint8Array<ArrayBuffer>> {
  const token = { purpose: "passkey", subject: subjectOf(what), lifeMs: CHALLENGE_MS } as const;
  const tokenId = await transact(app, (tx) => issueToken(app, tx, token));
  return Uint8Array.fromBase64(await tokenValue(app, "passkey", tokenId), BASE64);
}

/**
 * Uses up the challenge that a device says it has signed.
 *
 * @returns it as the device names it; null for one that is not of ours, too old or was used.
 */
export async function useChallenge(
  app: App,
  what: ChallengeFor,
  clientDataJSON: string,
): Promise<string | null> {
  const challenge = challengeIn(clientDataJSON);
  if (challenge === null) return null;
  try {
    const { subject } = await transact(app, (tx) => useToken(app, tx, "passkey", challenge));
    return subject === subjectOf(what) ? challenge : null;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}

const BASE64 = { alphabet: "base64url" } as const;

function challengeIn(clientDataJSON: string): string | null {
  try {
    const text = new TextDecoder().decode(Uint8Array.fromBase64(clientDataJSON, BASE64));
    const { challenge } = JSON.parse(text) as { challenge?: unknown };
    return typeof challenge === "string" ? challenge : null;
  } catch {
    return null;
  }
}
