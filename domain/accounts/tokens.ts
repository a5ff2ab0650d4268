import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Token, TokenPurpose } from "../../kv/schema.ts";
import type { Tx } from "../../kv/transact.ts";
import { addressHash } from "../recipients/address_hash.ts";
import { hmac, randomText, sha256 } from "./digest.ts";

/** How long the link of an activation letter works, ms: one day. */
export const ACTIVATE_MS = 24 * 3_600_000;

export interface NewToken {
  purpose: TokenPurpose;
  /** What it is about: an account, a delivery. */
  subject: string;
  /** Of the account, for what must end with its sessions: whoever uses it compares. */
  epoch?: number;
  /** `Infinity` for one that only its use ends. */
  lifeMs: number;
}

/**
 * Makes a right to do one thing once.
 *
 * @returns an id from which `tokenValue` makes what the link carries. The store holds neither the
 *   value nor, for what is not in a job's payload, the id.
 */
export async function issueToken(
  app: Pick<App, "secret" | "clock">,
  tx: Tx,
  { lifeMs, ...token }: NewToken,
): Promise<string> {
  const tokenId = randomText(128);
  const key = await keyOf(await tokenValue(app, token.purpose, tokenId));
  tx.set(key, { ...token, expiresAt: app.clock.now() + lifeMs });
  return tokenId;
}

/** As `issueToken`; the one before for the same address, and only that, no longer works. */
export async function issueNewest(
  app: Pick<App, "secret" | "clock">,
  tx: Tx,
  { address, ...token }: NewToken & { address: string },
): Promise<string> {
  const newest = keys.newestToken(token.purpose, await addressHash(app, address));
  const before = await tx.get(newest);
  if (before !== null) tx.delete(keys.token(before.hash));
  const tokenId = await issueToken(app, tx, token);
  const hash = await tokenHash(app, token.purpose, tokenId);
  tx.set(newest, { hash, expiresAt: app.clock.now() + token.lifeMs });
  return tokenId;
}

/** What the link of a token carries. Made anew whenever a letter is written, and kept nowhere. */
export function tokenValue(
  { secret }: Pick<App, "secret">,
  purpose: TokenPurpose,
  tokenId: string,
): Promise<string> {
  return hmac(secret, `${purpose}:${tokenId}`);
}

/** Of what the link of a token carries: what the store knows it by. */
export async function tokenHash(
  app: Pick<App, "secret">,
  purpose: TokenPurpose,
  tokenId: string,
): Promise<string> {
  return await sha256(await tokenValue(app, purpose, tokenId));
}

/** What a link is good for, for the page that it opens. @throws {AppError} `not_found`. */
export async function peekToken(
  app: Pick<App, "store" | "clock">,
  purpose: TokenPurpose,
  value: string,
): Promise<Token> {
  return valid(app, purpose, looksRight(value) ? await read(app, await keyOf(value)) : null);
}

/**
 * Uses a token up, if the commit goes through.
 *
 * @throws {AppError} `not_found`, in the same words for what is used, expired, of another purpose or
 *   was never made.
 */
export async function useToken(
  app: Pick<App, "clock">,
  tx: Tx,
  purpose: TokenPurpose,
  value: string,
): Promise<Token> {
  const key = looksRight(value) ? await keyOf(value) : null;
  const token = valid(app, purpose, key && await tx.get(key));
  if (key) tx.delete(key);
  return token;
}

/** Takes back a token that was not used. */
export async function revokeToken(
  app: Pick<App, "secret">,
  tx: Tx,
  { purpose, tokenId }: { purpose: TokenPurpose; tokenId: string },
): Promise<void> {
  tx.delete(await keyOf(await tokenValue(app, purpose, tokenId)));
}

function valid(app: Pick<App, "clock">, purpose: TokenPurpose, token: Token | null): Token {
  // The time is in the value: what the store expires can be read for a minute more.
  if (token?.purpose === purpose && token.expiresAt > app.clock.now()) return token;
  throw linkNotFound(purpose);
}

/** The one answer for a link of its kind that does not work, whatever the reason. */
export function linkNotFound(purpose?: TokenPurpose): AppError {
  const why = "Cannot use this link: it was used before, or it is too old";
  const next = "while there is no admin, a restart of the server prints a new one";
  return new AppError("not_found", purpose === "setup" ? `${why}; ${next}` : why);
}

/** Looked up by its hash, so that how long the store takes tells nothing about the value. */
const keyOf = async (value: string) => keys.token(await sha256(value));
const looksRight = (value: string) => /^[\w-]{43}$/.test(value);
