/** A key pair and a certificate that vouches for itself, in PEM. */
export interface Certificate {
  key: string;
  cert: string;
}

/**
 * Makes a certificate for "localhost", 127.0.0.1 and 0.0.0.0 that is valid from an hour before `now`
 * for `hours` in all.
 */
export async function makeCertificate(now = Date.now(), hours = 24): Promise<Certificate> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const pair = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const from = now - 3_600_000;
  const name = seq(set(seq(oid("550403"), tlv(0x0c, text("test")))));
  const names = seq(
    tlv(0x82, text("localhost")),
    tlv(0x87, new Uint8Array([127, 0, 0, 1])),
    tlv(0x87, new Uint8Array([0, 0, 0, 0])),
  );
  const ecdsaWithSha256 = seq(oid("2a8648ce3d040302"));
  const body = seq(
    tlv(0xa0, integer(new Uint8Array([2]))), // version 3
    integer(crypto.getRandomValues(new Uint8Array(8))),
    ecdsaWithSha256,
    name,
    seq(time(from), time(from + hours * 3_600_000)),
    name,
    publicKey,
    tlv(0xa3, seq(seq(oid("551d11"), tlv(0x04, names)))),
  );
  const raw = new Uint8Array(await crypto.subtle.sign(algorithm, pair.privateKey, body));
  const signature = seq(integer(raw.slice(0, 32)), integer(raw.slice(32)));
  const cert = seq(body, ecdsaWithSha256, tlv(0x03, new Uint8Array([0]), signature));
  const key = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey));
  return { key: pem("PRIVATE KEY", key), cert: pem("CERTIFICATE", cert) };
}

type Bytes = Uint8Array<ArrayBuffer>;

/** One DER value: tag, length, content. */
function tlv(tag: number, ...parts: Bytes[]): Bytes {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const size = length < 0x80
    ? [length]
    : length < 0x100
    ? [0x81, length]
    : [0x82, length >> 8, length & 0xff];
  return new Uint8Array([tag, ...size, ...parts.flatMap((part) => [...part])]);
}

const seq = (...parts: Bytes[]) => tlv(0x30, ...parts);
const set = (...parts: Bytes[]) => tlv(0x31, ...parts);
const oid = (hex: string) => tlv(0x06, Uint8Array.fromHex(hex));
const text = (value: string) => new TextEncoder().encode(value);
const time = (at: number) =>
  tlv(0x18, text(new Date(at).toISOString().replace(/[-:T]|\.\d+/g, "")));

/** A number that is not negative: without zeros in front, but with one where the first bit is set. */
function integer(bytes: Bytes): Bytes {
  const start = bytes.findIndex((byte) => byte !== 0);
  const rest = bytes.slice(start < 0 ? bytes.length - 1 : start);
  return tlv(0x02, (rest[0] ?? 0) > 0x7f ? new Uint8Array([0, ...rest]) : rest);
}

function pem(label: string, der: Bytes): string {
  const lines = der.toBase64().match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
