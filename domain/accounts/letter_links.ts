import type { App } from "../../core/app.ts";
import { AppError } from "../../core/errors.ts";
import type { Payload } from "../../jobs/catalog.ts";
import type { TokenPurpose } from "../../kv/schema.ts";
import { peekLink } from "./account_links.ts";
import { peekEmail } from "./email_confirm.ts";
import { peekToken, tokenValue } from "./tokens.ts";

type Letter = Payload<"email_account">["letter"];

/** Letters that are about their link, and what that link may do. */
const purposes = {
  activate: "activate",
  reset: "reset",
  sign_in: "sign_in",
  email_change: "email_change",
  email_asked: "email_keep",
  email_changed: "email_keep",
} as const satisfies Partial<Record<Letter, TokenPurpose>>;

/**
 * Letters to an address because somebody says that it is theirs, and the answers to an owner whose it
 * is already: strangers have them written, so they obey what the address has chosen.
 */
const CLAIMS: readonly Letter[] = ["activate", "already_member", "email_change", "email_taken"];

const purposeOf = (letter: Letter) =>
  Object.hasOwn(purposes, letter) ? purposes[letter as keyof typeof purposes] : null;

/** What a letter is to who decides whether it may leave. */
export function kindOf(letter: Letter): "account" | "claim" {
  return CLAIMS.includes(letter) ? "claim" : "account";
}

/** Whether a limit of its own has counted a letter when it was asked for; see link_limits.ts. */
export function isLimited(letter: Letter): boolean {
  return purposeOf(letter) !== null;
}

/** What the link of a letter carries; empty for one without. */
export async function linkValue(
  app: App,
  { letter, tokenId = "" }: Pick<Payload<"email_account">, "letter" | "tokenId">,
): Promise<string> {
  const purpose = purposeOf(letter);
  return purpose === null ? "" : await tokenValue(app, purpose, tokenId);
}

/** Why the link that a letter is about would open nothing any more, in words; null while it does. */
export async function whyDead(
  app: App,
  letter: Letter | "own_address" | "invitation",
  value: string,
): Promise<string | null> {
  const purpose = letter === "own_address" || letter === "invitation" ? letter : purposeOf(letter);
  if (purpose === null) return null;
  try {
    if (purpose === "reset" || purpose === "sign_in") await peekLink(app, purpose, value);
    else if (purpose === "email_change" || purpose === "email_keep") {
      await peekEmail(app, purpose, value);
    } else await peekToken(app, purpose, value);
    return null;
  } catch (error) {
    if (!(error instanceof AppError && error.code === "not_found")) throw error;
    return "its link is too old, was used, or another took its place";
  }
}
