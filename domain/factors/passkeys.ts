import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import type { App } from "../../core/app.ts";
import { familyOf } from "../../core/device.ts";
import { AppError } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account, Factors, Passkey } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import { accountByAddress, isOpen } from "../accounts/accounts.ts";
import { type Added, addFactor, type FactorOwner } from "./factor_change.ts";
import { factorsIn, factorsOf, writeFactors } from "./factors.ts";
import { CHALLENGE_MS, newChallenge, useChallenge } from "./passkey_challenge.ts";

/** What a device answers, as `PublicKeyCredential.toJSON` writes it. */
export type NewPasskey = RegistrationResponseJSON;
export type PasskeyAnswer = AuthenticationResponseJSON;

export const MAX_PASSKEYS = 10;
const MAX_NAME_CHARS = 40;

/** Loaded when first needed: it reads certificates of all kinds, and most requests want none. */
const library = () => import("@simplewebauthn/server");

/** Whether browsers make passkeys for where people come: they are bound to a name, not to a number. */
export function passkeysWork({ origin }: App["config"]): boolean {
  const { hostname } = new URL(origin);
  return !/^\[|^\d+(\.\d+){3}$/.test(hostname);
}

function requireName({ config }: Pick<App, "config">): string {
  if (passkeysWork(config)) return new URL(config.origin).hostname;
  const why = "they need a name, and this service is reached by a number";
  throw new AppError("conflict", `Cannot use passkeys: ${why}`);
}

/** What a browser needs to make a passkey. @throws {AppError} `conflict` where there can be none. */
export async function passkeyOffer(app: App, { id, email, name }: Account) {
  const rpID = requireName(app);
  const { passkeys } = await factorsOf(app, id);
  const { generateRegistrationOptions } = await library();
  return await generateRegistrationOptions({
    rpName: "Clock Work",
    rpID,
    userID: new TextEncoder().encode(id),
    userName: email,
    userDisplayName: name,
    challenge: await newChallenge(app, { register: id }),
    timeout: CHALLENGE_MS,
    attestationType: "none",
    excludeCredentials: passkeys.map(({ id, transports }) => ({ id, transports })),
    // Whoever holds the device must show that it is theirs: then one press is two factors.
    authenticatorSelection: { residentKey: "preferred", userVerification: "required" },
  });
}

/**
 * Takes a passkey into use that a device made for an offer.
 *
 * @throws {AppError} `invalid` of "credential" or "name"; as `addFactor`.
 */
export async function addPasskey(
  app: App,
  owner: FactorOwner,
  { name: typed = "", credential }: { name?: string; credential: NewPasskey },
): Promise<Added> {
  const rpID = requireName(app);
  const name = parseName(typed) || familyOf(owner.agent);
  const { id: accountId } = owner.account;
  const { clientDataJSON, transports = [] } = credential.response;
  const challenge = await useChallenge(app, { register: accountId }, clientDataJSON);
  if (challenge === null) throw refused("it took too long, try again");
  const { verifyRegistrationResponse } = await library();
  const made = await verifyRegistrationResponse({
    response: credential,
    expectedChallenge: challenge,
    expectedOrigin: app.config.origin,
    expectedRPID: rpID,
    requireUserVerification: true,
  }).catch(() => null); // it says by throwing what is wrong with what a stranger sent
  if (!made?.verified) throw refused("the device did not make it as it should, try again");
  const { id, publicKey, counter } = made.registrationInfo.credential;
  const addedAt = app.clock.now();
  const passkey = { id, publicKey, uses: counter, transports, name, addedAt, usedAt: null };
  return await addFactor(app, owner, {
    kind: "passkey",
    change: (factors) => withPasskey(factors, passkey),
  });
}

function withPasskey(factors: Factors, passkey: Passkey): Factors {
  const { passkeys } = factors;
  if (passkeys.some(({ id }) => id === passkey.id)) throw refused("you have it already");
  if (passkeys.length >= MAX_PASSKEYS) {
    throw refused(`there are ${MAX_PASSKEYS} already, remove one first`);
  }
  return { ...factors, passkeys: [...passkeys, passkey] };
}

function refused(why: string): AppError {
  return new AppError("invalid", `Cannot add this passkey: ${why}`, { field: "credential" });
}

function parseName(text: string): string {
  const name = text.replace(/\p{C}/gu, "").trim().replace(/\s+/g, " ");
  if ([...name].length <= MAX_NAME_CHARS) return name;
  const why = `it is longer than ${MAX_NAME_CHARS} characters`;
  throw new AppError("invalid", `Cannot use this name: ${why}`, { field: "name" });
}

/** What a browser needs to use a passkey: one of `account`, or whichever it has of ours. */
export async function passkeyQuestion(app: App, account: Account | null) {
  const rpID = requireName(app);
  const passkeys = account === null ? [] : (await factorsOf(app, account.id)).passkeys;
  const { generateAuthenticationOptions } = await library();
  return await generateAuthenticationOptions({
    rpID,
    challenge: await newChallenge(app, "check"),
    timeout: CHALLENGE_MS,
    userVerification: "required",
    allowCredentials: passkeys.map(({ id, transports }) => ({ id, transports })),
  });
}

/** Whose passkey an answer says it is of; `holder` where the device does not say. */
export async function passkeyHolder(
  app: App,
  { response: { userHandle } }: PasskeyAnswer,
  holder: Account | null,
): Promise<Account | null> {
  if (userHandle === undefined) return holder;
  let id: string;
  try {
    const bytes = Uint8Array.fromBase64(userHandle, { alphabet: "base64url" });
    id = new TextDecoder().decode(bytes).slice(0, 64);
  } catch {
    return null;
  }
  const account = await read(app, keys.account(id));
  if (account === null || !isOpen(account)) return null;
  // As by password: who has lost the address has lost the way in.
  return (await accountByAddress(app, account.email))?.id === id ? account : null;
}

/** Whether an answer to a question of ours was signed by a passkey of this account, now. */
export async function checkPasskey(
  app: App,
  ref: Account,
  answer: PasskeyAnswer,
): Promise<boolean> {
  const rpID = requireName(app);
  const challenge = await useChallenge(app, "check", answer.response.clientDataJSON);
  const passkey = (await factorsOf(app, ref.id)).passkeys.find(({ id }) => id === answer.id);
  if (challenge === null || passkey === undefined) return false;
  const { verifyAuthenticationResponse } = await library();
  const { id, publicKey, uses: counter } = passkey;
  const checked = await verifyAuthenticationResponse({
    response: answer,
    expectedChallenge: challenge,
    expectedOrigin: app.config.origin,
    expectedRPID: rpID,
    credential: { id, publicKey: Uint8Array.from(publicKey), counter },
    requireUserVerification: true,
  }).catch(() => null); // as above
  if (!checked?.verified) return false;
  const { newCounter: uses } = checked.authenticationInfo;
  return await transact(app, async (tx) => {
    const { account, factors } = await factorsIn(tx, ref);
    const there = factors.passkeys.some((one) => one.id === id && one.uses === counter);
    if (!there) return false; // removed meanwhile, or a copy of it was used at the same moment
    const usedAt = app.clock.now();
    const passkeys = factors.passkeys.map((one) => one.id === id ? { ...one, uses, usedAt } : one);
    writeFactors(app, tx, account, { ...factors, passkeys });
    return true;
  });
}
