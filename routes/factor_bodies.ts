import { z } from "zod";
import { PasskeyBody } from "./passkey_body.ts";

/** Six digits of an app, or a recovery code, as it is typed. */
export const code = z.string().max(64);
export const CodeBody = z.strictObject({ code });
export const CredentialBody = z.strictObject({ credential: PasskeyBody });
