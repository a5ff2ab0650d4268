import { z } from "zod";

/** Bytes as base64url; none of what browsers send here is longer. */
const bytes = z.string().max(8_192).regex(/^[\w-]*$/);
/** What browsers add beside it, now and later, is left out. */
const passkey = <T extends z.ZodRawShape>(response: T) =>
  z.object({
    id: bytes,
    rawId: bytes,
    type: z.literal("public-key"),
    response: z.object({ clientDataJSON: bytes, ...response }),
    clientExtensionResults: z.unknown().transform(() => ({})),
  });

/** A passkey that a device has made, as `PublicKeyCredential.toJSON` writes it. */
export const NewPasskeyBody = passkey({
  attestationObject: bytes,
  transports: z.array(z.string().max(20).regex(/^[a-z-]+$/)).max(10).optional(),
});
/** A passkey that was used. */
export const PasskeyBody = passkey({
  authenticatorData: bytes,
  signature: bytes,
  userHandle: bytes.nullish().transform((handle) => handle ?? undefined),
});

/** The same in a form, as JSON. */
export const passkeyText = z.string().max(32_768).default("");

/** Reads such a text; null for what is none. */
export function passkeyIn<T>(schema: z.ZodType<T>, text: string): T | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const read = schema.safeParse(json);
  return read.success ? read.data : null;
}
