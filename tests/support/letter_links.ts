import { issueToken, tokenHash } from "../../domain/accounts/tokens.ts";
import type { Payload } from "../../jobs/catalog.ts";
import { keys } from "../../kv/keys.ts";
import type { Account, TokenPurpose } from "../../kv/schema.ts";
import { transact } from "../../kv/transact.ts";
import type { TestApp } from "./app.ts";

const HOUR_MS = 3_600_000;

const purposes: Partial<Record<Payload<"email_account">["letter"], TokenPurpose>> = {
  activate: "activate",
  reset: "reset",
  sign_in: "sign_in",
  email_change: "email_change",
  email_asked: "email_keep",
  email_changed: "email_keep",
};

/** A link that works, for a letter that is about one. @returns the id of its token. */
export async function liveLink(
  { app }: Pick<TestApp, "app">,
  letter: Payload<"email_account">["letter"],
  { id, email, epoch, verified }: Account,
): Promise<string | undefined> {
  const purpose = purposes[letter];
  if (purpose === undefined) return;
  return await transact(app, async (tx) => {
    const tokenId = await issueToken(app, tx, { purpose, subject: id, epoch, lifeMs: HOUR_MS });
    const hash = await tokenHash(app, purpose, tokenId);
    const until = app.clock.now() + HOUR_MS;
    if (purpose === "email_change") {
      const asked = { address: `new.${email}`, hash, until };
      tx.set(keys.emailChange(id), { asked, kept: [] });
    }
    if (purpose === "email_keep") {
      const kept = [{ address: email, hash, until, verified }];
      tx.set(keys.emailChange(id), { asked: null, kept });
    }
    return tokenId;
  });
}
