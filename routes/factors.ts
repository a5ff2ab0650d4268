import { z } from "zod";
import type { App } from "../core/app.ts";
import {
  type Added,
  addTotp,
  type FactorOwner,
  makeCodes,
  removeFactor,
} from "../domain/factors/factor_change.ts";
import { factorsOf } from "../domain/factors/factors.ts";
import { addPasskey, passkeyOffer } from "../domain/factors/passkeys.ts";
import { offerTotp } from "../domain/factors/totp.ts";
import type { Account } from "../kv/schema.ts";
import { setSessionCookie } from "./cookies.ts";
import { code } from "./factor_bodies.ts";
import { NewPasskeyBody } from "./passkey_body.ts";
import { proved } from "./proof.ts";
import { body, createRouter, type Ctx, me } from "./router.ts";
import { placeOf } from "./session.ts";

const TotpBody = z.strictObject({ offer: z.string().max(200), code });
const PasskeyBody = z.strictObject({
  name: z.string().max(200).optional(),
  credential: NewPasskeyBody,
});

/** Who asks, and in which browser. */
export const ownerOf = (c: Ctx): FactorOwner => ({ account: me(c), ...placeOf(c) });

/** Gives the browser the session that took the place of its own, if one did. */
export function keepSession(app: App, c: Ctx, { started }: Added): void {
  if (started !== null) setSessionCookie(app, c, { ...started, account: me(c) });
}

/** /api/me/factors, behind `signedIn`: what is asked for beside the password. */
export const ownFactors = (app: App) => {
  const sure = proved(app);
  const answer = (c: Ctx, added: Added) => {
    keepSession(app, c, added);
    return c.json({ codes: added.codes }, 201);
  };
  return createRouter()
    .get("/", async (c) => c.json(await factorsJson(app, me(c))))
    .post("/totp/offer", sure, async (c) => c.json(await offerTotp(app, me(c))))
    .post("/totp", sure, body(TotpBody), async (c) => {
      return answer(c, await addTotp(app, ownerOf(c), c.req.valid("json")));
    })
    .delete("/totp", sure, async (c) => {
      await removeFactor(app, me(c), { totp: true });
      return c.body(null, 204);
    })
    .post("/passkeys/options", sure, async (c) => c.json(await passkeyOffer(app, me(c))))
    .post("/passkeys", sure, body(PasskeyBody), async (c) => {
      return answer(c, await addPasskey(app, ownerOf(c), c.req.valid("json")));
    })
    .delete("/passkeys/:id", sure, async (c) => {
      await removeFactor(app, me(c), { passkey: c.req.param("id") });
      return c.body(null, 204);
    })
    .post("/codes", sure, async (c) => c.json({ codes: await makeCodes(app, me(c)) }, 201));
};

async function factorsJson(app: App, { id }: Account) {
  const { totp, passkeys, codes } = await factorsOf(app, id);
  const iso = (at: number | null) => at === null ? null : new Date(at).toISOString();
  return {
    totp: totp && { addedAt: iso(totp.addedAt) },
    passkeys: passkeys.map(({ id, name, addedAt, usedAt }) => ({
      id,
      name,
      addedAt: iso(addedAt),
      usedAt: iso(usedAt),
    })),
    codesLeft: codes.length,
  };
}
