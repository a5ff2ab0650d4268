import type { App } from "../../core/app.ts";
import { AppError, notFound } from "../../core/errors.ts";
import { keys } from "../../kv/keys.ts";
import type { Account } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";

const MAX_NAME_CHARS = 40;
const MAX_ZONE_CHARS = 64;
/** Unless they say otherwise; pages know the browser's. */
export const DEFAULT_ZONE = "UTC";

/**
 * A name as other people may see it, also in mail to strangers: so it holds no address that a mail
 * program would make a link of, nothing that hides or turns text round, and no word that looks like
 * another one.
 *
 * @throws {AppError} `invalid` of "name".
 */
export function parseName(text: string): string {
  const name = text.trim().replace(/ {2,}/g, " ").normalize("NFC");
  const why = name === ""
    ? "it is empty"
    : [...name].length > MAX_NAME_CHARS
    ? `it is longer than ${MAX_NAME_CHARS} characters`
    : isHidden(name)
    ? "it has line breaks, control characters or signs that cannot be seen"
    : !/\p{L}/u.test(name)
    ? "it has no letter"
    : /:\/\/|www\.|@|[\p{L}\p{N}-][.。]\p{L}{2,}/iu.test(name.normalize("NFKC"))
    ? "it looks like an address, put a space behind each dot"
    : name.split(/[^\p{L}\p{M}]+/u).some(isDisguised)
    ? "a word of it mixes letters of two alphabets that look alike"
    : null;
  if (why) throw new AppError("invalid", `Cannot use this name: ${why}`, { field: "name" });
  return name;
}

/** Joiners are part of words in some scripts; all other characters without a face are refused. */
function isHidden(name: string): boolean {
  return /[\p{C}\p{Zl}\p{Zp}]/u.test(name.replace(/(?<=\S)[\u200c\u200d](?=\S)/gu, ""));
}

/** Letters that look alike stand for one another: "Аda" with a Cyrillic А is not Ada. */
function isDisguised(word: string): boolean {
  return [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u]
    .filter((script) => script.test(word)).length > 1;
}

/** The IANA name of a time zone, spelled as the registry does. @throws {AppError} `invalid` of "zone". */
export function parseZone(text: string): string {
  if (text.length <= MAX_ZONE_CHARS && /^[A-Za-z][\w+/-]*$/.test(text)) {
    try {
      return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
    } catch {
      // the answer below
    }
  }
  throw new AppError("invalid", "Cannot use this time zone: say one as in Europe/Berlin", {
    field: "zone",
  });
}

/** Changes what a person says of themselves. @throws {AppError} `invalid`, naming the field. */
export async function updateProfile(
  app: App,
  { accountId, name, zone }: { accountId: string; name?: string; zone?: string },
): Promise<Account> {
  const change = {
    ...name === undefined ? {} : { name: parseName(name) },
    ...zone === undefined ? {} : { zone: parseZone(zone) },
  };
  return await transact(app, async (tx) => {
    const account = await tx.get(keys.account(accountId));
    if (account === null) throw notFound("account");
    const changed = { ...account, ...change };
    tx.set(keys.account(accountId), changed);
    return changed;
  });
}
