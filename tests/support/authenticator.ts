import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server";
import type { NewPasskey, PasskeyAnswer } from "../../domain/factors/passkeys.ts";

/** How the device behaves, where it is not as it should. */
export interface Odd {
  /** From which page the browser says it was asked. */
  origin?: string;
  /** Of which site the key is. */
  rpId?: string;
  /** Nobody showed a finger, a face or a PIN. */
  unverified?: boolean;
  /** As the device counts its uses. */
  uses?: number;
  challenge?: string;
  type?: string;
}

const base64url = (bytes: Uint8Array) =>
  bytes.toBase64({ alphabet: "base64url", omitPadding: true });
const utf8 = (text: string) => new TextEncoder().encode(text);
const sha256 = async (bytes: Uint8Array<ArrayBuffer>) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A head of CBOR (RFC 8949, 3): the major type and a number below 65,536. */
function head(major: number, n: number): Uint8Array {
  if (n < 24) return Uint8Array.of(major << 5 | n);
  if (n < 256) return Uint8Array.of(major << 5 | 24, n);
  return Uint8Array.of(major << 5 | 25, n >> 8, n & 255);
}
const int = (n: number) => n < 0 ? head(1, -1 - n) : head(0, n);
const bytesOf = (bytes: Uint8Array) => concat(head(2, bytes.length), bytes);
const textOf = (text: string) => concat(head(3, text.length), utf8(text));
const mapOf = (pairs: [Uint8Array, Uint8Array][]) => concat(head(5, pairs.length), ...pairs.flat());

/** ASN.1: two integers, as signatures of ECDSA are written. */
function der(raw: Uint8Array): Uint8Array {
  const integer = (part: Uint8Array) => {
    let from = 0;
    while (from < part.length - 1 && part[from] === 0) from++;
    const short = part.slice(from);
    const positive = short[0]! > 127 ? concat(Uint8Array.of(0), short) : short;
    return concat(Uint8Array.of(2, positive.length), positive);
  };
  const both = concat(integer(raw.slice(0, 32)), integer(raw.slice(32)));
  return concat(Uint8Array.of(48, both.length), both);
}

/** A device that keeps one passkey, with a browser in front of it (Web Authentication, level 3). */
export class Authenticator {
  readonly id = base64url(crypto.getRandomValues(new Uint8Array(32)));
  #userHandle = "";
  #uses = 0;

  private constructor(private readonly pair: CryptoKeyPair, private readonly origin: string) {}

  static async create(origin: string): Promise<Authenticator> {
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    return new Authenticator(pair, origin);
  }

  async make(
    { challenge, user, rp }: PublicKeyCredentialCreationOptionsJSON,
    odd: Odd = {},
  ): Promise<NewPasskey> {
    this.#userHandle = user.id;
    const id = Uint8Array.fromBase64(this.id, { alphabet: "base64url" });
    const named = concat(new Uint8Array(16), Uint8Array.of(0, id.length), id, await this.#cose());
    const data = concat(await this.#data(odd.rpId ?? rp.id!, { odd, flags: 0x40 }), named);
    const attestation = mapOf([
      [textOf("fmt"), textOf("none")],
      [textOf("attStmt"), mapOf([])],
      [textOf("authData"), bytesOf(data)],
    ]);
    const clientData = this.#clientData("webauthn.create", challenge, odd);
    return {
      ...this.#named(),
      response: {
        clientDataJSON: base64url(clientData),
        attestationObject: base64url(attestation),
        transports: ["internal"],
      },
    };
  }

  async use(
    { challenge, rpId }: PublicKeyCredentialRequestOptionsJSON,
    odd: Odd = {},
  ): Promise<PasskeyAnswer> {
    const data = await this.#data(odd.rpId ?? rpId!, { odd, flags: 0 });
    const clientData = this.#clientData("webauthn.get", challenge, odd);
    const signed = concat(data, await sha256(clientData));
    const how = { name: "ECDSA", hash: "SHA-256" };
    const raw = await crypto.subtle.sign(how, this.pair.privateKey, signed);
    return {
      ...this.#named(),
      response: {
        clientDataJSON: base64url(clientData),
        authenticatorData: base64url(data),
        signature: base64url(der(new Uint8Array(raw))),
        userHandle: this.#userHandle,
      },
    };
  }

  #named() {
    const type = "public-key" as const;
    return { id: this.id, rawId: this.id, type, clientExtensionResults: {} };
  }

  #clientData(type: string, challenge: string, odd: Odd): Uint8Array<ArrayBuffer> {
    const { origin = this.origin } = odd;
    const said = { type: odd.type ?? type, challenge: odd.challenge ?? challenge, origin };
    return utf8(JSON.stringify({ ...said, crossOrigin: false }));
  }

  async #data(rpId: string, { odd, flags }: { odd: Odd; flags: number }): Promise<Uint8Array> {
    const uses = odd.uses ?? ++this.#uses;
    const all = flags | 0x01 | (odd.unverified ? 0 : 0x04);
    const count = Uint8Array.of(uses >> 24, uses >> 16, uses >> 8, uses);
    return concat(await sha256(utf8(rpId)), Uint8Array.of(all), count);
  }

  async #cose(): Promise<Uint8Array> {
    const { x, y } = await crypto.subtle.exportKey("jwk", this.pair.publicKey);
    const part = (text = "") => bytesOf(Uint8Array.fromBase64(text, { alphabet: "base64url" }));
    return mapOf([[int(1), int(2)], [int(3), int(-7)], [int(-1), int(1)], [int(-2), part(x)], [
      int(-3),
      part(y),
    ]]);
  }
}
