import { Secret, TOTP } from "otpauth";
import { factorsOf, writeFactors } from "../../domain/factors/factors.ts";
import { newRecoveryCodes } from "../../domain/factors/recovery_codes.ts";
import { sealSecret } from "../../domain/factors/totp.ts";
import { keys } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import type { TestApp } from "./app.ts";

/** An app with codes on somebody's phone. */
export interface Phone {
  /** What it shows so many steps of 30 s from now. */
  code(steps?: number): string;
  /** The recovery codes that its owner wrote down. */
  codes: string[];
}

/** What an app with this key shows at a time. */
export function codeAt(secret: string, timestamp: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

/** Gives somebody an app with codes, as if they had long had it. */
export async function phoneOf(
  { app }: Pick<TestApp, "app">,
  { id }: Account,
): Promise<Phone> {
  const secret = crypto.getRandomValues(new Uint8Array(20));
  const { base32 } = new Secret({ buffer: secret.buffer });
  const sealed = await sealSecret(app, id, secret);
  const { codes, hashes } = await newRecoveryCodes();
  const factors = await factorsOf(app, id);
  await transact(app, async (tx) => {
    const account = await tx.get(keys.account(id));
    const totp = { sealed, addedAt: app.clock.now(), lastStep: 0 };
    writeFactors(app, tx, account!, { ...factors, totp, codes: hashes });
  });
  return { code: (steps = 0) => codeAt(base32, app.clock.now() + steps * 30_000), codes };
}

/** Gives somebody a passkey of which nobody has the other half. @returns its id. */
export async function passkeyOf({ app }: Pick<TestApp, "app">, { id }: Account): Promise<string> {
  const name = crypto.getRandomValues(new Uint8Array(16)).toBase64({ alphabet: "base64url" });
  const passkey = {
    id: name.replace(/=+$/, ""),
    publicKey: new Uint8Array(77),
    uses: 0,
    transports: ["internal"],
    name: "My laptop",
    addedAt: app.clock.now(),
    usedAt: null,
  };
  const factors = await factorsOf(app, id);
  await transact(app, async (tx) => {
    const account = await tx.get(keys.account(id));
    writeFactors(app, tx, account!, { ...factors, passkeys: [...factors.passkeys, passkey] });
  });
  return passkey.id;
}
