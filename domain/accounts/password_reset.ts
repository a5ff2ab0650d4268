import type { App } from "../../core/app.ts";
import { transact } from "../../kv/transact.ts";
import { peekLink, useLink } from "./account_links.ts";
import { writeLetter } from "./account_letters.ts";
import { audit } from "../admin/audit.ts";
import { requireGoodPassword } from "./password_policy.ts";
import { hashPassword } from "./passwords.ts";
import { withPassword } from "./set_password.ts";
import { endAllSessions } from "./session_end.ts";
import { resetsJudged } from "./sign_in_limits.ts";
import { countTries } from "./tries.ts";

/**
 * Sets a password by the link of a letter, ends every session and tells the owner by mail. Nobody is
 * signed in by it: the link may have been read by another.
 *
 * @throws {AppError} `not_found` for a link that does not work; `invalid` of "password"; `rate_limited`
 *   after many.
 */
export async function resetPassword(
  app: App,
  { token, password }: { token: string; password: string },
): Promise<void> {
  const owner = await peekLink(app, "reset", token);
  await countTries(app, [{ limit: resetsJudged, who: owner.id }]);
  await requireGoodPassword(password, owner);
  const hashed = await hashPassword(password);
  await transact(app, async (tx) => {
    const account = await useLink(app, tx, "reset", token);
    const { id } = await endAllSessions(
      app,
      tx,
      withPassword(account, { password, hashed }),
    );
    await writeLetter(app, tx, { accountId: id, letter: "password_changed" });
    await audit(app, tx, { act: "password_reset", by: id, about: id });
  });
}
