import type { App } from "../../core/app.ts";
import { keys } from "../../kv/keys.ts";
import { read } from "../../kv/read.ts";
import type { Account, Token } from "../../kv/schema.ts";
import { transact, type Tx } from "../../kv/transact.ts";
import { sitsAtMachine, writeLetter } from "./account_letters.ts";
import { isOpen } from "./accounts.ts";
import { addressKey, parseAddress } from "../recipients/addresses.ts";
import { auditSeldom } from "../admin/audit.ts";
import { provenHolder } from "./holder.ts";
import { addressResets, addressSignIns, askerLetters, networkLetters } from "./link_limits.ts";
import { networkHash, networkOf } from "./network.ts";
import {
  issueNewest,
  issueToken,
  linkNotFound,
  peekToken,
  tokenValue,
  useToken,
} from "./tokens.ts";
import { countTries } from "./tries.ts";

/** The letters whose link opens an account: by a new password, or at once. */
export type OpeningLetter = "reset" | "sign_in";

/** How long their links work, ms: NIST SP 800-63B-4 and the OWASP Forgot Password Cheat Sheet. */
export const LINK_MS: Record<OpeningLetter, number> = { reset: 1_800_000, sign_in: 600_000 };

export interface AskedLink {
  letter: OpeningLetter;
  email: string;
  /** From which network address it is asked. */
  address: string;
  /** Where to go on afterwards; a path of ours. */
  next?: string;
}

/**
 * Has a link mailed that opens the account of an address. The answer and the work are the same
 * whether there is one, there is none, or it is closed: then the letter is written to nobody.
 *
 * @returns the value of an "outbox" token for the letter, for who sits at the machine itself.
 * @throws {AppError} `invalid` of "email"; `rate_limited`, by address and by network.
 */
export async function askForLink(
  app: App,
  { letter, email, address, next }: AskedLink,
): Promise<{ outboxToken: string | null }> {
  const to = addressKey(parseAddress(email).address);
  const asker = networkOf(address);
  await countTries(app, [
    { limit: networkLetters, who: asker },
    { limit: askerLetters, who: `${asker} ${to}` },
    { limit: letter === "reset" ? addressResets : addressSignIns, who: to },
  ]);
  const network = await networkHash(app, address);
  const outboxId = await transact(app, async (tx) => {
    const holder = await provenHolder(app, tx, to);
    const account = holder && isOpen(holder) ? holder : null;
    const { id: subject, epoch } = account ?? NOBODY;
    const token = { purpose: letter, subject, epoch, lifeMs: LINK_MS[letter] };
    const tokenId = letter === "reset"
      ? await issueNewest(app, tx, { ...token, address: to })
      : await issueToken(app, tx, token);
    if (account !== null && letter === "reset") {
      const line = { act: "reset_asked", about: account.id, facts: { network } } as const;
      await auditSeldom(app, tx, line, account.id);
    }
    const payload = { accountId: subject, letter, tokenId, next };
    const shown = sitsAtMachine(app, address) ? { lifeMs: LINK_MS[letter] } : null;
    return await writeLetter(app, tx, payload, shown);
  });
  return { outboxToken: outboxId && await tokenValue(app, "outbox", outboxId) };
}

/** No account has this id: its letters are cancelled. */
const NOBODY = { id: "nobody", epoch: 0 };

/** Whose account a link opens, for the page that it shows. @throws {AppError} `not_found`. */
export async function peekLink(
  app: App,
  letter: OpeningLetter,
  value: string,
): Promise<Account> {
  const token = await peekToken(app, letter, value);
  return opened(token, await read(app, keys.account(token.subject)));
}

/** Uses a link up, if the commit goes through; else as `peekLink`. */
export async function useLink(
  app: App,
  tx: Tx,
  letter: OpeningLetter,
  value: string,
): Promise<Account> {
  const token = await useToken(app, tx, letter, value);
  return opened(token, await tx.get(keys.account(token.subject)));
}

/** The account, if nothing has ended its sessions since the link was made. */
function opened({ epoch }: Token, account: Account | null): Account {
  if (account === null || account.epoch !== epoch || !isOpen(account)) throw linkNotFound();
  return account;
}
