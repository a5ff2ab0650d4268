/** The shapes of second factors; part of schema.ts. */

/** What an account asks for beside the password, and the codes for when that is lost. */
export interface Factors {
  /** An app that shows codes; null without one. */
  totp: Totp | null;
  passkeys: Passkey[];
  /** SHA-256 of each recovery code that was not used yet. */
  codes: string[];
}

/** What an app's codes are made of (RFC 6238). */
export interface Totp {
  /** Its secret, sealed for this account. */
  sealed: Uint8Array;
  addedAt: number;
  /** The last step of 30 s whose code was used: it and those before count no more. */
  lastStep: number;
}

/** A key pair of which a device keeps the other half (Web Authentication, level 3). */
export interface Passkey {
  /** As the device named it, base64url. */
  id: string;
  /** COSE. */
  publicKey: Uint8Array;
  /** How often it was used, as the device counts; 0 where it does not. */
  uses: number;
  /** How a browser reaches the device. */
  transports: string[];
  name: string;
  addedAt: number;
  usedAt: number | null;
}
