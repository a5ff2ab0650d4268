import { Secret, TOTP } from "otpauth";
import type { App } from "../../core/app.ts";
import { seal, unseal } from "./seal.ts";

/** RFC 6238, 5.2: a step of 30 s, and one of delay to either side. */
const STEP_MS = 30_000;
const WINDOW = 1;
/** RFC 4226, R6 recommends 160 bits. */
const SECRET_BYTES = 20;
/** How long somebody has to type the first code, ms. */
const OFFER_MS = 15 * 60_000;
const TIME_BYTES = 8;
const ISSUER = "Clock Work";

/** A secret that an app is to take, until its first code shows that it did. Nothing of it is stored. */
export interface TotpOffer {
  /** Base 32, to be typed. */
  secret: string;
  /** The same for a camera: otpauth://totp/… */
  uri: string;
  /** Brings it back to us unread and unaltered. */
  offer: string;
}

/** Offers an app a new secret. The offer is good for a quarter of an hour, and for this account only. */
export async function offerTotp(
  app: Pick<App, "secret" | "clock">,
  { id: accountId, email }: { id: string; email: string },
): Promise<TotpOffer> {
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  const bytes = new Uint8Array(TIME_BYTES + SECRET_BYTES);
  new DataView(bytes.buffer).setFloat64(0, app.clock.now());
  bytes.set(secret, TIME_BYTES);
  const sealed = await seal(app, { purpose: OFFER, accountId }, bytes);
  const totp = totpOf(secret, email);
  return {
    secret: totp.secret.base32,
    uri: totp.toString(),
    offer: sealed.toBase64({ alphabet: "base64url", omitPadding: true }),
  };
}

/** The secret of an offer; null for one that is too old, altered or another's. */
export async function offeredSecret(
  app: Pick<App, "secret" | "clock">,
  accountId: string,
  offer: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const sealed = bytesOf(offer);
  const bytes = sealed && await unseal(app, { purpose: OFFER, accountId }, sealed);
  if (bytes === null || bytes.length !== TIME_BYTES + SECRET_BYTES) return null;
  const at = new DataView(bytes.buffer).getFloat64(0);
  return app.clock.now() - at < OFFER_MS ? bytes.slice(TIME_BYTES) : null;
}

/** The secret as it is stored. */
export function sealSecret(
  app: Pick<App, "secret">,
  accountId: string,
  secret: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  return seal(app, { purpose: STORED, accountId }, secret);
}

/** The other way round; null where the instance's secret is another than when it was stored. */
export function openSecret(
  app: Pick<App, "secret">,
  accountId: string,
  sealed: Uint8Array,
): Promise<Uint8Array<ArrayBuffer> | null> {
  return unseal(app, { purpose: STORED, accountId }, sealed);
}

/** To which step of 30 s a code belongs, of those that count now; null for a code of none. */
export function stepOf(
  { clock }: Pick<App, "clock">,
  secret: Uint8Array<ArrayBuffer>,
  code: string,
): number | null {
  const timestamp = clock.now();
  const delta = totpOf(secret).validate({ token: code, timestamp, window: WINDOW });
  return delta === null ? null : Math.floor(timestamp / STEP_MS) + delta;
}

const [OFFER, STORED] = ["totp offer", "totp"];

/** SHA-1 and six digits are what every app understands; as an HMAC it is not broken (RFC 6238, 1.2). */
function totpOf({ buffer }: Uint8Array<ArrayBuffer>, label = "") {
  const secret = new Secret({ buffer });
  return new TOTP({ issuer: ISSUER, label, secret, algorithm: "SHA1", digits: 6, period: 30 });
}

function bytesOf(text: string): Uint8Array | null {
  try {
    return Uint8Array.fromBase64(text, { alphabet: "base64url" });
  } catch {
    return null;
  }
}
