import type { App } from "../../core/app.ts";
import { hmac } from "../accounts/digest.ts";
import type { LetterFrom } from "../recipients/suppressions.ts";

/** Names all that any instance sends; the domain that signs tells them apart. Five to fifteen letters. */
const SENDER = "clockwork";
const MARK_CHARS = 12;

/**
 * `Feedback-ID`, by which Gmail's Postmaster Tools tell in whose mail complaints are: the kind of
 * letter, then for a member's a mark that stands for them.
 */
export async function feedbackId(
  { secret }: Pick<App, "secret">,
  { kind, ownerId }: LetterFrom,
): Promise<string> {
  if (ownerId === null || kind === "account") return `${kind}:${SENDER}`;
  const mark = (await hmac(secret, `feedback:${ownerId}`)).slice(0, MARK_CHARS);
  return `${kind}:${mark}:${SENDER}`;
}
